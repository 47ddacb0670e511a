"""Deliveries at the REST door: seen with their attempts, sent again, and nobody else's."""

from typing import Any

import httpx
from jsonschema import Draft202012Validator

from secretary.store import Outcome, Store
from tests.conftest import OTHER_KEY
from tests.rest.conftest import Caller, HandWorker

HOOK = {"url": "https://example.org/hook", "token": "t-1"}


async def told(caller: Caller, worker: HandWorker, store: Store, outcome: Outcome) -> tuple[str, str]:
    """A job that has failed, and its delivery after one attempt."""
    job_id = await caller.create(parameters={"filename": "a.pdf", "webhook": HOOK})
    await worker.fail(await worker.claim(), "ENCRYPTED_FILE", "Give its password.")
    claimed = await store.deliveries.claim("sender-by-hand")
    assert claimed is not None
    assert await store.deliveries.finish(*claimed, outcome)
    return job_id, claimed[1].id


async def test_a_jobs_deliveries_are_shown_as_described(caller: Caller, worker: HandWorker, store: Store):
    job_id, delivery_id = await told(caller, worker, store, Outcome(0.5, 410, "It wants no more.", gone=True))
    answer = (await caller.client.get(f"/api/jobs/{job_id}/deliveries")).json()
    [delivery] = answer["data"]["deliveries"]
    [attempt] = delivery["attempts"]
    assert (delivery["id"], delivery["phase"], delivery["status"]) == (delivery_id, "error", "failed")
    assert "next_attempt_at" not in delivery
    assert {name: attempt[name] for name in attempt if name != "started_at"} == {
        "number": 1,
        "seconds": 0.5,
        "status_code": 410,
        "error": "It wants no more.",
    }
    document: dict[str, Any] = (await caller.client.get("/api/openapi.json")).json()
    described = document["paths"]["/api/jobs/{job_id}/deliveries"]["get"]["responses"]["200"]
    schema = described["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer)


async def test_a_delivery_is_sent_again(caller: Caller, worker: HandWorker, store: Store):
    _, delivery_id = await told(caller, worker, store, Outcome(0.1, 204))
    assert await store.deliveries.due() == 0
    answer = await caller.client.post(f"/api/deliveries/{delivery_id}/redeliver")
    assert (answer.status_code, answer.json()["data"]["status"]) == (200, "pending")
    assert answer.json()["data"]["next_attempt_at"]
    assert await store.deliveries.due() == 1


async def test_another_owners_are_not_found(caller: Caller, worker: HandWorker, store: Store, base_url: str):
    job_id, delivery_id = await told(caller, worker, store, Outcome(0.1, 204))
    headers = {"Authorization": f"Bearer {OTHER_KEY}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, trust_env=False) as other:
        listed = await other.get(f"/api/jobs/{job_id}/deliveries")
        assert (listed.status_code, listed.json()["error"]["code"]) == (404, "JOB_NOT_FOUND")
        for unknown in (delivery_id, "delivery-unknown", "%00"):
            again = await other.post(f"/api/deliveries/{unknown}/redeliver")
            assert (again.status_code, again.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert await store.deliveries.due() == 0
