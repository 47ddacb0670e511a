"""Deliveries are claimed once, in order for each receiver, fenced, found again when their worker dies, and tried for a day."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from secretary.deliveries import DeliveryRow
from secretary.store import Outcome, Store
from secretary.store.deliveries import HOST_AT_ONCE
from tests.store.made import claim
from tests.store.told import ARRIVED, HOOK, SENDER, add_told, nothing_due, refused, report, take, told, words


async def cancelled(store: Store, count: int = 1, url: str = HOOK["url"]) -> list[str]:
    """Jobs whose end is to be told."""
    jobs = await add_told(store, count, parameters={"webhook": {"url": url}})
    for job_id in jobs:
        await store.moves.cancel(job_id)
    return jobs


async def set_all(store: Store, **values: object) -> None:
    async with store.database.write() as session:
        await session.execute(update(DeliveryRow).values(values))


async def make_due(store: Store) -> None:
    await set_all(store, run_at=datetime.now(UTC) - timedelta(seconds=1))


async def test_workers_that_race_take_each_delivery_once(store: Store) -> None:
    for place in range(3):
        await cancelled(store, HOST_AT_ONCE, f"https://host-{place}.example.org/")
    taken = await asyncio.gather(*(store.deliveries.claim(f"worker-{number % 4}") for number in range(24)))
    ids = [claimed[1].id for claimed in taken if claimed]
    ids += [claimed[1].id for _ in range(12 - len(ids)) if (claimed := await store.deliveries.claim(SENDER))]
    assert len(ids) == len(set(ids)) == 12
    assert await nothing_due(store)


async def test_what_arrived_is_done_and_its_attempt_is_kept(store: Store) -> None:
    [job_id] = await cancelled(store)
    held, row = await take(store)
    assert await store.deliveries.finish(held, row, Outcome(0.25, 202))
    [delivery] = await told(store, job_id)
    assert (delivery.row.status, delivery.row.claim_token, delivery.row.worker_id) == ("delivered", None, None)
    [attempt] = delivery.attempts
    assert (attempt.number, attempt.seconds, attempt.status_code, attempt.error) == (1, 0.25, 202, None)
    assert attempt.started_at == row.claimed_at
    assert await nothing_due(store)


async def test_what_did_not_arrive_is_due_again_under_the_same_id(store: Store) -> None:
    [job_id] = await cancelled(store)
    held, first = await take(store)
    assert await store.deliveries.finish(held, first, refused(again_in=60.0))
    assert await nothing_due(store)
    await make_due(store)
    held, second = await take(store)
    assert (second.id, second.tries) == (first.id, 1)
    assert await store.deliveries.finish(held, second, ARRIVED)
    [delivery] = await told(store, job_id)
    assert [(attempt.number, attempt.status_code) for attempt in delivery.attempts] == [(1, 500), (2, 204)]


@pytest.mark.parametrize("outcome", [refused(again_in=None), refused(gone=True), refused(again_in=90_000.0)])
async def test_after_the_last_attempt_at_410_and_after_a_day_it_is_given_up(store: Store, outcome: Outcome) -> None:
    [job_id] = await cancelled(store)
    held, row = await take(store)
    assert await store.deliveries.finish(held, row, outcome)
    assert await words(store, job_id) == ["error failed"]
    await make_due(store)
    assert await nothing_due(store)


async def test_who_lost_the_claim_writes_nothing(store: Store) -> None:
    [job_id] = await cancelled(store)
    zombie, row = await take(store, "a worker that was never alive")
    assert await store.deliveries.release_lost(8.0) == 1
    assert not await store.deliveries.finish(zombie, row, ARRIVED)
    assert await words(store, job_id) == ["error pending"]
    _, again = await take(store)
    assert again.id == row.id
    [attempt] = (await told(store, job_id))[0].attempts
    assert "fell silent" in (attempt.error or "")


async def test_a_claim_of_a_living_worker_is_kept_unless_it_is_older_than_any_attempt(store: Store) -> None:
    await cancelled(store)
    await store.workers.renew(SENDER, host="here", pid=1)
    await take(store)
    assert await store.deliveries.release_lost(8.0) == 0
    await set_all(store, claimed_at=datetime.now(UTC) - timedelta(minutes=5))
    assert await store.deliveries.release_lost(8.0) == 1


async def test_one_host_that_hangs_does_not_keep_the_others_waiting(store: Store) -> None:
    await cancelled(store, HOST_AT_ONCE + 2, "https://slow.example.org/")
    for _ in range(HOST_AT_ONCE):
        held, row = await take(store)
    assert await nothing_due(store)
    assert await store.deliveries.due() == 0
    await cancelled(store, 1, "https://quick.example.org/")
    assert (await take(store))[1].host == "quick.example.org"
    assert await store.deliveries.finish(held, row, ARRIVED)
    assert (await take(store))[1].host == "slow.example.org"


async def test_progress_is_one_row_that_is_overwritten(store: Store) -> None:
    [job_id] = await add_told(store)
    held, row = await claim(store)
    for percent in (10, 20):
        await report(store, held, row, percent)
    assert await words(store, job_id) == ["processing pending"]
    sending, progress = await take(store)
    assert (progress.percent, progress.message) == (20, "20 %")
    await report(store, held, row, 30)
    assert await nothing_due(store), "one at a time"
    assert await store.deliveries.finish(sending, progress, ARRIVED)
    assert await nothing_due(store), "not before a second has passed"
    await make_due(store)
    sending, newest = await take(store)
    assert newest.percent == 30
    assert await store.deliveries.finish(sending, newest, ARRIVED)
    [delivery] = await told(store, job_id)
    assert (delivery.row.status, [attempt.number for attempt in delivery.attempts]) == ("delivered", [2])


async def test_progress_that_was_not_sent_is_overtaken_by_the_end(store: Store) -> None:
    [job_id] = await add_told(store)
    held, row = await claim(store)
    await report(store, held, row, 10)
    await store.claims.complete(held, {})
    assert await words(store, job_id) == ["processing superseded", "completed pending"]
    assert (await take(store))[1].phase == "completed"
    assert await nothing_due(store)


async def test_the_end_waits_for_progress_on_its_way_and_none_follows(store: Store) -> None:
    [job_id] = await add_told(store)
    held, row = await claim(store)
    await report(store, held, row, 10)
    sending, progress = await take(store)
    await report(store, held, row, 20)
    await store.claims.complete(held, {})
    assert await nothing_due(store)
    assert await store.deliveries.due() == 0
    assert await store.deliveries.finish(sending, progress, refused(again_in=None))
    await make_due(store)
    _, end = await take(store)
    assert end.phase == "completed"
    assert await nothing_due(store)
    assert await words(store, job_id) == ["processing superseded", "completed pending"]


async def test_ends_go_before_progress(store: Store) -> None:
    await add_told(store)
    held, row = await claim(store)
    await report(store, held, row, 10)
    await cancelled(store)
    assert (await take(store))[1].phase == "error"


async def test_progress_to_a_receiver_that_wants_no_more_ends_but_the_end_is_told(store: Store) -> None:
    [job_id] = await add_told(store)
    held, row = await claim(store)
    await report(store, held, row, 10)
    sending, progress = await take(store)
    await store.deliveries.finish(sending, progress, refused(gone=True))
    await report(store, held, row, 20)
    assert await words(store, job_id) == ["processing failed"]
    await store.claims.complete(held, {})
    assert (await take(store))[1].phase == "completed"


async def test_an_end_on_its_way_when_the_job_is_retried_is_not_tried_again(store: Store) -> None:
    [job_id] = await cancelled(store)
    sending, row = await take(store)
    await store.moves.retry(job_id)
    assert await store.deliveries.finish(sending, row, refused(again_in=0.0))
    assert await words(store, job_id) == ["error superseded"]
    assert await nothing_due(store)


async def test_a_delivery_with_nothing_to_tell_is_dropped_without_an_attempt(store: Store) -> None:
    [job_id] = await cancelled(store)
    held, _ = await take(store)
    await store.deliveries.drop(held)
    [delivery] = await told(store, job_id)
    assert (delivery.row.status, delivery.row.attempt_count, delivery.attempts) == ("superseded", 0, [])


async def test_a_delivery_is_sent_again_under_its_id_and_for_another_day(store: Store) -> None:
    [job_id] = await cancelled(store)
    held, row = await take(store)
    assert await store.deliveries.redeliver(row.id) is None, "it is on its way"
    await store.deliveries.finish(held, row, refused(gone=True))
    again = await store.deliveries.redeliver(row.id)
    assert again is not None
    assert (again.status, again.tries, again.expires_at > row.expires_at) == ("pending", 0, True)
    held, second = await take(store)
    assert (second.id, second.attempt_count) == (row.id, 2)
    await store.deliveries.finish(held, second, ARRIVED)
    assert await words(store, job_id) == ["error delivered"]


async def test_progress_is_not_sent_again(store: Store) -> None:
    [job_id] = await add_told(store)
    held, row = await claim(store)
    await report(store, held, row, 10)
    [delivery] = await told(store, job_id)
    await store.claims.complete(held, {})
    assert await store.deliveries.redeliver(delivery.row.id) is None
    assert await words(store, job_id) == ["processing superseded", "completed pending"]


async def test_a_delivery_is_seen_by_its_owner_only(store: Store) -> None:
    await cancelled(store)
    _, row = await take(store)
    assert await store.delivery_log.get(row.id, "otto") is None
    for viewer in ("ursula", None):
        delivery = await store.delivery_log.get(row.id, viewer)
        assert delivery is not None
        assert delivery.row.id == row.id


async def test_old_deliveries_are_removed_in_small_steps_and_what_is_still_to_be_told_stays(store: Store) -> None:
    jobs = await cancelled(store, 4)
    for _ in range(3):
        held, row = await take(store)
        await store.deliveries.finish(held, row, ARRIVED)
    long_after = datetime.now(UTC) + timedelta(days=1)
    assert await store.delivery_log.prune(datetime.now(UTC) - timedelta(days=1)) == []
    would_go = await store.delivery_log.prune(long_after, dry_run=True)
    steps = [await store.delivery_log.prune(long_after, limit=2) for _ in range(3)]
    assert (steps, len(would_go)) == ([would_go[:2], would_go[2:], []], 3)
    left = [word for job_id in jobs for word in await words(store, job_id)]
    assert left == ["error pending"]
    assert await store.delivery_log.counts() == {"pending": 1}
