"""What expires leaves a tombstone, what is in use stays, and what somebody left unfinished is found again."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from secretary.jobs import new_id
from secretary.store import Left, Store
from secretary.store.jobs import Idempotency
from tests.store.made import add, claim, found

DAY = 86_400.0


async def ended(store: Store, count: int = 1, **columns: Any) -> list[str]:
    """Jobs that were cancelled two days ago."""
    ids = await add(store, count=count, **columns)
    for job_id in ids:
        assert await store.moves.cancel(job_id)
    await _age(store, "job", "completed_at", ids)
    return ids


async def _age(store: Store, table: str, column: str, ids: list[str]) -> None:
    async with store.database.write() as session:
        for row_id in ids:
            statement = text(f"UPDATE {table} SET {column} = '2020-01-01 00:00:00.000000' WHERE id = :id")
            await session.execute(statement, {"id": row_id})


async def upload(store: Store, name: str = "a.pdf", sha256: str = "aa", owner: str = "ursula") -> str:
    upload_id = new_id("file")
    row = await store.uploads.add(
        {
            "id": upload_id,
            "owner": owner,
            "name": name,
            "media_type": "application/pdf",
            "size": 10,
            "sha256": sha256,
            "stored": upload_id,
        }
    )
    return row.id


async def test_old_ended_jobs_go_and_their_ids_say_so(store: Store):
    old, [young], [waiting] = await ended(store, 3), await add(store), await add(store)
    await store.moves.cancel(young)
    await _age(store, "job", "created_at", [waiting])
    assert await store.gone.expire_jobs(DAY, 2, dry_run=True) == old[:2]
    assert await store.gone.expire_jobs(DAY, 2) == old[:2]
    assert await store.gone.expire_jobs(DAY, 2) == old[2:]
    assert await store.gone.expire_jobs(DAY, 2) == []
    assert set(await store.jobs.get_many([*old, young, waiting])) == {young, waiting}
    assert [await store.gone.expired(job_id, "ursula") for job_id in (*old, young)] == [True, True, True, False]
    assert not await store.gone.expired(old[0], "otto")
    assert [left.id for left in await store.gone.unfinished(10)] == old
    assert await store.gone.unfinished(10, older_than_seconds=60.0) == []


async def test_what_is_left_of_a_job_goes_step_by_step(store: Store):
    [job_id] = await add(store)
    await claim(store, "worker-silent")
    await store.claims.take_back(5.0, delay=0.0)
    await store.moves.cancel(job_id)
    await _age(store, "job", "completed_at", [job_id])
    assert await store.logs.after(job_id) != []
    await store.gone.expire_jobs(DAY, 10)
    await store.gone.remove_lines(job_id)
    assert await store.logs.after(job_id) == []
    await store.gone.finish(job_id)
    assert (await store.gone.unfinished(10), await store.gone.expired(job_id)) == ([], True)
    assert await store.gone.forget(3600.0, 10) == 0
    assert await store.gone.forget(-3600.0, 10) == 1
    assert not await store.gone.expired(job_id)


async def test_the_key_of_an_expired_job_is_free_again(store: Store):
    [job_id] = await ended(store)
    key = Idempotency("once", "hash")
    job = {"id": new_id("job"), "job_type": "noop", "owner": "ursula", "parameters": {}}
    await store.jobs.add("ursula", [job], idempotency=key)
    await store.moves.cancel(str(job["id"]))
    await _age(store, "job", "completed_at", [str(job["id"])])
    assert set(await store.gone.expire_jobs(DAY, 10)) == {job_id, job["id"]}
    assert await store.jobs.earlier("ursula", "once") is None


async def test_a_job_that_is_tried_again_does_not_expire(store: Store):
    [job_id] = await ended(store)
    await store.moves.retry(job_id)
    assert await store.gone.expire_jobs(DAY, 10) == []
    assert (await found(store, job_id)).status == "pending"


async def test_several_workers_take_each_job_once(store: Store):
    old = await ended(store, 40)
    taken = await asyncio.gather(*(store.gone.expire_jobs(DAY, 10) for _ in range(8)))
    rest = await store.gone.expire_jobs(DAY, 100)
    assert sorted([job_id for some in [*taken, rest] for job_id in some]) == sorted(old)


async def test_a_batch_goes_with_its_last_job(store: Store):
    from secretary.store import NewBatch

    job = {
        "id": new_id("job"),
        "job_type": "noop",
        "owner": "ursula",
        "parameters": {},
        "batch_id": "batch-1",
        "batch_index": 0,
    }
    await store.jobs.add("ursula", [job], batch=NewBatch("batch-1", None))
    await _age(store, "batch", "created_at", ["batch-1"])
    assert await store.gone.expire_batches(DAY, 10) == []
    await store.moves.cancel(str(job["id"]))
    await _age(store, "job", "completed_at", [str(job["id"])])
    assert await store.gone.expire_batches(DAY, 10, dry_run=True) == ["batch-1"]
    assert await store.gone.expire_batches(DAY, 10) == []
    await store.gone.expire_jobs(DAY, 10)
    assert await store.gone.expire_batches(DAY, 10) == ["batch-1"]
    assert (await store.gone.expired("batch-1"), await store.batches.get("batch-1")) == (True, None)


@pytest.mark.parametrize("name", ["a.pdf", "b.pdf"])
async def test_an_upload_that_a_job_waits_for_stays(store: Store, name: str):
    upload_id = await upload(store, name)
    [job_id] = await add(store, upload_id=upload_id)
    await _age(store, "upload", "touched_at", [upload_id])
    assert await store.uploads.expire(DAY, 10) == []
    await store.moves.cancel(job_id)
    assert await store.uploads.expire(DAY, 10, dry_run=True) == [(upload_id, 10)]
    assert await store.uploads.expire(DAY, 10) == [(upload_id, 10)]
    assert await store.uploads.find(upload_id, "ursula") is None
    assert (await store.gone.expired(upload_id, "ursula"), await store.gone.expired(upload_id, "otto")) == (True, False)


async def test_shared_bytes_go_with_the_last_upload_of_them(store: Store):
    first, second = await upload(store, "a.pdf"), await upload(store, "b.pdf")
    assert first != second
    await _age(store, "upload", "touched_at", [first])
    assert await store.uploads.expire(DAY, 10) == [(first, 10)]
    assert await store.gone.unfinished(10) == []
    await _age(store, "upload", "touched_at", [second])
    await store.uploads.expire(DAY, 10)
    assert await store.gone.unfinished(10) == [Left(second, first)]


async def test_two_that_share_bytes_and_go_together_leave_one_thing_to_remove(store: Store):
    ids = [await upload(store, "a.pdf"), await upload(store, "b.pdf")]
    await _age(store, "upload", "touched_at", ids)
    await store.uploads.expire(DAY, 10)
    [left] = await store.gone.unfinished(10)
    assert (left.id in ids, left.stored) == (True, ids[0])


async def test_bytes_sent_again_at_the_moment_they_expire_are_kept_or_new_and_never_lost(store: Store):
    for number in range(10):
        old = await upload(store, "a.pdf", sha256=str(number))
        await _age(store, "upload", "touched_at", [old])
        new, _ = await asyncio.gather(upload(store, "a.pdf", sha256=str(number)), store.uploads.expire(DAY, 10))
        row = await store.uploads.find(new, "ursula")
        assert row is not None
        removed = {left.stored for left in await store.gone.unfinished(100)}
        assert row.stored not in removed


async def test_sending_or_using_an_upload_lets_it_expire_later(store: Store):
    upload_id = await upload(store)
    for touch in (lambda: store.uploads.touch([upload_id]), lambda: upload(store)):
        await _age(store, "upload", "touched_at", [upload_id])
        await touch()
        assert await store.uploads.expire(DAY, 10) == []
