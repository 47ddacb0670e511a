"""What stands around the jobs: health, figures, the description, and the answers to calls that fit nothing."""

import json
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import text
from starlette.routing import Route

from secretary import rest
from secretary.errors import RateLimited
from secretary.job_types import load_job_types
from secretary.resources import Resources, open_resources
from secretary.rest.refusals import refusal_answer
from secretary.settings import Settings
from secretary.store import Store
from tests.conftest import USER_KEY
from tests.rest.conftest import Caller, HandWorker


async def test_ready_says_what_is_not(anonymous: httpx.AsyncClient, store: Store):
    assert (await anonymous.get("/api/health/live")).json() == {"status": "success", "data": {"checks": {}}}
    missing = await anonymous.get("/api/health/ready")
    assert (missing.status_code, missing.headers["retry-after"]) == (503, "2")
    assert missing.json()["error"] == {
        "code": "UNAVAILABLE",
        "message": "Not ready: no answer from workers.",
        "details": {"database": True, "redis": True, "workers": False},
    }
    await store.workers.renew("worker-1", host="here", pid=1)
    ready = await anonymous.get("/api/health/ready")
    assert (ready.status_code, ready.json()["data"]["checks"]) == (
        200,
        {"database": True, "redis": True, "workers": True},
    )


class TestWithoutDatabaseAndRedis:
    """Neither answers."""

    @pytest.fixture
    def resources(self, settings: Settings, store: Store, tmp_path: Path) -> Resources:
        away = settings.model_copy(update={"data_dir": tmp_path / "away", "redis_url": None})
        return open_resources(away, load_job_types())

    async def test_every_answer_says_so(self, client: httpx.AsyncClient, pdf: Path):
        ready = await client.get("/api/health/ready")
        assert (ready.status_code, ready.json()["error"]["code"]) == (503, "UNAVAILABLE")
        assert ready.json()["error"]["details"] == {"database": False, "redis": False, "workers": False}
        asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}
        answers = [await client.get("/api/jobs/job-1"), await client.post("/api/jobs/", json=asked)]
        for answer in answers:
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert answer.json()["error"]["code"] == "UNAVAILABLE"
        assert (await client.get("/api/health/live")).status_code == 200
        figures = (await client.get("/metrics")).text
        assert "secretary_workers NaN" in figures
        assert "secretary_jobs{" not in figures


async def test_the_figures_are_those_of_the_service(caller: Caller, anonymous: httpx.AsyncClient, store: Store):
    await caller.create()
    await caller.client.get("/no/such/route")
    await caller.client.request("PROPFIND", "/api/jobs")
    await store.workers.renew("worker-1", host="here", pid=1)
    answer = await anonymous.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    figures = set(answer.text.splitlines())
    assert {
        'secretary_jobs{status="pending"} 1.0',
        'secretary_jobs{status="cancelled"} 0.0',
        "secretary_workers 1.0",
        "secretary_watchers 0.0",
        "secretary_bus_reconnections_total 0.0",
        'secretary_http_requests_total{method="POST",route="/api/jobs/",status="200"} 1.0',
        'secretary_http_requests_total{method="GET",route="none",status="404"} 1.0',
        'secretary_http_requests_total{method="OTHER",route="/api/jobs",status="405"} 1.0',
    } <= figures


async def test_figures_from_afar_want_a_key(anonymous: httpx.AsyncClient):
    afar = {"X-Forwarded-For": "203.0.113.9"}
    assert (await anonymous.get("/metrics", headers=afar)).status_code == 401
    assert (await anonymous.get("/metrics", headers={"Forwarded": "for=127.0.0.1"})).status_code == 401
    keyed = {**afar, "Authorization": f"Bearer {USER_KEY}"}
    assert (await anonymous.get("/metrics", headers=keyed)).status_code == 200


async def test_calls_that_fit_nothing_are_answered_in_the_same_words(client: httpx.AsyncClient):
    unknown = await client.get("/api/nothing")
    assert (unknown.status_code, unknown.json()) == (
        404,
        {
            "status": "error",
            "error": {
                "code": "NOT_FOUND",
                "message": "There is no such route; GET /api/openapi.json describes them.",
                "details": None,
            },
        },
    )
    assert unknown.headers["x-content-type-options"] == "nosniff"
    for method, path, allowed in (
        ("PUT", "/api/jobs", "GET, HEAD, POST"),
        ("POST", "/api/jobs/job-1", "DELETE, GET, HEAD"),
        ("GET", "/api/jobs/batch", "POST"),
        ("DELETE", "/api/health/live", "GET, HEAD"),
        ("OPTIONS", "/api/jobs/job-1/cancel", "POST"),
    ):
        wrong = await client.request(method, path)
        assert (wrong.status_code, wrong.headers["allow"]) == (405, allowed)
        assert wrong.json()["error"]["code"] == "METHOD_NOT_ALLOWED"


async def test_the_unforeseen_is_told_by_its_id_alone(caller: Caller, store: Store, caplog: pytest.LogCaptureFixture):
    job_id = await caller.create()
    async with store.database.write() as session:
        await session.execute(text("UPDATE job SET status = 'spoilt by hand'"))
    with caplog.at_level(logging.ERROR):
        answer = await caller.client.get(f"/api/jobs/{job_id}", headers={"X-Request-ID": "my-request-1"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "my-request-1")
    assert answer.json() == {
        "status": "error",
        "error": {
            "code": "INTERNAL",
            "message": "Something unforeseen happened; the server's log has it.",
            "details": {"request_id": "my-request-1"},
        },
    }
    assert "unforeseen error in request my-request-1" in caplog.text
    assert "spoilt by hand" in caplog.text


def test_who_asks_too_often_is_told_when_to_come_back():
    answer = refusal_answer(RateLimited())
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert json.loads(answer.body)["error"]["code"] == "RATE_LIMITED"


class TestDescription:
    """GET /api/openapi.json."""

    @pytest.fixture
    async def document(self, anonymous: httpx.AsyncClient) -> dict[str, Any]:
        return dict((await anonymous.get("/api/openapi.json")).json())

    async def test_it_is_valid_and_names_every_route(self, document: dict[str, Any], resources: Resources):
        assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
        routes = rest.routes(resources.service, max_body_bytes=1)
        paths = {route.path.replace(":path", "") for route in routes if isinstance(route, Route)}
        assert paths - set(document["paths"]) == {"/api/jobs/batch/", "/api/files/"}
        assert set(document["paths"]) <= paths
        security = document["paths"]["/api/jobs/{job_id}"]["get"]["security"]
        assert security == [{"bearer": []}, {"apiKey": []}]
        assert document["paths"]["/api/health/live"]["get"]["security"] == []
        refused = document["paths"]["/api/jobs/"]["post"]["responses"]
        assert {"400", "401", "403", "404", "409", "413", "415", "500", "503"} <= set(refused)
        assert "`UNKNOWN_JOB_TYPE`" in refused["400"]["description"]

    async def test_answers_are_as_described(self, document: dict[str, Any], caller: Caller, worker: HandWorker):
        job_id = await caller.create()
        await worker.complete(await worker.claim(), files={"a.md": b"a"}, results={"target_dir": ""})
        for path in ("/api/jobs", "/api/jobs/{job_id}", "/api/health/live"):
            answer = await caller.client.get(path.format(job_id=job_id))
            described = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            Draft202012Validator({**described, "components": document["components"]}).validate(answer.json())
        refused = document["paths"]["/api/jobs/"]["post"]["responses"]["400"]["content"]["application/json"]["schema"]
        answer = await caller.client.post("/api/jobs/", json={})
        Draft202012Validator({**refused, "components": document["components"]}).validate(answer.json())
