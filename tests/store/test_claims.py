"""The claim is one conditional UPDATE, and every later write of an attempt is fenced by it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from secretary.errors import ErrorCode
from secretary.jobs import SEQUENCE_STRIDE, JobStatus
from secretary.store import LogLine, Store
from tests.store.made import add, claim, found


async def test_a_claim_starts_an_attempt(store: Store) -> None:
    [job_id] = await add(store)
    held, row = await claim(store)
    assert (held.job_id, held.attempt) == (job_id, 1)
    assert (row.status, row.attempt, row.worker_id, row.sequence) == (JobStatus.PROCESSING, 1, "worker-1", 2)
    assert (row.step, row.percent) == ("initializing", 0)
    assert row.started_at is not None
    assert await store.claims.held_by("worker-1") == {held.token}


async def test_nothing_due_is_no_claim(store: Store) -> None:
    assert await store.claims.claim("default", "worker-1") is None
    await add(store, queue="other")
    assert await store.claims.claim("default", "worker-1") is None


async def test_the_highest_priority_comes_first_then_the_one_due_longest(store: Store) -> None:
    [low] = await add(store, priority=-1)
    [first] = await add(store)
    [second] = await add(store)
    [high] = await add(store, priority=5)
    assert [(await claim(store))[0].job_id for _ in range(4)] == [high, first, second, low]


async def test_workers_racing_for_jobs_claim_each_once(store: Store) -> None:
    ids = await add(store, count=30)
    claimed = await asyncio.gather(*(store.claims.claim("default", f"worker-{n}") for n in range(40)))
    taken = [held.job_id for held, _ in filter(None, claimed)]
    assert sorted(taken) == sorted(ids)


async def test_a_write_without_the_token_changes_nothing(store: Store) -> None:
    [job_id] = await add(store)
    held, _ = await claim(store)
    line = LogLine(datetime.now(UTC), "info", "a zombie was here")
    for zombie in (replace(held, token="0" * 32), replace(held, attempt=2), replace(held, job_id="job-of-nobody")):
        assert not await store.claims.record(zombie, {"percent": 50}, [line])
        assert not await store.claims.complete(zombie, {"results": {"made": "up"}}, [line])
        assert not await store.claims.fail(zombie, {}, [line])
        assert not await store.claims.give_back(zombie, 9, delay=0.0, lines=[line])
    row = await found(store, job_id)
    assert (row.status, row.percent, row.results, row.sequence) == (JobStatus.PROCESSING, 0, None, 2)
    assert await store.logs.after(job_id) == []


async def test_the_end_of_an_attempt_is_written_once(store: Store) -> None:
    [job_id] = await add(store)
    held, _ = await claim(store)
    line = LogLine(datetime.now(UTC), "info", "Completed")
    assert await store.claims.complete(held, {"percent": 100, "sequence": 3, "results": {"n": 1}}, [line])
    assert not await store.claims.complete(held, {"results": {"n": 2}}, [line])
    row = await found(store, job_id)
    assert (row.status, row.results, row.worker_id, row.claim_token) == (JobStatus.COMPLETED, {"n": 1}, None, None)
    assert row.completed_at is not None
    assert [line.message for line in await store.logs.after(job_id)] == ["Completed"]


async def test_a_cancelled_job_is_no_longer_its_workers(store: Store) -> None:
    [job_id] = await add(store)
    held, _ = await claim(store)
    assert await store.claims.record(held, {"sequence": 7})
    cancelled = await store.moves.cancel(job_id)
    assert cancelled is not None
    assert (cancelled.status, cancelled.sequence) == (JobStatus.CANCELLED, 7 + SEQUENCE_STRIDE)
    assert not await store.claims.complete(held, {})
    assert await store.claims.held_by("worker-1") == set()


async def test_a_job_given_back_waits_for_its_delay(store: Store) -> None:
    [job_id] = await add(store)
    held, _ = await claim(store)
    assert await store.claims.give_back(held, 3, delay=0.3)
    assert await store.claims.claim("default", "worker-1") is None
    await asyncio.sleep(0.35)
    again, row = await claim(store)
    assert (again.job_id, again.attempt, row.sequence) == (job_id, 2, 4)
    assert again.token != held.token


async def test_an_attempt_that_was_not_the_jobs_fault_does_not_count(store: Store) -> None:
    await add(store)
    held, _ = await claim(store)
    assert await store.claims.give_back(held, 3, delay=0.0, uncount=True)
    again, _ = await claim(store)
    assert again.attempt == 1
    assert not await store.claims.record(held, {"percent": 99})


async def test_jobs_of_living_workers_are_not_taken_back(store: Store) -> None:
    await add(store)
    await store.workers.renew("worker-1", host="here", pid=1)
    held, _ = await claim(store)
    assert await store.claims.take_back(5.0, delay=0.0) == []
    assert await store.claims.record(held, {"percent": 1})


async def test_a_silent_workers_job_is_pending_again_and_at_its_last_attempt_failed(store: Store) -> None:
    [job_id] = await add(store, max_attempts=2)
    held, _ = await claim(store, "worker-silent")
    [taken] = await store.claims.take_back(5.0, delay=0.0)
    assert (taken.id, taken.status, taken.sequence) == (job_id, JobStatus.PENDING, 2 + SEQUENCE_STRIDE)
    assert (taken.percent, taken.error_code) == (0, None)
    assert not await store.claims.complete(held, {"results": {"made": "by a zombie"}})
    await claim(store, "worker-silent")
    [taken] = await store.claims.take_back(5.0, delay=0.0)
    assert (taken.status, taken.error_code) == (JobStatus.FAILED, ErrorCode.WORKER_LOST)
    assert taken.completed_at is not None
    levels = [line.level for line in await store.logs.after(job_id)]
    assert levels == ["warning", "error"]


async def test_sweepers_racing_take_a_job_back_once(store: Store) -> None:
    await add(store, count=5)
    for _ in range(5):
        await claim(store, "worker-silent")
    taken = await asyncio.gather(*(store.claims.take_back(5.0, delay=0.0) for _ in range(6)))
    assert sorted(len(rows) for rows in taken) == [0, 0, 0, 0, 0, 5] or sum(map(len, taken)) == 5
