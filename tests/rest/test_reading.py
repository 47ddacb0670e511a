"""Reading jobs back: one whole, lists by page and filter, and nobody else's."""

from typing import Any

import httpx

from secretary.store import Store
from tests.rest.conftest import Caller, HandWorker


async def test_a_completed_job_shows_results_files_and_its_newest_log_lines(caller: Caller, worker: HandWorker):
    job_id = await caller.create()
    claim = await worker.claim()
    await worker.complete(claim, files={"text/a b.md": b"# A"}, results={"target_dir": "", "n": None}, lines=1005)
    job = await caller.job(job_id)
    assert (job["status"], job["attempt"]) == ("completed", 1)
    assert job["progress"] == {"step": "completed", "percent": 100, "message": "Completed"}
    assert job["results"] == {"target_dir": "", "n": None}
    assert job["files"] == [
        {
            "name": "text/a b.md",
            "media_type": "text/markdown; charset=utf-8",
            "size": 3,
            "url": f"/api/jobs/{job_id}/files/text/a%20b.md",
        }
    ]
    assert [line["message"] for line in job["logs"]] == [f"line {number}" for number in range(5, 1005)]
    assert set(job["logs"][0]) == {"timestamp", "level", "message"}
    assert job["processing_started_at"] <= job["completed_at"]
    assert "error" not in job


async def test_a_running_job_shows_what_was_published_last(caller: Caller, worker: HandWorker):
    job_id = await caller.create()
    await worker.report(await worker.claim(), sequence=9, percent=42)
    job = await caller.job(job_id)
    assert (job["status"], job["progress"]["percent"], job["progress"]["message"]) == ("processing", 42, "Working")


async def test_a_failed_job_says_why(caller: Caller, worker: HandWorker):
    job_id = await caller.create()
    await worker.fail(await worker.claim(), "ENCRYPTED_FILE", "Give its password.")
    job = await caller.job(job_id)
    assert job["status"] == "failed"
    assert job["error"] == {"code": "ENCRYPTED_FILE", "message": "Give its password.", "details": None}
    assert "results" not in job


async def test_another_owners_job_is_not_there(
    caller: Caller, stranger: httpx.AsyncClient, admin: httpx.AsyncClient, store: Store
):
    job_id = await caller.create()
    paths = ("", "/download-archive", "/stream", "/files/a.md")
    answers = [await stranger.get(f"/api/jobs/{job_id}{path}") for path in paths]
    answers += [await stranger.post(f"/api/jobs/{job_id}/{verb}") for verb in ("cancel", "retry")]
    answers += [await stranger.delete(f"/api/jobs/{job_id}")]
    assert {(answer.status_code, answer.json()["error"]["code"]) for answer in answers} == {(404, "JOB_NOT_FOUND")}
    assert (await store.jobs.get_many([job_id]))[job_id].status == "pending"
    assert (await stranger.get("/api/jobs")).json()["data"]["jobs"] == []
    assert (await admin.get(f"/api/jobs/{job_id}")).json()["data"]["user_id"] == "ursula"


async def test_a_list_is_read_page_by_page_newest_first(caller: Caller):
    made = [await caller.create(job_name=f"job {number}") for number in range(5)]
    read: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = (await caller.client.get("/api/jobs", params={"limit": 2, "cursor": cursor})).json()["data"]
        assert set(page) == {"jobs", "next_cursor"}
        read += [job["job_id"] for job in page["jobs"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert (read, pages) == (made[::-1], 3)


async def test_a_list_holds_neither_results_nor_logs(caller: Caller, worker: HandWorker):
    await caller.create()
    await worker.complete(await worker.claim(), files={}, results={"target_dir": ""})
    (entry,) = (await caller.client.get("/api/jobs")).json()["data"]["jobs"]
    assert entry["status"] == "completed"
    assert not {"results", "logs"} & set(entry)
    assert {"progress", "files", "parameters"} <= set(entry)


async def test_lists_are_filtered(caller: Caller, admin: httpx.AsyncClient, worker: HandWorker):
    done = await caller.create(priority=1)
    await worker.complete(await worker.claim(), files={}, results={"target_dir": ""})
    gone, waiting = await caller.create(), await caller.create()
    await caller.client.post(f"/api/jobs/{gone}/cancel")
    other = (await admin.post("/api/jobs", json={"job_type": "noop", "parameters": {}})).json()["data"]["job_id"]

    async def found(**query: str) -> set[str]:
        return {job["job_id"] for job in (await admin.get("/api/jobs", params=query)).json()["data"]["jobs"]}

    assert await found(status="completed") == {done}
    assert await found(status="failed") == {gone}
    assert await found(status="pending") == {waiting, other}
    assert await found(status="processing") == set()
    assert await found(job_type="noop") == {other}
    assert await found(user_id="ursula", status="") == {done, gone, waiting}
    assert await found(batch_id="batch-of-nobody") == set()
    theirs = await caller.client.get("/api/jobs", params={"user_id": "admin"})
    assert theirs.json()["data"]["jobs"] == []


async def test_wrong_questions_are_refused_by_name(client: httpx.AsyncClient):
    async def fields(query: Any) -> list[str]:
        answer = await client.get("/api/jobs", params=query)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_PARAMETERS")
        return [field["field"] for field in answer.json()["error"]["details"]]

    for name, wrong in (
        *(("status", word) for word in ("cancelled", "done", "\0")),
        *(("limit", number) for number in ("0", "101", "-1", "ten", "1.5", "9" * 5000)),
        *(("cursor", text) for text in ("x", "W10", "WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTIzOjU5IiwgImEiXQ", "[" * 400)),
        ("job_type", "pfd"),
        ("user_id", "u\0"),
        ("batch_id", "b" * 65),
        ("stats", "pending"),
    ):
        assert await fields({name: wrong}) == [name]
    assert await fields([("limit", "1"), ("limit", "2")]) == ["limit"]
    near = (await client.get("/api/jobs", params={"stats": "x"})).json()["error"]["message"]
    assert near == 'stats: unknown parameter "stats". Did you mean "status"?'
