"""Equal subscriptions share one execution: what each follower is told, whenever it joins and however slowly it reads."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.graphql import broadcasts as module
from secretary.graphql import subscribers
from secretary.graphql.broadcasts import Broadcasts
from secretary.graphql.operations import Kind, Told
from secretary.graphql.subscribers import WAITING, Subscriber
from secretary.graphql.subscriptions import SHARING, Sharing, Subscription

COMPLETE = Told(Kind.COMPLETE, "", 0.0)


def state(number: int) -> Told:
    return Told(Kind.NEXT, f"state {number}", monotonic(), number)


def line(number: int) -> Told:
    return Told(Kind.NEXT, f"line {number}", monotonic())


class Stage:
    """Executions whose results the test gives, one by one."""

    def __init__(self) -> None:
        self.broadcasts = Broadcasts()
        self.results: list[asyncio.Queue[Told]] = []
        self.left = 0

    async def source(self) -> AsyncIterator[Told]:
        results: asyncio.Queue[Told] = asyncio.Queue()
        self.results.append(results)
        try:
            while True:
                yield await results.get()
        finally:
            self.left += 1

    def join(self, sharing: Sharing, key: str = "key") -> Subscriber:
        subscriber = Subscriber(lambda: None)
        self.broadcasts.join((key,), sharing, self.source, subscriber)
        return subscriber

    async def begun(self, executions: int) -> None:
        async with asyncio.timeout(5):
            while len(self.results) < executions:
                await asyncio.sleep(0)

    async def tell(self, *told: Told, execution: int = 0) -> None:
        await self.begun(execution + 1)
        for each in told:
            self.results[execution].put_nowait(each)
        await settled()


async def settled() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


def taken(subscriber: Subscriber) -> list[str]:
    payloads = []
    while subscriber.waiting:
        told = subscriber.take()
        payloads.append(told.payload if told.kind is Kind.NEXT else told.kind.value)
    return payloads


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_equal_ones_are_executed_once_and_others_apart(stage: Stage) -> None:
    first, second, other = stage.join(Sharing.NEWEST), stage.join(Sharing.NEWEST), stage.join(Sharing.NEWEST, "other")
    await stage.tell(state(1))
    await stage.tell(state(7), execution=1)
    assert (taken(first), taken(second), taken(other)) == (["state 1"], ["state 1"], ["state 7"])
    assert (len(stage.results), stage.broadcasts.executions, stage.broadcasts.followers) == (2, 2, 3)


async def test_the_execution_ends_with_the_last_who_leaves(stage: Stage) -> None:
    first, second = stage.join(Sharing.NEWEST), stage.join(Sharing.NEWEST)
    await stage.tell(state(1))
    first.leave()
    await settled()
    assert (stage.left, stage.broadcasts.executions) == (0, 1)
    await stage.tell(state(2))
    assert (taken(first), taken(second)) == ([], ["state 1", "state 2"])
    second.leave()
    await settled()
    assert (stage.left, stage.broadcasts.executions, stage.broadcasts.followers) == (1, 0, 0)
    third = stage.join(Sharing.NEWEST)
    await stage.tell(state(3), execution=1)
    assert taken(third) == ["state 3"]


async def test_the_end_and_an_error_reach_all_and_who_comes_after_begins_anew(stage: Stage) -> None:
    for end in (COMPLETE, Told(Kind.ERROR, "[]", 0.0)):
        followers = [stage.join(Sharing.NEWEST) for _ in range(250)]
        await stage.tell(state(1), end, execution=len(stage.results))
        assert stage.broadcasts.executions == 0
        assert [taken(follower) for follower in followers] == [["state 1", end.kind.value]] * 250
    later = stage.join(Sharing.NEWEST)
    await stage.tell(COMPLETE, execution=2)
    assert taken(later) == ["complete"]


async def test_who_joins_late_gets_the_newest_state_and_then_each_later_one(stage: Stage) -> None:
    stage.join(Sharing.NEWEST)
    await stage.tell(state(1), state(2))
    late = stage.join(Sharing.NEWEST)
    await stage.tell(state(3))
    assert taken(late) == ["state 2", "state 3"]
    assert len(stage.results) == 1


async def test_a_state_told_long_ago_is_read_once_more_for_all_who_join_together(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.join(Sharing.NEWEST)
    await stage.tell(state(1))
    monkeypatch.setattr(module, "FRESH_SECONDS", -1.0)
    late = [stage.join(Sharing.NEWEST) for _ in range(3)]
    await settled()
    assert stage.broadcasts.followers == 4
    await stage.tell(state(5), execution=1)
    # What the execution itself tells of it afterwards is known to them already, and new to the first.
    await stage.tell(state(4), state(5), state(6))
    assert taken(first) == ["state 1", "state 4", "state 5", "state 6"]
    assert [taken(each) for each in late] == [["state 5", "state 6"]] * 3
    assert (len(stage.results), stage.left) == (2, 1)


async def test_news_that_come_while_the_state_is_read_again_serve_those_who_wait_for_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.join(Sharing.NEWEST)
    await stage.tell(state(1))
    monkeypatch.setattr(module, "FRESH_SECONDS", -1.0)
    late = stage.join(Sharing.NEWEST)
    await stage.begun(2)
    await stage.tell(state(2))
    assert (taken(late), stage.left) == (["state 2"], 1)
    await stage.tell(state(3))
    assert taken(late) == ["state 3"]


async def test_what_cannot_be_read_again_is_an_error_of_those_who_asked_for_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.join(Sharing.NEWEST)
    await stage.tell(state(1))
    monkeypatch.setattr(module, "FRESH_SECONDS", -1.0)
    late = stage.join(Sharing.NEWEST)
    await stage.tell(Told(Kind.ERROR, "[]", 0.0), execution=1)
    await stage.tell(state(2), COMPLETE)
    assert (taken(late), taken(first)) == (["error"], ["state 1", "state 2", "complete"])


async def test_equal_states_without_numbers_are_told_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.join(Sharing.NEWEST)
    await stage.tell(line(1))
    monkeypatch.setattr(module, "FRESH_SECONDS", -1.0)
    late = stage.join(Sharing.NEWEST)
    await stage.tell(line(2), execution=1)
    await stage.tell(line(2), line(3))
    assert taken(late) == ["line 2", "line 3"]


@given(st.lists(st.integers(0, 3), min_size=100, max_size=400))
def test_a_slow_reader_of_states_skips_some_but_never_the_newest_or_the_end(takes: list[int]) -> None:
    async def follow() -> None:
        stage = Stage()
        slow, fast = stage.join(Sharing.NEWEST), stage.join(Sharing.NEWEST)
        seen: list[str] = []
        seen_fast: list[str] = []
        for number, count in enumerate(takes, 1):
            await stage.tell(state(number))
            seen_fast += taken(fast)
            assert len(slow.waiting) <= WAITING[Sharing.NEWEST]
            seen += [slow.take().payload for _ in range(min(count, len(slow.waiting)) // 2)]
        await stage.tell(COMPLETE)
        seen += taken(slow)
        assert seen_fast == [f"state {number}" for number in range(1, len(takes) + 1)]
        numbers = [int(payload.split()[1]) for payload in seen[:-1]]
        assert numbers == sorted(set(numbers))
        assert seen[-2:] == [f"state {len(takes)}", "complete"]
        assert len(numbers) + slow.dropped == len(takes)
        assert stage.broadcasts.dropped == slow.dropped

    asyncio.run(follow())


async def test_lines_are_all_told_however_late_one_comes(stage: Stage) -> None:
    first = stage.join(Sharing.EVERY)
    await stage.tell(line(1), line(2))
    late = stage.join(Sharing.EVERY)
    await stage.tell(line(3), COMPLETE)
    assert taken(first) == taken(late) == ["line 1", "line 2", "line 3", "complete"]
    assert len(stage.results) == 1


async def test_who_comes_after_many_lines_is_executed_apart(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REPLAYED", 3)
    first = stage.join(Sharing.EVERY)
    await stage.tell(*map(line, range(4)))
    late = stage.join(Sharing.EVERY)
    await stage.tell(*map(line, range(4)), COMPLETE, execution=1)
    assert taken(late) == ["line 0", "line 1", "line 2", "line 3", "complete"]
    assert taken(first) == ["line 0", "line 1", "line 2", "line 3"]


async def test_the_fastest_reader_of_lines_sets_the_pace_and_slower_ones_go_on_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "WAITING", {**WAITING, Sharing.EVERY: 4})
    fast, slow = stage.join(Sharing.EVERY), stage.join(Sharing.EVERY)
    await stage.tell(line(0))
    assert taken(slow) == ["line 0"]
    read = taken(fast)
    for number in range(1, 6):
        await stage.tell(line(number))
        read += taken(fast)
    assert read == [f"line {number}" for number in range(6)]
    # The slow one had room for four more; it goes on from where it is, in an execution of its own that waits for it.
    await stage.tell(*map(line, range(9)), COMPLETE, execution=1)
    assert len(slow.waiting) <= 4
    seen: list[str] = []
    while not seen or seen[-1] != "complete":
        seen += taken(slow)
        await settled()
    assert seen == [*(f"line {number}" for number in range(1, 9)), "complete"]
    await stage.tell(line(6), COMPLETE)
    assert taken(fast) == ["line 6", "complete"]
    await settled()
    assert (stage.broadcasts.executions, stage.broadcasts.dropped) == (0, 0)


async def test_a_single_reader_of_lines_is_waited_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribers, "WAITING", {**WAITING, Sharing.EVERY: 4})
    reader = stage.join(Sharing.EVERY)
    await stage.tell(*map(line, range(100)), COMPLETE)
    seen: list[str] = []
    while not seen or seen[-1] != "complete":
        assert len(reader.waiting) <= 4
        seen += taken(reader)
        await settled()
    assert seen == [*(f"line {number}" for number in range(100)), "complete"]
    assert len(stage.results) == 1


async def test_a_live_list_begins_with_the_joining(stage: Stage) -> None:
    first = stage.join(Sharing.LIVE)
    await stage.tell(line(1))
    late = stage.join(Sharing.LIVE)
    await stage.tell(line(2))
    assert (taken(first), taken(late)) == (["line 1", "line 2"], ["line 2"])


async def test_a_live_list_read_too_slowly_ends_with_an_error_rather_than_with_a_gap(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "WAITING", {**WAITING, Sharing.LIVE: 3})
    slow, fast = stage.join(Sharing.LIVE), stage.join(Sharing.LIVE)
    for number in range(5):
        await stage.tell(line(number))
        assert taken(fast) == [f"line {number}"]
    assert [told.kind for told in slow.waiting] == [Kind.ERROR]
    assert '"code": "RATE_LIMITED"'.replace(" ", "") in slow.waiting[0].payload
    assert taken(slow) == ["error"]
    assert (stage.broadcasts.followers, stage.broadcasts.dropped) == (1, 4)


def test_each_subscription_says_how_it_is_shared() -> None:
    definition = Subscription.__strawberry_definition__  # type: ignore[attr-defined]
    fields = {field.graphql_name or field.python_name for field in definition.fields}
    assert {"".join([first, *map(str.title, rest)]) for first, *rest in (name.split("_") for name in fields)} == set(
        SHARING
    )
