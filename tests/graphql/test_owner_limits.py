"""Limits of each owner as callers of GraphQL meet them: a member of the union where there is one, else 429."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from secretary.settings import Settings
from secretary.store import Store
from tests.documents_made import text_pdf
from tests.graphql.conftest import Socket

LIMITED = "... on RateLimitedError { code message retryAfterSeconds }"
CREATE = f'mutation {{ createJob(input: {{job: {{pdf: {{filename: "a.pdf"}}}}}}) {{ __typename {LIMITED} }} }}'
CREATE_BATCH = f"""mutation ($jobs: [CreateJobInput!]!) {{
  createBatch(input: {{jobs: $jobs}}) {{ __typename {LIMITED} }} }}"""
COUNT = "{ jobs { totalCount } }"
JOBS = [{"job": {"pdf": {"filename": "a.pdf"}}}]


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest, inputs: Path) -> Settings:
    text_pdf(inputs / "a.pdf", "Hello")
    return settings.model_copy(update=request.param)


def limited(**limits: int) -> Any:
    return pytest.mark.parametrize("settings", [limits], ids=[""], indirect=True)


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> httpx.Response:
    return await client.post("/graphql", json={"query": query, "variables": variables})


@limited(owner_requests_per_minute=2)
async def test_too_many_requests_are_a_value_where_the_result_can_say_so(client: httpx.AsyncClient, store: Store):
    created = [(await ask(client, CREATE)).json()["data"]["createJob"] for _ in range(3)]
    assert [each["__typename"] for each in created] == ["CreateJobPayload", "CreateJobPayload", "RateLimitedError"]
    assert created[2]["code"] == "RATE_LIMITED"
    assert 1 <= created[2]["retryAfterSeconds"] <= 30
    batch = (await ask(client, CREATE_BATCH, jobs=JOBS)).json()["data"]["createBatch"]
    assert batch["__typename"] == "RateLimitedError"
    for query in (COUNT, f"mutation {{ a: cancelJob(id: 1) {{ __typename }} b: {CREATE.removeprefix('mutation { ')}"):
        refused = await ask(client, query)
        [error] = refused.json()["errors"]
        assert (refused.status_code, error["extensions"]["code"]) == (429, "RATE_LIMITED")
        assert refused.headers["Retry-After"] == str(error["extensions"]["retryAfterSeconds"])
        assert "data" not in refused.json()
    assert await store.usage.pending_jobs("ursula") == 2


@limited(owner_pending_jobs=2)
async def test_jobs_that_wait_are_limited_and_a_batch_counts_its_jobs(client: httpx.AsyncClient, store: Store):
    batch = (await ask(client, CREATE_BATCH, jobs=JOBS * 3)).json()["data"]["createBatch"]
    assert (batch["__typename"], batch["retryAfterSeconds"]) == ("RateLimitedError", 10)
    created = [(await ask(client, CREATE)).json()["data"]["createJob"]["__typename"] for _ in range(3)]
    assert created == ["CreateJobPayload", "CreateJobPayload", "RateLimitedError"]
    assert await store.usage.pending_jobs("ursula") == 2
    assert (await ask(client, COUNT)).json()["data"]["jobs"]["totalCount"] == 2


@limited(owner_requests_per_minute=1)
async def test_operations_of_a_socket_are_counted_too(socket: Socket):
    await socket.subscribe(COUNT, "1")
    assert [(await socket.receive())["type"] for _ in range(2)] == ["next", "complete"]
    await socket.subscribe(COUNT, "2")
    refused = await socket.receive()
    assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")
    await socket.subscribe(CREATE, "3")
    assert (await socket.receive())["payload"]["data"]["createJob"]["__typename"] == "RateLimitedError"


@limited(owner_requests_per_minute=1)
async def test_a_file_too_many_is_told_as_a_value_and_not_kept(client: httpx.AsyncClient, store: Store):
    upload = f"mutation ($file: Upload!) {{ uploadFile(file: $file) {{ __typename {LIMITED} }} }}"
    operations = json.dumps({"query": upload, "variables": {"file": None}})
    kinds = []
    for content in (b"one", b"two"):
        form = {"operations": (None, operations), "map": (None, '{"0": ["variables.file"]}'), "0": ("a.pdf", content)}
        kinds.append((await client.post("/graphql", files=form)).json()["data"]["uploadFile"]["__typename"])
    assert kinds == ["UploadFilePayload", "RateLimitedError"]
    assert await store.usage.stored_bytes("ursula") == 3
