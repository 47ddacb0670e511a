"""Adding, finding and listing jobs."""

import pytest
from sqlalchemy.orm.exc import DetachedInstanceError

from secretary.jobs import JobStatus, new_id
from secretary.store import Cursor, InvalidCursor, JobFilter, Left, NewBatch, PageRequest, Store
from secretary.store.jobs import Idempotency
from tests.store.made import add, claim, found


async def test_another_owners_job_is_not_there(store: Store) -> None:
    [job_id] = await add(store, owner="ursula")
    assert await store.jobs.get(job_id, "otto") is None
    assert await store.jobs.get(job_id, "ursula") is not None
    assert await store.jobs.get(job_id, None) is not None


async def test_pages_neither_skip_nor_repeat_when_jobs_come_and_go(store: Store) -> None:
    old = await add(store, count=7)
    first = await store.jobs.page(JobFilter(), PageRequest(size=3))
    await add(store)
    await store.gone.delete_job(first.rows[0].id)
    last = first.rows[-1]
    second = await store.jobs.page(JobFilter(), PageRequest(size=10, after=Cursor(last.created_at, last.id)))
    assert [row.id for row in (*first.rows, *second.rows)] == sorted(old, reverse=True)
    assert (first.has_next, second.has_next, second.has_previous) == (True, False, True)


async def test_a_page_from_the_end_is_in_list_order(store: Store) -> None:
    ids = sorted(await add(store, count=5), reverse=True)
    page = await store.jobs.page(JobFilter(), PageRequest(size=2, backward=True))
    assert [row.id for row in page.rows] == ids[3:]
    before = await store.jobs.page(
        JobFilter(), PageRequest(size=2, backward=True, before=Cursor(page.rows[0].created_at, page.rows[0].id))
    )
    assert [row.id for row in before.rows] == ids[1:3]
    assert (before.has_next, before.has_previous) == (True, True)


async def test_lists_leave_results_out_and_say_so(store: Store) -> None:
    await add(store)
    [row] = (await store.jobs.page(JobFilter(), PageRequest())).rows
    with pytest.raises(DetachedInstanceError):
        _ = row.results


async def test_filters_are_exact(store: Store) -> None:
    [named] = await add(store, name="Report 50% of Ärzte")
    await add(store, name="Report 500")
    [other] = await add(store, owner="otto")
    await store.moves.cancel(other)

    async def ids(wanted: JobFilter) -> list[str]:
        return [row.id for row in (await store.jobs.page(wanted, PageRequest())).rows]

    assert await ids(JobFilter(name_contains="50%")) == [named]
    assert await ids(JobFilter(owner="otto")) == [other]
    assert await ids(JobFilter(statuses=frozenset({JobStatus.CANCELLED}))) == [other]
    assert await ids(JobFilter(statuses=frozenset())) == []
    assert await ids(JobFilter(job_type="pdf")) == []
    assert await store.jobs.count(JobFilter(owner="ursula")) == 2


async def test_an_idempotency_key_adds_once_per_owner(store: Store) -> None:
    async def create(owner: str, request_hash: str) -> object:
        job = {"id": new_id("job"), "job_type": "noop", "owner": owner, "parameters": {}}
        return await store.jobs.add(owner, [job], idempotency=Idempotency("the-key", request_hash))

    assert await create("ursula", "a") is None
    earlier = await create("ursula", "b")
    assert earlier is not None
    assert await create("otto", "a") is None
    assert await store.jobs.count(JobFilter()) == 2


async def test_a_batch_is_added_whole_or_not_at_all(store: Store) -> None:
    batch = NewBatch(new_id("batch"), "mine")
    twice = new_id("job")
    jobs = [
        {"id": twice, "job_type": "noop", "owner": "ursula", "parameters": {}, "batch_id": batch.id, "batch_index": n}
        for n in range(2)
    ]
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        await store.jobs.add("ursula", jobs, batch=batch)
    assert await store.jobs.count(JobFilter()) == 0
    assert await store.batches.get(batch.id) is None


async def test_a_batch_sums_up_its_jobs(store: Store) -> None:
    batch = NewBatch(new_id("batch"), None)
    jobs = [
        {
            "id": new_id("job"),
            "job_type": "noop",
            "owner": "u",
            "parameters": {},
            "batch_id": batch.id,
            "batch_index": n,
        }
        for n in range(4)
    ]
    await store.jobs.add("u", jobs, batch=batch)
    state = (await store.batches.states([batch.id]))[batch.id]
    assert (state.status, state.percent) == (JobStatus.PENDING, 0.0)
    held, _ = await claim(store)
    await store.claims.record(held, {"percent": 40})
    state = (await store.batches.states([batch.id]))[batch.id]
    assert (state.status, state.percent) == (JobStatus.PROCESSING, 10.0)
    await store.claims.complete(held, {})
    await store.moves.cancel_batch(batch.id)
    state = (await store.batches.states([batch.id]))[batch.id]
    assert (state.status, state.percent) == (JobStatus.COMPLETED, 100.0)
    assert (state.counts.completed, state.counts.cancelled, state.counts.total) == (1, 3, 4)


async def test_a_retry_starts_over_with_all_its_attempts(store: Store) -> None:
    [job_id] = await add(store)
    held, _ = await claim(store)
    await store.claims.fail(held, {"sequence": 5, "error_code": "CRASHED", "percent": 30})
    assert await store.moves.cancel(job_id) is None
    retried = await store.moves.retry(job_id)
    assert retried is not None
    assert (retried.status, retried.attempt, retried.percent, retried.sequence) == (JobStatus.PENDING, 0, 0, 6)
    assert (retried.error_code, retried.completed_at) == (None, None)
    assert await store.moves.retry(job_id) is None


async def test_deleting_removes_the_job_and_its_log(store: Store) -> None:
    [job_id] = await add(store)
    await claim(store, "worker-silent")
    await store.claims.take_back(5.0, delay=0.0)
    assert await store.gone.delete_job(job_id)
    assert not await store.gone.delete_job(job_id)
    assert await store.jobs.get(job_id) is None
    assert await store.gone.unfinished(10) == [Left(job_id, None)]
    await store.gone.remove_lines(job_id)
    assert await store.logs.after(job_id) == []
    await store.gone.finish(job_id)
    assert (await store.gone.unfinished(10), await store.gone.expired(job_id)) == ([], False)


async def test_instants_come_back_aware_and_due_jobs_are_counted(store: Store) -> None:
    [job_id] = await add(store)
    row = await found(store, job_id)
    assert row.created_at.utcoffset() is not None
    assert await store.jobs.due("default") == 1
    assert await store.jobs.due("default", older_than=60.0) == 0


@pytest.mark.parametrize("text", ["", "x", "e30", "WzEsMl0", "bm90IGpzb24", "ä", "WyIyMDI2LTAxLTAxIiwgImEiXQ"])
def test_a_cursor_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        Cursor.decode(text)
