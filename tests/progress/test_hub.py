"""The hub hands news to those who watch; what gets lost on the way is read again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from secretary.jobs import JobStatus, Progress
from secretary.progress import Hub, Mailbox, ProgressBus
from secretary.progress import hub as hub_module

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STATE = Progress("job-1", 1, 1, JobStatus.PROCESSING, "step", 0, None, NOW, "ursula", "noop", "batch-1")


def state(sequence: int, *, job_id: str = "job-1") -> Progress:
    return replace(STATE, sequence=sequence, job_id=job_id, percent=min(sequence, 100))


class Rows:
    """The database as the hub reads it."""

    def __init__(self) -> None:
        self.states: dict[str, Progress] = {}

    async def read(self, job_ids: Sequence[str]) -> dict[str, Progress]:
        return {job_id: self.states[job_id] for job_id in job_ids if job_id in self.states}

    async def changed(self, within_seconds: float) -> list[Progress]:
        assert within_seconds > 0
        return list(self.states.values())


@pytest.fixture
async def redis(clean_valkey_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(clean_valkey_url)
    yield client
    await client.aclose()


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
async def hub(redis: Redis, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    monkeypatch.setattr(hub_module, "NET_SECONDS", 0.3)
    made = Hub(ProgressBus(redis), rows.read, rows.changed)
    running = asyncio.create_task(made.run())
    while not await redis.pubsub_numpat():
        await asyncio.sleep(0.01)
    yield made
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def take(mailbox: Mailbox, seconds: float = 3.0) -> list[Progress]:
    async with asyncio.timeout(seconds):
        while not (taken := await mailbox.take()):
            pass
        return taken


async def test_a_watcher_gets_what_is_published_about_its_job_only(hub: Hub, redis: Redis) -> None:
    bus = ProgressBus(redis)
    with hub.job("job-1") as mailbox:
        await bus.publish(state(1, job_id="job-2"))
        await bus.publish(state(2))
        assert await take(mailbox) == [state(2)]


async def test_what_is_not_newer_is_not_published(hub: Hub, redis: Redis) -> None:
    bus = ProgressBus(redis)
    with hub.job("job-1") as mailbox:
        for sequence in (5, 3, 5, 6):
            await bus.publish(state(sequence))
        received: list[int] = []
        while 6 not in received:
            received += [progress.sequence for progress in await take(mailbox)]
    assert received == [5, 6]
    assert (await bus.snapshots(["job-1", "job-9"])) == {"job-1": state(6)}


async def test_once_a_job_was_ended_from_outside_no_older_report_is_told_any_more(hub: Hub, redis: Redis) -> None:
    bus = ProgressBus(redis)
    with hub.job("job-1") as mailbox:
        await bus.publish(state(5))
        assert await take(mailbox) == [state(5)]
        assert await bus.sealed({"job-1": 105, "job-9": 7}) == {"job-1": state(5)}
        await bus.publish(state(6))
        await bus.publish(state(105))
        assert await take(mailbox) == [state(105)]
    assert await bus.sealed({"job-1": 105}) == {"job-1": state(105)}
    assert await bus.snapshots(["job-1", "job-9"]) == {"job-1": state(105)}


async def test_a_lost_message_is_made_up_from_the_database(hub: Hub, rows: Rows) -> None:
    with hub.job("job-1") as mailbox:
        rows.states["job-1"] = state(9)
        assert await take(mailbox) == [state(9)]


async def test_a_lost_connection_is_made_again_and_what_was_missed_is_read(hub: Hub, redis: Redis, rows: Rows) -> None:
    with hub.job("job-1") as mailbox:
        rows.states["job-1"] = state(4)
        await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        assert (await take(mailbox))[-1] == state(4)
        while not await redis.pubsub_numpat():
            await asyncio.sleep(0.01)
        await ProgressBus(redis).publish(state(5))
        while (await take(mailbox))[-1].sequence != 5:
            pass
    assert hub.reconnections >= 1


async def test_watchers_of_a_deleted_job_are_woken(hub: Hub) -> None:
    with hub.job("job-gone") as mailbox:
        async with asyncio.timeout(3):
            assert await mailbox.take() == []


async def test_batches_logs_and_lists_hear_of_a_change(hub: Hub, redis: Redis) -> None:
    with hub.batch("batch-1") as batch, hub.logs("job-1") as logs, hub.every_job() as every:
        assert hub.watchers == 3
        await ProgressBus(redis).publish(state(2))
        async with asyncio.timeout(3):
            assert await batch.take() == []
            assert await logs.take() == []
            assert await every.take() == [state(2)]
    assert hub.watchers == 0


async def test_a_list_gets_from_the_database_what_was_not_published(hub: Hub, rows: Rows) -> None:
    with hub.every_job() as every:
        rows.states["job-1"] = state(3)
        assert await take(every) == [state(3)]


async def test_the_hub_goes_on_after_something_unforeseen(
    hub: Hub, redis: Redis, rows: Rows, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(job_ids: Sequence[str]) -> dict[str, Progress]:
        raise ZeroDivisionError

    with hub.job("job-1") as mailbox, monkeypatch.context() as patch:
        patch.setattr(hub, "_read_states", broken)
        while "something unforeseen" not in caplog.text:
            await asyncio.sleep(0.02)
        patch.undo()
        rows.states["job-1"] = state(8)
        assert (await take(mailbox))[-1] == state(8)


async def test_a_message_that_is_not_ours_is_dropped(hub: Hub, redis: Redis) -> None:
    with hub.job("job-1") as mailbox:
        await redis.publish("secretary:job:job-1", "no progress at all")
        await redis.publish("secretary:job:job-1", '{"job_id": 1}')
        await ProgressBus(redis).publish(state(2))
        assert await take(mailbox) == [state(2)]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=200))
def test_a_full_mailbox_always_keeps_the_newest(sequences: list[int]) -> None:
    async def fill() -> list[Progress]:
        mailbox = Mailbox(16)
        for sequence in sequences:
            mailbox.offer(state(sequence))
        return await mailbox.take()

    taken = asyncio.run(fill())
    assert [progress.sequence for progress in taken] == sequences[-16:]


async def test_a_list_keeps_the_newest_state_of_each_job() -> None:
    mailbox = Mailbox(10, newest_per_job=True)
    for sequence in range(1, 50):
        mailbox.offer(state(sequence, job_id=f"job-{sequence % 2}"))
    assert sorted(progress.sequence for progress in await mailbox.take()) == [48, 49]


@given(st.permutations(range(1, 20)))
def test_a_list_keeps_the_newest_state_in_whatever_order_they_come(sequences: list[int]) -> None:
    async def fill() -> list[Progress]:
        mailbox = Mailbox(10, newest_per_job=True)
        for sequence in sequences:
            mailbox.offer(state(sequence))
        return await mailbox.take()

    assert asyncio.run(fill()) == [state(19)]


async def test_what_the_net_reads_hides_nothing_newer_from_a_list(hub: Hub, redis: Redis, rows: Rows) -> None:
    with hub.every_job() as every, hub.every_job() as witness:
        rows.states["job-1"] = state(3)
        await ProgressBus(redis).publish(state(9))
        while state(9) not in await witness.take():
            pass
        assert await take(witness) == [state(3)]
        assert await take(every) == [state(9)]


@given(st.integers(0, 2**31 - 1), st.integers(0, 100), st.text(), st.one_of(st.none(), st.text()))
def test_progress_survives_its_way_through_json(sequence: int, percent: int, step: str, message: str | None) -> None:
    progress = replace(STATE, sequence=sequence, percent=percent, step=step, message=message)
    assert Progress.from_json(progress.to_json()) == progress
