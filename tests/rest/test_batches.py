"""Batches: created all or nothing, followed as one, cheap however many jobs they hold."""

from typing import Any

import httpx
from sqlalchemy import event

from secretary.jobs import MAX_BATCH_JOBS
from secretary.resources import Resources
from secretary.store import Store
from tests.rest.conftest import Caller, HandWorker, nothing_created

JOB: dict[str, Any] = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}


async def test_a_new_batch_is_answered_with_its_jobs(caller: Caller):
    for path in ("/api/jobs/batch", "/api/jobs/batch/"):
        answer = await caller.client.post(path, json={"batch_name": "Monday", "jobs": [JOB, {**JOB, "job_name": "B"}]})
        assert (answer.status_code, answer.json()["status"]) == (200, "success")
        data = answer.json()["data"]
        batch = data["batch"]
        assert set(data) == {"batch_id", "job_ids", "batch"}
        assert {name: batch[name] for name in batch if name != "jobs"} == {
            "batch_id": data["batch_id"],
            "batch_name": "Monday",
            "status": "pending",
            "job_count": 2,
            "completed_count": 0,
            "failed_count": 0,
        }
        assert [job["job_id"] for job in batch["jobs"]] == data["job_ids"]
        assert [(job["status"], job["batch_id"], job.get("job_name")) for job in batch["jobs"]] == [
            ("pending", data["batch_id"], None),
            ("pending", data["batch_id"], "B"),
        ]
        assert (await caller.client.get(f"/api/jobs/batch/{data['batch_id']}")).json()["data"] == batch


async def test_a_batch_tells_how_far_it_is(caller: Caller, worker: HandWorker):
    created = await caller.client.post("/api/jobs/batch", json={"jobs": [JOB, JOB, JOB]})
    batch_id, job_ids = created.json()["data"]["batch_id"], created.json()["data"]["job_ids"]
    claim = await worker.claim()

    async def state() -> tuple[str, int, int, int]:
        batch = (await caller.client.get(f"/api/jobs/batch/{batch_id}")).json()["data"]
        return batch["status"], batch["job_count"], batch["completed_count"], batch["failed_count"]

    assert await state() == ("processing", 3, 0, 0)
    await worker.complete(claim, files={}, results={"target_dir": ""})
    first, second = [job_id for job_id in job_ids if job_id != claim.job_id]
    await caller.client.post(f"/api/jobs/{first}/cancel")
    assert await state() == ("processing", 3, 1, 1)
    await caller.client.delete(f"/api/jobs/{second}")
    assert await state() == ("completed", 2, 1, 1)


async def test_one_wrong_job_refuses_the_batch(client: httpx.AsyncClient, caller: Caller, store: Store):
    answer = await client.post("/api/jobs/batch", json={"jobs": [JOB, {**JOB, "job_nam": "x"}, {"job_type": "pdf"}]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_PARAMETERS")
    assert answer.json()["error"]["details"] == [
        {"field": "jobs.1.job_nam", "message": 'unknown parameter "job_nam". Did you mean "job_name"?'},
        {"field": "jobs.2.parameters", "message": "is required"},
    ]
    for wrong, code in (
        ({"jobs": []}, "EMPTY_BATCH"),
        ({}, "INVALID_PARAMETERS"),
        ({"jobs": JOB}, "INVALID_PARAMETERS"),
        ({"jobs": [JOB], "batchname": "x"}, "INVALID_PARAMETERS"),
        ({"jobs": [JOB], "batch_name": "\0"}, "INVALID_PARAMETERS"),
        ({"jobs": [{}] * (MAX_BATCH_JOBS + 1)}, "INVALID_PARAMETERS"),
    ):
        refused = await client.post("/api/jobs/batch", json=wrong)
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)
    assert await nothing_created(store)


async def test_the_same_key_creates_a_batch_once(caller: Caller, store: Store):
    asked = {"jobs": [JOB, JOB]}
    headers = {"Idempotency-Key": "monday"}
    first = await caller.client.post("/api/jobs/batch", json=asked, headers=headers)
    again = await caller.client.post("/api/jobs/batch", json=asked, headers=headers)
    other = await caller.client.post("/api/jobs/batch", json={"jobs": [JOB]}, headers=headers)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["error"]["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert sum((await store.jobs.status_counts()).values()) == 2


async def test_another_owners_batch_is_not_there(caller: Caller, stranger: httpx.AsyncClient):
    created = await caller.client.post("/api/jobs/batch", json={"jobs": [JOB]})
    batch_id = created.json()["data"]["batch_id"]
    for path in (batch_id, "batch-of-nobody", "%00"):
        answer = await stranger.get(f"/api/jobs/batch/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "BATCH_NOT_FOUND")


async def test_reading_takes_as_many_statements_for_a_thousand_jobs_as_for_one(caller: Caller, resources: Resources):
    statements: list[str] = []
    engine = resources.store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    async def cost(jobs: int) -> int:
        created = await caller.client.post("/api/jobs/batch", json={"jobs": [JOB] * jobs})
        statements.clear()
        read = await caller.client.get(f"/api/jobs/batch/{created.json()['data']['batch_id']}")
        assert len(read.json()["data"]["jobs"]) == jobs
        return len(statements)

    assert await cost(1000) == await cost(1) > 0
