"""The news of an end is written with the end, once for each job and each batch, and not for an end that does not last."""

import asyncio

from secretary.jobs import JobStatus
from secretary.store import Store
from tests.store.made import claim, found
from tests.store.told import HOOK, add_batch, add_told, told, words


async def test_a_job_that_completes_has_one_delivery_due_at_once(store: Store) -> None:
    [job_id] = await add_told(store)
    held, _ = await claim(store)
    ended = await store.claims.complete(held, {"sequence": 3})
    assert ended is not None
    assert ended.deliveries == 1
    [delivery] = await told(store, job_id)
    assert (delivery.row.phase, delivery.row.status, delivery.row.url) == ("completed", "pending", HOOK["url"])
    assert (delivery.row.owner, delivery.row.host, delivery.attempts) == ("ursula", "example.org", [])
    assert await store.deliveries.due() == 1


async def test_a_job_without_a_webhook_has_none(store: Store) -> None:
    [job_id] = await add_told(store, parameters={})
    held, _ = await claim(store)
    ended = await store.claims.complete(held, {"sequence": 3})
    assert ended is not None
    assert ended.deliveries == 0
    assert await told(store, job_id) == []


async def test_a_failure_is_told_with_its_error_only_when_it_is_the_last(store: Store) -> None:
    [job_id] = await add_told(store)
    held, _ = await claim(store)
    assert await store.claims.give_back(held, 5, delay=0.0)
    assert await told(store, job_id) == []
    held, _ = await claim(store)
    error = {"error_code": "INVALID_FILE", "error_message": "No.", "error_details": {"page": 1}}
    assert await store.claims.fail(held, {"sequence": 7, **error})
    [delivery] = await told(store, job_id)
    assert (delivery.row.phase, delivery.row.error) == (
        "error",
        {"code": "INVALID_FILE", "message": "No.", "details": {"page": 1}},
    )


async def test_a_zombies_end_tells_nothing(store: Store) -> None:
    [job_id] = await add_told(store)
    zombie, _ = await claim(store)
    assert await store.claims.give_back(zombie, 5, delay=0.0)
    assert await store.claims.complete(zombie, {}) is None
    assert await store.claims.fail(zombie, {}) is None
    assert await told(store, job_id) == []


async def test_cancelling_a_pending_and_a_running_job_is_told(store: Store) -> None:
    running, pending = await add_told(store, 2)
    await claim(store)
    for job_id in (running, pending):
        assert await store.moves.cancel(job_id)
        [delivery] = await told(store, job_id)
        assert delivery.row.error["code"] == "JOB_CANCELLED"


async def test_a_lost_worker_is_told_of_only_after_the_last_attempt(store: Store) -> None:
    again, last = [(await add_told(store, max_attempts=count))[0] for count in (2, 1)]
    for _ in range(2):
        await claim(store, "a worker that was never alive")
    await store.claims.take_back(8.0, delay=0.0)
    assert await told(store, again) == []
    [delivery] = await told(store, last)
    assert delivery.row.error["code"] == "WORKER_LOST"


async def test_a_retry_overtakes_what_was_not_told_and_its_end_is_told_anew(store: Store) -> None:
    [job_id] = await add_told(store)
    await store.moves.cancel(job_id)
    await store.moves.retry(job_id)
    assert await words(store, job_id) == ["error superseded"]
    assert await store.deliveries.due() == 0
    held, _ = await claim(store)
    await store.claims.complete(held, {})
    assert await words(store, job_id) == ["error superseded", "completed pending"]


async def test_deleting_a_job_removes_what_was_to_be_told_of_it(store: Store) -> None:
    job_id, other = await add_told(store, 2)
    for one in (job_id, other):
        await store.moves.cancel(one)
    assert await store.gone.delete_job(job_id)
    assert await told(store, job_id) == []
    assert await store.deliveries.due() == 1


async def test_a_batch_is_told_of_once_when_its_last_job_ends(store: Store) -> None:
    batch_id, _ = await add_batch(store, 3)
    ends = []
    for _ in range(3):
        held, _ = await claim(store)
        assert await told(store, batch_id) == []
        ended = await store.claims.complete(held, {})
        assert ended is not None
        ends.append(ended.deliveries)
    assert ends == [0, 0, 1]
    assert await words(store, batch_id) == ["completed pending"]


async def test_jobs_that_end_at_the_same_moment_tell_of_their_batch_once(store: Store) -> None:
    for _ in range(5):
        batch_id, _ = await add_batch(store, 4)
        held = [(await claim(store))[0] for _ in range(4)]
        ends = await asyncio.gather(*(store.claims.complete(one, {}) for one in held))
        assert sum(ended.deliveries for ended in ends if ended) == 1
        assert await words(store, batch_id) == ["completed pending"]


async def test_a_batch_cancelled_while_its_jobs_end_is_told_of_once(store: Store) -> None:
    for _ in range(5):
        batch_id, jobs = await add_batch(store, 4)
        held = [(await claim(store))[0] for _ in range(2)]
        work = [store.claims.fail(one, {}) for one in held]
        await asyncio.gather(*work, store.moves.cancel_batch(batch_id))
        assert all([(await found(store, job_id)).status.ended for job_id in jobs])
        assert await words(store, batch_id) == ["error pending"]


async def test_a_batch_of_which_no_job_completed_is_told_of_as_an_error(store: Store) -> None:
    batch_id, jobs = await add_batch(store, 2)
    held, row = await claim(store)
    await store.claims.fail(held, {"error_code": "INVALID_FILE", "error_message": "No."})
    await store.moves.cancel(next(job_id for job_id in jobs if job_id != row.id))
    assert await words(store, batch_id) == ["error pending"]


async def test_a_batch_without_a_webhook_is_not_told_of(store: Store) -> None:
    batch_id, _ = await add_batch(store, 1, webhook=None)
    held, _ = await claim(store)
    ended = await store.claims.complete(held, {})
    assert ended is not None
    assert ended.deliveries == 0
    assert await told(store, batch_id) == []


async def test_a_batch_that_is_retried_is_told_of_anew_when_it_ends_again(store: Store) -> None:
    batch_id, [job_id] = await add_batch(store, 1)
    await store.moves.cancel_batch(batch_id)
    await store.moves.retry_batch(batch_id, only_failed=False)
    assert (await found(store, job_id)).status is JobStatus.PENDING
    assert await words(store, batch_id) == ["error superseded"]
    held, _ = await claim(store)
    await store.claims.complete(held, {})
    assert await words(store, batch_id) == ["error superseded", "completed pending"]
