"""Creating a job: what is answered, what is refused by name, and that a refusal leaves nothing behind."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from secretary.job_types import PDF, JobTypes, load_job_types
from secretary.models import IdempotencyRow
from secretary.resources import Resources, open_resources
from secretary.secrecy import Secrecy
from secretary.service.idempotency import idempotency_of
from secretary.settings import Settings
from secretary.store import Store
from tests.conftest import OTHER_KEY
from tests.rest.conftest import Caller, nothing_created

ID = re.compile(r"job-[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")


async def test_a_new_job_is_answered_whole(client: httpx.AsyncClient, pdf: Path):
    asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf", "password": "hush"}, "job_name": "Minutes"}
    assert (await client.post("/api/jobs", json=asked)).status_code == 200
    answer = await client.post("/api/jobs/", json=asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body = answer.json()
    job = body["data"]["job"]
    assert ID.fullmatch(job["job_id"])
    assert TIME.fullmatch(job["created_at"])
    assert body == {
        "status": "success",
        "data": {
            "job_id": job["job_id"],
            "job": {
                "job_id": job["job_id"],
                "job_type": "pdf",
                "job_name": "Minutes",
                "status": "pending",
                "created_at": job["created_at"],
                "updated_at": job["created_at"],
                "parameters": {"filename": "a.pdf", "password": "***"},
                "progress": {"step": "pending", "percent": 0, "message": "Waiting for a worker"},
                "user_id": "ursula",
                "attempt": 0,
                "files": [],
                "logs": [],
            },
        },
    }


async def test_a_secret_lies_sealed_in_the_row_and_the_same_key_still_finds_the_same_body(
    client: httpx.AsyncClient, pdf: Path, store: Store, settings: Settings
):
    asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf", "password": "hush-hush"}}
    headers = {"Idempotency-Key": "one"}
    created = await client.post("/api/jobs/", json=asked, headers=headers)
    job_id = created.json()["data"]["job_id"]
    row = (await store.jobs.get_many([job_id]))[job_id]
    assert row.parameters["password"].keys() == {"sealed"}
    assert b"hush-hush" not in b"".join(file.read_bytes() for file in settings.data_dir.glob("secretary.db*"))
    again = await client.post("/api/jobs/", json=asked, headers=headers)
    assert (again.status_code, again.json()["data"]["job_id"]) == (200, job_id)
    asked["parameters"]["password"] = "another"  # type: ignore[index]
    assert (await client.post("/api/jobs/", json=asked, headers=headers)).status_code == 409


def test_the_same_body_is_known_again_after_the_key_for_secrets_was_replaced():
    old, new = ("b2xkIGtleSBvZiAzMiBieXRlcywgZm9yIHRlc3RzISE=", "bmV3IGtleSBvZiAzMiBieXRlcywgZm9yIHRlc3RzISE=")
    body = {"parameters": {"password": "hush"}}
    before = idempotency_of(Secrecy(lambda: [old]), "one", body)
    after = idempotency_of(Secrecy(lambda: [new, old]), "one", body)
    assert before is not None
    assert after is not None
    kept = IdempotencyRow(owner="ursula", key="one", request_hash=before.request_hash, target_id="job-1")
    assert after.is_of(kept)
    assert not after.is_of(IdempotencyRow(owner="ursula", key="one", request_hash="0" * 64, target_id="job-1"))


async def test_priority_and_attempts_are_taken(caller: Caller, store: Store):
    job_id = await caller.create(priority=7, max_attempts=1)
    row = (await store.jobs.get_many([job_id]))[job_id]
    assert (row.priority, row.max_attempts) == (7, 1)


async def test_historical_spellings_work_to_the_end(caller: Caller):
    old = {"extra": {"file_path": "a.pdf", "useCache": False}, "includeImages": True}
    job = await caller.job(await caller.create(parameters=old))
    assert job["parameters"] == {"filename": "a.pdf", "use_cache": False, "include_images": True}


class TestWithAnAlias:
    """A job type that had another name once."""

    @pytest.fixture
    def resources(self, settings: Settings, store: Store) -> Resources:
        return open_resources(settings, JobTypes([replace(PDF, aliases=("portable_document",)), *_others()]))

    async def test_the_old_name_creates_and_finds_jobs_of_the_new_one(self, caller: Caller):
        job_id = await caller.create(job_type="portable_document")
        listed = await caller.client.get("/api/jobs", params={"job_type": "portable_document"})
        assert [(job["job_id"], job["job_type"]) for job in listed.json()["data"]["jobs"]] == [(job_id, "pdf")]


def _others() -> list[Any]:
    return [job_type for job_type in load_job_types() if job_type.name != "pdf"]


WRONG_FIELDS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, [("job_type", "is required"), ("parameters", "is required")]),
    ({"job_nam": "x"}, [("job_nam", 'unknown parameter "job_nam". Did you mean "job_name"?')]),
    (
        {"parameters": {"filename": "a.pdf", "use_cach": True}},
        [("parameters.use_cach", 'unknown parameter "use_cach". Did you mean "use_cache"?')],
    ),
    ({"parameters": {"filename": "a\0.pdf"}}, [("parameters.filename", "must not hold a null byte")]),
    ({"job_name": "a\0b"}, [("job_name", "must not hold a null byte")]),
    (
        {"parameters": {"filename": "a.pdf", "context": {"a": [{"b\0": 1}]}}},
        [("parameters.context.a.0", "must not hold a null byte")],
    ),
    ({"parameters": []}, [("parameters", "must be an object")]),
]


async def test_wrong_fields_are_named(client: httpx.AsyncClient, pdf: Path, store: Store):
    right = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}
    for wrong, fields in WRONG_FIELDS:
        answer = await client.post("/api/jobs/", json={**right, **wrong} if wrong else {})
        assert (answer.status_code, answer.json()["status"]) == (400, "error")
        assert answer.json()["error"]["code"] == "INVALID_PARAMETERS"
        assert answer.json()["error"]["details"] == [{"field": name, "message": message} for name, message in fields]
    assert await nothing_created(store)


async def test_a_file_that_cannot_be_read_is_refused(client: httpx.AsyncClient, store: Store):
    for filename, status, code in (
        ("missing.pdf", 404, "FILE_NOT_FOUND"),
        ("/etc/passwd", 403, "FILE_NOT_ALLOWED"),
        (".", 400, "INVALID_FILE"),
    ):
        answer = await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"filename": filename}})
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await nothing_created(store)


async def test_an_unknown_job_type_is_refused_with_those_there_are(client: httpx.AsyncClient, store: Store):
    answer = await client.post("/api/jobs/", json={"job_type": "pfd", "parameters": {}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "UNKNOWN_JOB_TYPE")
    assert 'Did you mean "pdf"?' in answer.json()["error"]["message"]
    assert await nothing_created(store)


async def test_only_an_admin_creates_for_others(
    client: httpx.AsyncClient, admin: httpx.AsyncClient, stranger: httpx.AsyncClient, pdf: Path, store: Store
):
    asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}, "user_id": "otto"}
    refused = await client.post("/api/jobs/", json=asked)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "FORBIDDEN")
    assert await nothing_created(store)
    created = (await admin.post("/api/jobs/", json=asked)).json()["data"]["job"]
    assert created["user_id"] == "otto"
    assert (await stranger.get(f"/api/jobs/{created['job_id']}")).status_code == 200


class TestIdempotency:
    """The same key twice."""

    async def test_the_same_body_gives_the_same_job_and_another_a_conflict(self, caller: Caller, store: Store):
        headers = {"Idempotency-Key": "once"}
        asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}
        first = await caller.client.post("/api/jobs/", json=asked, headers=headers)
        again = await caller.client.post("/api/jobs/", json=asked, headers=headers)
        assert first.json() == again.json()
        assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
        other = await caller.client.post("/api/jobs/", json={**asked, "priority": 1}, headers=headers)
        assert (other.status_code, other.json()["error"]["code"]) == (409, "IDEMPOTENCY_CONFLICT")
        assert other.json()["error"]["details"] == {"existing_id": first.json()["data"]["job_id"]}
        assert sum((await store.jobs.status_counts()).values()) == 1

    async def test_another_owner_may_use_the_same_key(self, caller: Caller, stranger: httpx.AsyncClient, store: Store):
        headers = {"Idempotency-Key": "once"}
        asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}
        answers = [await who.post("/api/jobs/", json=asked, headers=headers) for who in (caller.client, stranger)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert sum((await store.jobs.status_counts()).values()) == 2

    async def test_a_key_too_long_is_refused(self, caller: Caller, store: Store):
        asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}
        answer = await caller.client.post("/api/jobs/", json=asked, headers={"Idempotency-Key": "k" * 256})
        assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (400, "idempotency_key")
        assert await nothing_created(store)


async def test_the_key_is_looked_at_before_the_body(anonymous: httpx.AsyncClient, store: Store):
    for headers in ({}, {"Authorization": "Bearer wrong-key"}, {"Authorization": f"Basic {OTHER_KEY}"}):
        answer = await anonymous.post("/api/jobs/", content=b"{not json", headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "UNAUTHORIZED")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert await nothing_created(store)
