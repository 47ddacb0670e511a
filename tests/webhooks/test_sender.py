"""The sender against a real receiver that answers, refuses, redirects, hangs and asks for patience."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from standardwebhooks import Webhook as Verifier

from secretary.deliveries import AttemptRow, DeliveryRow
from secretary.jobs import JobStatus
from secretary.models import JobRow
from secretary.secrecy import Secrecy
from secretary.store import Store
from secretary.webhooks import Sender
from secretary.webhooks import sender as sender_module
from tests.receiver import Answer, Receiver
from tests.store.made import claim
from tests.store.told import report, told

ADDRESS = Callable[..., Awaitable[str]]
OTHER_KEY = "b2xkIGtleSBvZiAzMiBieXRlcywgZm9yIHRlc3RzISE="


async def make_due(store: Store) -> None:
    async with store.database.write() as session:
        await session.execute(update(DeliveryRow).values(run_at=datetime.now(UTC) - timedelta(seconds=1)))


async def only(store: Store, job_id: str) -> tuple[DeliveryRow, list[AttemptRow]]:
    [delivery] = await told(store, job_id)
    return delivery.row, list(delivery.attempts)


async def test_a_failure_is_told_signed_and_with_the_token(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    secret = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw=="
    job_id = await add_job(token="t-1", secret=secret, jobId="order-7")
    held, _ = await claim(store)
    await store.claims.fail(held, {"error_code": "INVALID_FILE", "error_message": "No document."})
    assert await sender.deliver_due() == 1
    [call] = receiver.calls
    row, [attempt] = await only(store, job_id)
    assert Verifier(secret).verify(call.raw, call.headers)["error"]["code"] == "INVALID_FILE"
    assert (call.headers["authorization"], call.headers["x-callback-token"]) == ("Bearer t-1", "t-1")
    assert (call.id, call.body["job"], call.body["process"]["id"]) == (row.id, {"id": "order-7"}, job_id)
    assert (row.status, attempt.status_code, attempt.error) == ("delivered", 204, None)


async def test_a_result_is_told_as_it_is_stored(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    await add_job()
    held, _ = await claim(store)
    await store.claims.complete(held, {"results": {"pid": 7, "target_dir": "/srv", "assets": [], "warnings": []}})
    await sender.deliver_due()
    assert receiver.calls[0].body["data"] == {"pid": 7, "assets": [], "warnings": []}


async def test_what_fails_is_tried_again_later_under_the_same_id(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    receiver.answer = lambda _: Answer(500 if len(receiver.calls) < 3 else 200)
    job_id = await add_job(secret="whsec_c2VjcmV0")
    await store.moves.cancel(job_id)
    for _ in range(4):
        await sender.deliver_due()
        await make_due(store)
    row, attempts = await only(store, job_id)
    assert [attempt.status_code for attempt in attempts] == [500, 500, 200]
    assert {call.id for call in receiver.calls} == {row.id}
    assert row.status == "delivered"


async def test_the_first_delay_is_five_seconds(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    receiver.answer = lambda _: Answer(500)
    job_id = await add_job()
    await store.moves.cancel(job_id)
    await sender.deliver_due()
    assert await sender.deliver_due() == 0
    row, [attempt] = await only(store, job_id)
    assert 4.0 < (row.run_at - attempt.started_at).total_seconds() < 6.5 + attempt.seconds


@pytest.mark.parametrize("status", [429, 503])
async def test_the_receiver_is_given_the_time_it_asks_for(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS, status: int
) -> None:
    receiver.answer = lambda _: Answer(status, {"Retry-After": "1800"})
    job_id = await add_job()
    await store.moves.cancel(job_id)
    await sender.deliver_due()
    row, [attempt] = await only(store, job_id)
    assert 1_799 < (row.run_at - attempt.started_at).total_seconds() < 1_830


async def test_410_ends_it(sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS) -> None:
    receiver.answer = lambda _: Answer(410)
    job_id = await add_job()
    await store.moves.cancel(job_id)
    await sender.deliver_due()
    await make_due(store)
    assert await sender.deliver_due() == 0
    row, [attempt] = await only(store, job_id)
    assert (row.status, attempt.status_code) == ("failed", 410)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_failure_and_is_not_followed(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS, status: int
) -> None:
    receiver.answer = lambda _: Answer(status, {"Location": receiver.url("/elsewhere")})
    job_id = await add_job()
    await store.moves.cancel(job_id)
    await sender.deliver_due()
    row, [attempt] = await only(store, job_id)
    assert [call.path for call in receiver.calls] == ["/hook"]
    assert (row.status, attempt.status_code) == ("pending", status)
    assert "redirects are not followed" in (attempt.error or "")


async def test_a_private_address_is_refused_and_nothing_is_sent(
    make_sender: Callable[..., Sender], store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    job_id = await add_job()
    await store.moves.cancel(job_id)
    await make_sender(private=False).deliver_due()
    row, [attempt] = await only(store, job_id)
    assert (row.status, attempt.status_code, receiver.calls) == ("pending", None, [])
    assert attempt.error


async def test_nobody_listening_is_a_failure(sender: Sender, store: Store, add_job: ADDRESS) -> None:
    job_id = await add_job(url="http://127.0.0.1:9/hook")
    await store.moves.cancel(job_id)
    await sender.deliver_due()
    row, [attempt] = await only(store, job_id)
    assert (row.status, attempt.status_code) == ("pending", None)
    assert attempt.error


async def test_a_secret_sealed_with_another_key_is_an_attempt_that_says_so(
    make_sender: Callable[..., Sender], store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    job_id = await add_job(token="t-1")
    await store.moves.cancel(job_id)
    await make_sender(secrecy=Secrecy(lambda: [OTHER_KEY])).deliver_due()
    row, [attempt] = await only(store, job_id)
    assert "SECRETARY_SECRET_KEY" in (attempt.error or "")
    assert (row.status, receiver.calls) == ("pending", [])


async def test_a_receiver_that_hangs_is_given_up_after_its_time(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "ANSWER_SECONDS", 0.3)
    over = threading.Event()
    receiver.answer = lambda _: Answer(hold=over)
    job_id = await add_job()
    await store.moves.cancel(job_id)
    await sender.deliver_due()
    row, [attempt] = await only(store, job_id)
    over.set()
    assert (row.status, attempt.status_code) == ("pending", None)
    assert attempt.seconds >= 0.3


async def test_the_end_comes_after_progress_that_hangs(
    make_sender: Callable[..., Sender],
    store: Store,
    receiver: Receiver,
    add_job: ADDRESS,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender_module, "PROGRESS_ANSWER_SECONDS", 0.5)
    over = threading.Event()
    receiver.answer = lambda call: Answer(hold=over if call.phase == "processing" else None)
    await add_job()
    held, row = await claim(store)
    await report(store, held, row, 10)
    hanging = asyncio.create_task(make_sender().deliver_due())
    while not receiver.calls:
        await asyncio.sleep(0.01)
    await report(store, held, row, 20)
    await store.claims.complete(held, {"results": {}})
    assert await make_sender(worker_id="worker-2").deliver_due() == 0, "it waits for the progress"
    await hanging
    over.set()
    assert [call.phase for call in receiver.calls] == ["processing", "completed"]


async def test_each_progress_is_a_message_of_its_own(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    job_id = await add_job()
    held, row = await claim(store)
    for percent in (10, 20):
        await report(store, held, row, percent)
        await make_due(store)
        await sender.deliver_due()
    assert [call.body["progress"] for call in receiver.calls] == [10, 20]
    assert len({call.id for call in receiver.calls}) == 2
    assert (await only(store, job_id))[0].status == "delivered"


async def test_a_receiver_can_ask_for_less_progress(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    receiver.answer = lambda _: Answer(429, {"Retry-After": "60"})
    job_id = await add_job()
    held, row = await claim(store)
    await report(store, held, row, 10)
    await sender.deliver_due()
    await report(store, held, row, 20)
    assert await sender.deliver_due() == 0
    found, _ = await only(store, job_id)
    assert 55 < (found.run_at - datetime.now(UTC)).total_seconds() < 65


async def test_what_is_on_its_way_when_the_worker_stops_is_due_again_at_once(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    over = threading.Event()
    receiver.answer = lambda _: Answer(hold=over)
    job_id = await add_job()
    await store.moves.cancel(job_id)
    sending = asyncio.create_task(sender.deliver_due())
    while not receiver.calls:
        await asyncio.sleep(0.01)
    sender.drain()
    sender.interrupt()
    assert await sending == 1
    over.set()
    row, [attempt] = await only(store, job_id)
    assert (row.status, row.claim_token, row.run_at <= datetime.now(UTC)) == ("pending", None, True)
    assert "stopped" in (attempt.error or "")
    assert await sender.deliver_due() == 0, "it takes no more"


async def test_the_end_of_a_job_that_runs_again_is_not_told(
    sender: Sender, store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    job_id = await add_job()
    held, _ = await claim(store)
    await store.claims.complete(held, {"results": {}})
    async with store.database.write() as session:
        await session.execute(update(JobRow).values(status=JobStatus.PENDING))
    assert await sender.deliver_due() == 0
    assert ((await only(store, job_id))[0].status, receiver.calls) == ("superseded", [])


async def test_senders_that_race_post_each_end_once(
    make_sender: Callable[..., Sender], store: Store, receiver: Receiver, add_job: ADDRESS
) -> None:
    jobs = [await add_job() for _ in range(12)]
    for job_id in jobs:
        await store.moves.cancel(job_id)
    senders = [make_sender(worker_id=f"worker-{number}") for number in range(4)]
    while await store.deliveries.due():
        await asyncio.gather(*(each.deliver_due() for each in senders for _ in range(2)))
    assert sorted(call.body["process"]["id"] for call in receiver.calls) == sorted(jobs)
