"""Whatever goes wrong behind the doors, an answer says nothing of the inside: no traceback, no path, no SQL, no secret; it has a code and
the id under which the log has the rest."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from secretary.settings import Settings
from secretary.store import Store
from tests.conftest import USER_KEY
from tests.graphql.conftest import CREATE, Asking, ask, claim

__all__ = ["ask", "claim"]

INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|line \d+, in|sqlite|sqlalchem|psycopg|asyncpg|redis|valkey|strawberry|starlette|pydantic|"
    r"SELECT |INSERT |UPDATE |FROM job|no such|/tmp/|/root/|/home/|site-packages|0x[0-9a-f]{6}|Errno",
    re.IGNORECASE,
)
VIEWER = "{ viewer { userId } }"
HUGE = 10**30


def says_nothing_of_the_inside(response: httpx.Response) -> None:
    found = INSIDE.search(response.text)
    assert found is None, f"{found and found[0]!r} in {response.text}"
    assert USER_KEY not in response.text
    assert response.headers["x-request-id"]


def errors_of(response: httpx.Response) -> list[Any]:
    """The errors of an answer of either door, each with a code and the request's id."""
    says_nothing_of_the_inside(response)
    body = response.json()
    if "error" in body:
        assert body["status"] == "error"
        assert body["error"]["code"]
        return [body["error"]]
    errors = body.get("errors", [])
    for error in errors:
        assert error["extensions"]["code"]
        assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return list(errors)


QUERIES: list[Any] = [
    ("{ jobs(first: 5) { totalCount nodes { id } } }", {}),
    ("{ batches { nodes { id jobs { nodes { id } } } } }", {}),
    ('{ job(id: "job-1") { id } }', {}),
    ("{ queue { pending workers { id } } }", {}),
    (CREATE, {"input": {"job": {"pdf": {"filename": "a.pdf"}}}}),
    ('mutation { deleteJob(id: "job-1") { __typename } }', {}),
]
ROUTES = ("/api/jobs", "/api/jobs/job-1", "/api/jobs/batch/batch-1", "/api/jobs/job-1/stream", "/api/health/ready")


async def test_a_database_that_lost_its_tables(client: httpx.AsyncClient, ask: Asking, store: Store) -> None:
    async with store.database.engine.begin() as connection:
        for table in ("job", "batch", "worker"):
            await connection.execute(text(f"ALTER TABLE {table} RENAME TO gone_{table}"))
    for query, variables in QUERIES:
        response = await client.post("/graphql", json={"query": query, "variables": variables})
        assert {error["extensions"]["code"] for error in errors_of(response)} <= {"UNAVAILABLE", "INTERNAL"}
        assert errors_of(response)
    for route in ROUTES:
        response = await client.get(route)
        assert (response.status_code, errors_of(response)[0]["code"]) in {(503, "UNAVAILABLE"), (500, "INTERNAL")}


class TestWithoutRedis:
    """The bell and the bus are away; what needs neither goes on."""

    @pytest.fixture
    def settings(self, settings: Settings, tmp_path: Path) -> Settings:
        return settings.model_copy(update={"redis_url": type(settings.redis_url)(f"unix://{tmp_path}/nobody.sock")})

    async def test_jobs_are_taken_and_nothing_is_told_of_why_they_wait(
        self, client: httpx.AsyncClient, ask: Asking
    ) -> None:
        job_id = await ask.create()
        assert (await ask("query ($id: ID!) { job(id: $id) { status } }", id=job_id))["job"] == {"status": "PENDING"}
        body = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}}
        response = await client.post("/api/jobs/", json=body)
        assert response.status_code == 200
        says_nothing_of_the_inside(response)
        response = await client.get("/api/health/ready")
        assert (response.status_code, response.json()["error"]["details"]["redis"]) == (503, False)
        # It names what is away, and no more of it.
        assert "nobody.sock" not in response.text


async def test_a_bug(client: httpx.AsyncClient, ask: Asking, claim, caplog: pytest.LogCaptureFixture) -> None:
    job_id = await ask.create()
    await (await claim()).complete(results={"structured_data": "/secret/path.py"})
    query = "query ($id: ID!) { job(id: $id) { id results { __typename } } }"
    own = {"X-Request-ID": "an-id-of-my-own"}
    caplog.set_level(logging.ERROR)
    response = await client.post("/graphql", json={"query": query, "variables": {"id": job_id}}, headers=own)
    assert [error["extensions"]["code"] for error in errors_of(response)] == ["INTERNAL"]
    assert response.headers["x-request-id"] == "an-id-of-my-own"
    (logged,) = [record for record in caplog.records if record.name == "secretary.requests"]
    assert logged.getMessage() == "unforeseen error in request an-id-of-my-own"
    assert logged.exc_info is not None


async def test_a_row_that_cannot_be_read(
    client: httpx.AsyncClient, ask: Asking, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    job_id = await ask.create()
    async with store.database.engine.begin() as connection:
        await connection.execute(text("UPDATE job SET status = '/secret/path.py'"))
    query = {"query": "query ($id: ID!) { job(id: $id) { id } }", "variables": {"id": job_id}}
    for request_id, response in (
        ("first-of-all", await client.post("/graphql", json=query, headers={"X-Request-ID": "first-of-all"})),
        ("second-of-all", await client.get(f"/api/jobs/{job_id}", headers={"X-Request-ID": "second-of-all"})),
    ):
        (error,) = errors_of(response)
        assert error.get("code", error.get("extensions", {}).get("code")) == "INTERNAL"
        assert error["message"] == "Something unforeseen happened; the server's log has it."
        assert response.headers["x-request-id"] == request_id
        assert request_id in response.text
        assert f"unforeseen error in request {request_id}" in caplog.text
    assert "/secret/path.py" in caplog.text


HUGE_NUMBERS: list[Any] = [
    {"query": f"{{ jobs(first: {HUGE}) {{ totalCount }} }}"},
    {"query": "query ($n: Int) { jobs(first: $n) { totalCount } }", "variables": {"n": HUGE}},
    {"query": "query ($n: Int) { jobs(first: $n) { totalCount } }", "variables": {"n": 1e308}},
    {"query": f'{{ jobs(after: "{HUGE}") {{ totalCount }} }}'},
    {"query": CREATE, "variables": {"input": {"job": {"pdf": {"filename": "a.pdf"}}, "priority": HUGE}}},
    {"query": CREATE, "variables": {"input": {"job": {"pdf": {"filename": "a.pdf", "pageStart": 2**31 - 1}}}}},
    {
        "query": CREATE,
        "variables": {
            "input": {"job": {"custom": {"jobType": "pdf", "parameters": {"filename": "a.pdf", "page_end": HUGE}}}}
        },
    },
]


async def test_huge_numbers(client: httpx.AsyncClient, ask: Asking) -> None:
    for body in HUGE_NUMBERS:
        response = await client.post("/graphql", content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert response.status_code in {200, 400}
        assert {error["extensions"]["code"] for error in errors_of(response)} <= {
            "BAD_USER_INPUT",
            "GRAPHQL_VALIDATION_FAILED",
        }
    for parameters in ({"limit": HUGE}, {"limit": -HUGE}, {"cursor": HUGE}):
        response = await client.get("/api/jobs", params=parameters)
        assert (response.status_code, errors_of(response)[0]["code"]) == (400, "INVALID_PARAMETERS")
    for field in ("priority", "max_attempts"):
        body = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}, field: HUGE}
        response = await client.post("/api/jobs/", content=json.dumps(body))
        assert (response.status_code, errors_of(response)[0]["code"]) == (400, "INVALID_PARAMETERS")


def strange_cursors() -> Iterator[str]:
    yield from ("x", "====", "é", "-1", "None", "MTIz", "W10=", "e30=", "bnVsbA==", "[" * 300, "9" * 400, "\u202e")


async def test_bad_cursors(client: httpx.AsyncClient, ask: Asking) -> None:
    batch_id, job_id = await ask.create_batch(1), await ask.create()
    lists = (
        "query ($c: String, $j: ID!, $b: ID!) { jobs(after: $c) { totalCount } batch(id: $b) { id } job(id: $j) { id } }",
        "query ($c: String, $j: ID!, $b: ID!) { jobs(before: $c) { totalCount } batch(id: $b) { id } job(id: $j) { id } }",
        "query ($c: String, $j: ID!, $b: ID!) { batches(after: $c) { totalCount } batch(id: $b) { id } job(id: $j) { id } }",
        "query ($c: String, $j: ID!, $b: ID!) { batch(id: $b) { jobs(after: $c) { totalCount } } job(id: $j) { id } }",
        "query ($c: String, $j: ID!, $b: ID!) { job(id: $j) { logs(after: $c) { nodes { id } } } batch(id: $b) { id } }",
    )
    for cursor in strange_cursors():
        for query in lists:
            variables = {"c": cursor, "b": batch_id, "j": job_id}
            response = await client.post("/graphql", json={"query": query, "variables": variables})
            codes = [error["extensions"]["code"] for error in errors_of(response)]
            assert codes == ["BAD_USER_INPUT"], (cursor, query)
        response = await client.get("/api/jobs", params={"cursor": cursor})
        assert (response.status_code, errors_of(response)[0]["code"]) == (400, "INVALID_PARAMETERS"), cursor


async def test_null_bytes(client: httpx.AsyncClient, ask: Asking) -> None:
    for route in ("/api/jobs/%00", "/api/jobs/job-%00/stream", "/api/jobs/batch/%00", "/api/jobs?user_id=%00"):
        response = await client.get(route)
        assert response.status_code in {400, 404}
        assert errors_of(response)
    for route in ("/graphql", "/api/jobs/"):
        response = await client.post(route, content=b'{"query": "{ a }\\u0000", "job_type": "\\u0000"}')
        assert response.status_code in {400, 415}
        assert errors_of(response)
    for parameters in (
        {"query": "{ a\0 }"},
        {"query": VIEWER, "operationName": "\0"},
        {"query": VIEWER, "variables": "\0"},
    ):
        response = await client.get("/graphql", params=parameters)
        assert errors_of(response)


async def test_an_id_that_is_no_plain_word_is_replaced(client: httpx.AsyncClient) -> None:
    for given in ("short", "x" * 129, "two words of it", "<script>alert(1)</script>", "semi;colon;ed"):
        for route in ("/graphql", "/api/jobs/job-1"):
            response = await client.get(route, headers={"X-Request-ID": given})
            assert errors_of(response)
            assert response.headers["x-request-id"] != given
    for route in ("/graphql", "/api/jobs/job-1"):
        response = await client.get(route, headers={"X-Request-ID": "well-formed_1.2"})
        assert response.headers["x-request-id"] == "well-formed_1.2"
        assert errors_of(response)
