"""Webhooks at the GraphQL door: taken, masked, their deliveries seen by their owner, and sent again."""

from typing import Any

import httpx

from secretary.deliveries import DeliveryRow
from secretary.store import Outcome, Store
from tests.conftest import OTHER_KEY
from tests.graphql.conftest import CREATE, CREATE_BATCH, Asking

HOOK = {"url": "https://example.org/hook", "token": "t-1", "secret": "whsec_c2VjcmV0", "jobId": "order-7"}
DELIVERIES = (
    "webhookDeliveries { id phase status url createdAt nextAttemptAt attempts { number duration statusCode error } }"
)
OF_JOB = "query ($id: ID!) { job(id: $id) { %s } }" % DELIVERIES  # noqa: UP031  # braces
OF_BATCH = "query ($id: ID!) { batch(id: $id) { %s } }" % DELIVERIES  # noqa: UP031  # braces
REDELIVER = """mutation ($id: ID!) { redeliverWebhook(deliveryId: $id) { __typename
    ... on RedeliverWebhookPayload { delivery { id status nextAttemptAt } } ... on Error { code message } } }"""
MANY = "query ($first: Int) { jobs(first: $first) { nodes { id webhookDeliveries { id attempts { number } } } } }"


async def create(ask: Asking, **webhook: Any) -> dict[str, Any]:
    job = {"pdf": {"filename": "a.pdf", "webhook": {**HOOK, **webhook}}}
    result: dict[str, Any] = (await ask(CREATE, input={"job": job}))["createJob"]
    return result


async def send(store: Store, outcome: Outcome) -> DeliveryRow:
    """Does what a sender does with the best due delivery."""
    claimed = await store.deliveries.claim("sender-by-hand")
    assert claimed is not None
    assert await store.deliveries.finish(*claimed, outcome)
    return claimed[1]


async def test_a_webhook_is_taken_and_its_secrets_are_neither_shown_nor_stored(ask: Asking, store: Store) -> None:
    job = (await create(ask))["job"]
    assert job["parameters"]["webhook"] == {**HOOK, "token": "***", "secret": "***"}
    row = await store.jobs.get(job["id"])
    assert row is not None
    kept = row.parameters["webhook"]
    assert (kept["url"], kept["jobId"]) == (HOOK["url"], "order-7")
    assert "t-1" not in str(kept)
    assert "c2VjcmV0" not in str(kept)


async def test_a_wrong_webhook_is_named_by_its_place_in_the_input(ask: Asking) -> None:
    result = await create(ask, url="ftp://example.org")
    assert result["fields"] == [
        {
            "path": ["job", "pdf", "webhook", "url"],
            "message": "must be an address such as https://host/path",
        }
    ]
    batch = {"jobs": [{"job": {"pdf": {"filename": "a.pdf"}}}], "webhook": {"url": "https://u:p@example.org"}}
    refused = (await ask(CREATE_BATCH, input=batch))["createBatch"]
    assert [field["path"] for field in refused["fields"]] == [["webhook", "url"]]


async def test_a_private_address_is_refused_at_once_where_its_spelling_shows_it(ask: Asking, store: Store) -> None:
    for url in ("http://127.0.0.1/hook", "http://169.254.169.254/latest", "https://localhost/", "http://[::1]:8080/"):
        refused = await create(ask, url=url)
        assert refused["code"] == "URL_NOT_ALLOWED"
        assert [field["path"] for field in refused["fields"]] == [["job", "pdf", "webhook", "url"]]
        batch = {"jobs": [{"job": {"pdf": {"filename": "a.pdf"}}}], "webhook": {"url": url}}
        refused = (await ask(CREATE_BATCH, input=batch))["createBatch"]
        assert (refused["code"], [field["path"] for field in refused["fields"]]) == (
            "URL_NOT_ALLOWED",
            [["webhook", "url"]],
        )
    assert await store.jobs.status_counts() == {}


async def test_a_job_shows_its_deliveries_and_their_attempts(ask: Asking, claim, store: Store) -> None:
    job_id = (await create(ask))["job"]["id"]
    assert (await ask(OF_JOB, id=job_id))["job"]["webhookDeliveries"] == []
    await (await claim()).complete()
    await send(store, Outcome(0.5, 503, "The receiver answered HTTP 503.", 5.0))
    [delivery] = (await ask(OF_JOB, id=job_id))["job"]["webhookDeliveries"]
    assert (delivery["phase"], delivery["status"], delivery["url"]) == ("COMPLETED", "PENDING", HOOK["url"])
    assert delivery["nextAttemptAt"] > delivery["createdAt"]
    assert delivery["attempts"] == [
        {"number": 1, "duration": 0.5, "statusCode": 503, "error": "The receiver answered HTTP 503."}
    ]


async def test_a_batch_shows_its_delivery(ask: Asking, store: Store) -> None:
    batch_id = await ask.create_batch(2, webhook=HOOK)
    await ask("mutation ($id: ID!) { cancelBatch(id: $id) { __typename } }", id=batch_id)
    await send(store, Outcome(0.1, 200))
    [delivery] = (await ask(OF_BATCH, id=batch_id))["batch"]["webhookDeliveries"]
    assert (delivery["phase"], delivery["status"], delivery["nextAttemptAt"]) == ("ERROR", "DELIVERED", None)


async def test_a_delivery_is_sent_again_under_the_same_id(ask: Asking, claim, store: Store) -> None:
    job_id = (await create(ask))["job"]["id"]
    await (await claim()).complete()
    row = await send(store, Outcome(0.1, 410, "gone", gone=True))
    assert await store.deliveries.due() == 0
    again = (await ask(REDELIVER, id=row.id))["redeliverWebhook"]
    assert (again["__typename"], again["delivery"]["id"], again["delivery"]["status"]) == (
        "RedeliverWebhookPayload",
        row.id,
        "PENDING",
    )
    assert (await send(store, Outcome(0.1, 200))).id == row.id
    [delivery] = (await ask(OF_JOB, id=job_id))["job"]["webhookDeliveries"]
    assert [attempt["number"] for attempt in delivery["attempts"]] == [1, 2]


async def test_another_owners_delivery_is_not_found_and_stays_as_it_is(
    ask: Asking, claim, store: Store, base_url: str
) -> None:
    await create(ask)
    await (await claim()).complete()
    row = await send(store, Outcome(0.1, 200))
    headers = {"Authorization": f"Bearer {OTHER_KEY}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, trust_env=False) as other:
        for delivery_id in (row.id, "delivery-unknown"):
            refused = (await Asking(other)(REDELIVER, id=delivery_id))["redeliverWebhook"]
            assert (refused["__typename"], refused["code"]) == ("NotFoundError", "NOT_FOUND")
    found = await store.delivery_log.get(row.id)
    assert found is not None
    assert found.row.status == "delivered"


async def test_progress_is_not_sent_again(ask: Asking, claim, store: Store) -> None:
    from secretary.store import ProgressReceiver

    job_id = (await create(ask))["job"]["id"]
    hands = await claim()
    values = {"percent": 10, "message": "m", "sequence": hands.state.sequence + 1}
    assert await store.claims.record(hands.claim, values, receiver=ProgressReceiver(HOOK["url"], "ursula"))
    [delivery] = (await ask(OF_JOB, id=job_id))["job"]["webhookDeliveries"]
    refused = (await ask(REDELIVER, id=delivery["id"]))["redeliverWebhook"]
    assert (refused["__typename"], refused["code"]) == ("ConflictError", "ILLEGAL_TRANSITION")


async def test_a_long_list_takes_no_more_statements_than_a_short_one(
    ask: Asking, claim, statements, store: Store
) -> None:
    for _ in range(5):
        await create(ask)
        await (await claim()).complete()
    for _ in range(3):
        await send(store, Outcome(0.1, 200))

    async def count(first: int) -> int:
        with statements:
            assert len((await ask(MANY, first=first))["jobs"]["nodes"]) == first
            return int(statements.count)

    assert await count(1) == await count(5)


async def test_metrics_count_deliveries_by_status(ask: Asking, claim, store: Store) -> None:
    for outcome in (Outcome(0.1, 200), Outcome(0.1, 410, "gone", gone=True)):
        await create(ask)
        await (await claim()).complete()
        await send(store, outcome)
    text = (await ask.client.get("/metrics")).text
    for status, number in (("delivered", 1), ("failed", 1), ("pending", 0), ("superseded", 0)):
        assert f'secretary_webhook_deliveries{{status="{status}"}} {number}.0' in text
