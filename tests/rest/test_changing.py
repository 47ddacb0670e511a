"""Cancel, retry and delete: the answer is the job as it then is."""

from pathlib import Path

import httpx

from secretary.store import Store
from tests.rest.conftest import Caller, HandWorker


async def test_a_cancelled_job_reads_failed_and_can_be_retried(caller: Caller):
    job_id = await caller.create()
    cancelled = (await caller.client.post(f"/api/jobs/{job_id}/cancel")).json()
    assert (cancelled["status"], cancelled["data"]["status"]) == ("success", "failed")
    assert cancelled["data"]["error"] == {
        "code": "JOB_CANCELLED",
        "message": "The job was cancelled.",
        "details": None,
    }
    assert await caller.job(job_id) == cancelled["data"]
    retried = (await caller.client.post(f"/api/jobs/{job_id}/retry")).json()["data"]
    assert (retried["status"], "error" in retried, "completed_at" in retried) == ("pending", False, False)


async def test_moves_that_the_status_forbids_are_refused(caller: Caller, worker: HandWorker):
    job_id = await caller.create()
    waiting = await caller.client.post(f"/api/jobs/{job_id}/retry")
    assert (waiting.status_code, waiting.json()["error"]["code"]) == (409, "ILLEGAL_TRANSITION")
    await worker.complete(await worker.claim(), files={}, results={"target_dir": ""})
    ended = await caller.client.post(f"/api/jobs/{job_id}/cancel")
    assert (ended.status_code, ended.json()["error"]["code"]) == (409, "ILLEGAL_TRANSITION")
    assert (await caller.job(job_id))["status"] == "completed"


async def test_a_deleted_job_is_gone_with_its_files(caller: Caller, worker: HandWorker, store: Store):
    job_id = await caller.create()
    folder: Path = await worker.complete(await worker.claim(), files={"a.md": b"a"}, results={"target_dir": ""})
    deleted = (await caller.client.delete(f"/api/jobs/{job_id}")).json()["data"]
    assert (deleted["status"], [line["message"] for line in deleted["logs"]]) == ("completed", ["line 0"])
    assert (await caller.client.get(f"/api/jobs/{job_id}")).status_code == 404
    assert not folder.exists()
    assert await store.logs.newest(job_id, 10) == []


async def test_deleting_a_waiting_job_cancels_it(caller: Caller):
    deleted = (await caller.client.delete(f"/api/jobs/{await caller.create()}")).json()["data"]
    assert (deleted["status"], deleted["error"]["code"]) == ("failed", "JOB_CANCELLED")


async def test_what_is_not_there_cannot_be_changed(client: httpx.AsyncClient):
    for job_id in ("job-of-nobody", "%00", "%ff", "🙈"):
        answers = [
            await client.post(f"/api/jobs/{job_id}/cancel"),
            await client.post(f"/api/jobs/{job_id}/retry"),
            await client.delete(f"/api/jobs/{job_id}"),
        ]
        assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {(404, "JOB_NOT_FOUND")}
