"""Limits of each owner as callers of REST meet them: 429 with Retry-After, and nothing created."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from secretary.settings import Settings
from secretary.store import Store
from tests.conftest import ADMIN_KEY, OTHER_KEY
from tests.documents_made import text_pdf

JOB = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}


@pytest.fixture
def limits() -> dict[str, Any]:
    return {}


@pytest.fixture
def settings(settings: Settings, limits: dict[str, Any], inputs: Path) -> Settings:
    text_pdf(inputs / "a.pdf", "Hello")
    return settings.model_copy(update=limits)


def limited(**limits: Any) -> Any:
    return pytest.mark.parametrize("limits", [limits], ids=[""])


def by(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@limited(owner_requests_per_minute=3)
async def test_too_many_requests_are_told_when_to_come_back(client: httpx.AsyncClient, store: Store):
    answers = [await client.post("/api/jobs/", json=JOB) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["error"]["code"] == "RATE_LIMITED"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
    assert await store.usage.pending_jobs("ursula") == 3
    assert (await client.get("/api/jobs")).status_code == 429
    assert (await client.get("/api/jobs", headers=by(OTHER_KEY))).status_code == 200
    assert (await client.get("/api/health/live")).status_code == 200
    assert [(await client.get("/api/jobs", headers=by(ADMIN_KEY))).status_code for _ in range(5)] == [200] * 5


@limited(owner_requests_per_minute=1)
async def test_without_a_valid_key_nothing_is_counted(client: httpx.AsyncClient):
    refused = [await client.get("/api/jobs", headers=by("sec_wrong")) for _ in range(3)]
    assert [answer.status_code for answer in refused] == [401] * 3
    assert (await client.get("/api/jobs")).status_code == 200


@limited(owner_pending_jobs=2)
async def test_jobs_that_wait_are_limited_and_a_batch_counts_its_jobs(client: httpx.AsyncClient, store: Store):
    assert (await client.post("/api/jobs/batch", json={"jobs": [JOB] * 3})).status_code == 429
    assert (await client.post("/api/jobs/batch", json={"jobs": [JOB] * 2})).status_code == 200
    refused = await client.post("/api/jobs/", json=JOB, headers={"Idempotency-Key": "k"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert refused.json()["error"]["message"].startswith("2 jobs of this owner wait already")
    assert await store.usage.pending_jobs("ursula") == 2
    [waiting, _] = (await client.get("/api/jobs")).json()["data"]["jobs"]
    assert (await client.post(f"/api/jobs/{waiting['job_id']}/cancel")).status_code == 200
    assert (await client.post("/api/jobs/", json=JOB, headers={"Idempotency-Key": "k"})).status_code == 200
    replayed = await client.post("/api/jobs/", json=JOB, headers={"Idempotency-Key": "k"})
    assert (replayed.status_code, replayed.headers["Idempotency-Replayed"]) == (200, "true")
    assert (
        await client.post("/api/jobs/", json={**JOB, "user_id": "ursula"}, headers=by(ADMIN_KEY))
    ).status_code == 200


@limited(owner_stored_megabytes=1)
async def test_kept_files_are_limited_until_jobs_are_deleted(client: httpx.AsyncClient, store: Store):
    job_id = (await client.post("/api/jobs/", json=JOB)).json()["data"]["job_id"]
    claimed = await store.claims.claim("default", "worker-1")
    assert claimed is not None
    await store.claims.complete(claimed[0], {"stored_bytes": 1024 * 1024, "sequence": 9})
    refused = await client.post("/api/jobs/", json=JOB)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert (await client.delete(f"/api/jobs/{job_id}")).status_code == 200
    assert (await client.post("/api/jobs/", json=JOB)).status_code == 200


@limited(owner_requests_per_minute=1, redis_url=SecretStr("unix:///nowhere/valkey.sock"))
async def test_while_redis_is_away_requests_are_answered_and_the_log_says_so(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
):
    assert [(await client.get("/api/jobs")).status_code for _ in range(3)] == [200] * 3
    said = [record.message for record in caplog.records if "requests are not counted meanwhile" in record.message]
    assert len(said) == 1
