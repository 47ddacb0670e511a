"""Reports are published as they come, within a budget, and written at most once a second."""

import pytest

from secretary.jobs import SEQUENCE_STRIDE, JobStatus
from secretary.progress import ProgressBus
from secretary.runner import reporter as reporter_module
from secretary.runner.reporter import BURST, LOGGED_STEPS, Reporter
from secretary.store import Store
from tests.store.made import add, claim, found


@pytest.fixture
async def reporter(store: Store, bus: ProgressBus) -> Reporter:
    await add(store)
    held, row = await claim(store)
    return Reporter(held, row, store.claims, bus, lambda: None)


async def published(bus: ProgressBus, store: Store) -> tuple[int, str, int]:
    [row] = (await store.jobs.get_many(await _ids(store))).values()
    state = (await bus.snapshots([row.id]))[row.id]
    return state.sequence, state.step, state.percent


async def _ids(store: Store) -> list[str]:
    from secretary.store import JobFilter, PageRequest

    return [row.id for row in (await store.jobs.page(JobFilter(), PageRequest())).rows]


async def test_each_report_is_published_at_once_and_sql_waits(
    reporter: Reporter, bus: ProgressBus, store: Store
) -> None:
    await reporter.report("reading_file", 10, "Reading")
    assert await published(bus, store) == (3, "reading_file", 10)
    assert await reporter.tick()
    [job_id] = await _ids(store)
    assert (await found(store, job_id)).percent == 0


async def test_percent_never_goes_back(reporter: Reporter, bus: ProgressBus, store: Store) -> None:
    await reporter.report("a", 40, "m")
    await reporter.report("b", 20, "m")
    assert await published(bus, store) == (4, "b", 40)
    await reporter.report("b", 500, "m")
    assert await published(bus, store) == (5, "b", 99)


async def test_the_same_state_is_not_told_twice(reporter: Reporter, bus: ProgressBus, store: Store) -> None:
    await reporter.report("a", 40, "m")
    await reporter.report("a", 40, "m")
    assert await published(bus, store) == (3, "a", 40)


async def test_a_flood_of_reports_is_told_as_its_newest_state(
    reporter: Reporter, bus: ProgressBus, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1000):
        await reporter.report("talking", number // 10, f"report {number}")
    assert reporter.sequence <= 2 + BURST + 40
    assert reporter.sequence < 2 + SEQUENCE_STRIDE
    monkeypatch.setattr(reporter_module, "WRITE_SECONDS", 0.0)
    assert await reporter.tick()
    monkeypatch.setattr(reporter, "_budget", 5.0)
    assert await reporter.tick()
    sequence, _, percent = await published(bus, store)
    assert (sequence, percent) == (reporter.sequence, 99)


async def test_a_cancel_is_newer_than_every_report_published_before(
    reporter: Reporter, bus: ProgressBus, store: Store
) -> None:
    for number in range(400):
        await reporter.report(f"step {number}", 1, "each a new step, told at once")
    [job_id] = await _ids(store)
    cancelled = await store.moves.cancel(job_id)
    assert cancelled is not None
    assert cancelled.sequence > (await bus.snapshots([job_id]))[job_id].sequence


async def test_writes_of_a_lost_claim_say_so(reporter: Reporter, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    [job_id] = await _ids(store)
    await store.moves.cancel(job_id)
    await reporter.report("a", 40, "m")
    monkeypatch.setattr(reporter_module, "WRITE_SECONDS", 0.0)
    assert not await reporter.tick()
    row = await found(store, job_id)
    assert (row.status, row.percent) == (JobStatus.CANCELLED, 0)


async def test_the_log_tells_each_step_once_as_it_begins(
    reporter: Reporter, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter_module, "WRITE_SECONDS", 0.0)
    for step, message in (("reading", "Page 1"), ("reading", "Page 2"), ("writing", "Writing"), ("reading", "Page 3")):
        await reporter.report(step, 10, message)
    assert await reporter.tick()
    [job_id] = await _ids(store)
    assert [(line.level, line.message) for line in await store.logs.after(job_id)] == [
        ("info", "reading: Page 1"),
        ("info", "writing: Writing"),
    ]


async def test_a_step_for_each_item_does_not_flood_the_log(reporter: Reporter) -> None:
    for number in range(200):
        await reporter.report(f"item {number}", 10, "m")
    assert len(reporter.take_lines()) == LOGGED_STEPS
