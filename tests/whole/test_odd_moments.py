"""What callers can rely on in odd moments: a cancel in mid-step, a revoked key, a deleted job, a file that has gone."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from secretary.auth import new_key
from secretary.store import Database, Store
from tests.conftest import USER_KEY
from tests.documents_made import text_pdf
from tests.installation import Installation

SLEEP = {"job_type": "sleep", "parameters": {"seconds": 30.0}}


@contextlib.asynccontextmanager
async def socket(service: Installation, key: str) -> AsyncIterator[websockets.ClientConnection]:
    address = f"ws://127.0.0.1:{service.settings.port}/graphql"
    async with websockets.connect(address, subprotocols=[websockets.Subprotocol("graphql-transport-ws")]) as opened:
        await opened.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {key}"}}))
        assert json.loads(await opened.recv())["type"] == "connection_ack"
        yield opened


async def subscribe(opened: websockets.ClientConnection, query: str) -> None:
    await opened.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))


async def messages(opened: websockets.ClientConnection) -> AsyncIterator[dict[str, Any]]:
    async with asyncio.timeout(20):
        async for text in opened:
            message = json.loads(text)
            if message["type"] == "ping":
                continue
            yield message
            if message["type"] in {"complete", "error"}:
                return


async def _until_closed(opened: websockets.ClientConnection) -> AsyncIterator[str | bytes]:
    with contextlib.suppress(websockets.ConnectionClosed):
        while True:
            yield await opened.recv()


async def create(client: httpx.AsyncClient, body: Any) -> str:
    return str((await client.post("/api/jobs/", json=body)).json()["data"]["job_id"])


@pytest.fixture
async def store(service: Installation) -> AsyncIterator[Store]:
    opened = Store(Database(service.settings.sqlalchemy_url))
    yield opened
    await opened.close()


@pytest.fixture
async def passing_key(store: Store) -> tuple[str, str]:
    """Id and secret of a key that the test revokes."""
    key = new_key()
    await store.keys.add(key.id, user_id="ursula", is_admin=False, key_hash=key.key_hash, hint=key.hint)
    return key.id, key.secret


async def test_percent_does_not_go_back_when_a_job_is_cancelled(
    service: Installation, client: httpx.AsyncClient
) -> None:
    job_id = await create(client, {"job_type": "sleep", "parameters": {"seconds": 4.0}})
    percents: list[int] = []
    cancelled = False
    async with socket(service, USER_KEY) as opened:
        await subscribe(opened, f'subscription {{ jobProgress(jobId: "{job_id}") {{ percent status }} }}')
        async for message in messages(opened):
            if message["type"] == "next":
                percents.append(message["payload"]["data"]["jobProgress"]["percent"])
            if not cancelled and percents[-1] >= 35:
                cancelled = (await client.post(f"/api/jobs/{job_id}/cancel")).status_code == 200
    assert percents == sorted(percents)
    assert percents[-1] >= 35
    job = (await client.get(f"/api/jobs/{job_id}")).json()["data"]
    assert (job["status"], job["error"]["code"]) == ("failed", "JOB_CANCELLED")
    assert job["progress"]["percent"] == percents[-1]


async def test_a_subscriber_gets_the_end_of_a_job_that_is_deleted(
    service: Installation, client: httpx.AsyncClient
) -> None:
    job_id = await create(client, SLEEP)
    told: list[dict[str, Any]] = []
    async with socket(service, USER_KEY) as opened:
        await subscribe(opened, f'subscription {{ jobProgress(jobId: "{job_id}") {{ status job {{ id status }} }} }}')
        async for message in messages(opened):
            if message["type"] == "next":
                told.append(message["payload"]["data"]["jobProgress"])
                if len(told) == 2:
                    assert (await client.delete(f"/api/jobs/{job_id}")).status_code == 200
    assert told[-1] == {"status": "CANCELLED", "job": {"id": job_id, "status": "CANCELLED"}}


async def test_a_revoked_key_opens_nothing_any_more_over_a_socket_that_is_open(
    service: Installation, store: Store, passing_key: tuple[str, str]
) -> None:
    key_id, secret = passing_key
    async with socket(service, secret) as listening, socket(service, secret) as idle:
        await subscribe(listening, "subscription { jobChanges { id } }")
        assert await store.keys.revoke(key_id)
        await subscribe(idle, "{ viewer { userId } }")
        for opened in (idle, listening):
            async with asyncio.timeout(15):
                told = [json.loads(text)["type"] async for text in _until_closed(opened)]
            assert "next" not in told
            assert opened.close_code == 4403


async def test_an_event_stream_ends_when_its_key_is_revoked(
    service: Installation, client: httpx.AsyncClient, store: Store, passing_key: tuple[str, str]
) -> None:
    key_id, secret = passing_key
    job_id = await create(client, SLEEP)
    headers = {"Authorization": f"Bearer {secret}"}
    async with asyncio.timeout(20), client.stream("GET", f"/api/jobs/{job_id}/stream", headers=headers) as stream:
        assert stream.status_code == 200
        assert await store.keys.revoke(key_id)
        events = [line async for line in stream.aiter_lines() if line.startswith("event: ")]
    assert "event: completed" not in events
    assert "event: error" not in events
    await client.delete(f"/api/jobs/{job_id}")


async def test_the_same_key_gives_the_same_job_also_when_its_file_has_gone(
    client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    path = text_pdf(shared_inputs / "passing.pdf", "soon gone")
    key = {"Idempotency-Key": "a-key-for-a-passing-file"}
    body = {"job_type": "pdf", "parameters": {"filename": "passing.pdf"}}
    first = await client.post("/api/jobs/", json=body, headers=key)
    batch_key = {"Idempotency-Key": "a-key-for-a-passing-batch"}
    first_batch = await client.post("/api/jobs/batch", json={"jobs": [body]}, headers=batch_key)
    path.unlink()
    again = await client.post("/api/jobs/", json=body, headers=key)
    assert again.status_code == 200
    assert again.json()["data"]["job_id"] == first.json()["data"]["job_id"]
    again_batch = await client.post("/api/jobs/batch", json={"jobs": [body]}, headers=batch_key)
    assert again_batch.json()["data"]["batch_id"] == first_batch.json()["data"]["batch_id"]


async def test_the_key_of_a_deleted_job_is_free_again(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "a-key-used-twice"}
    body = {"job_type": "noop", "parameters": {}}
    first = (await client.post("/api/jobs/", json=body, headers=key)).json()["data"]["job_id"]
    await client.delete(f"/api/jobs/{first}")
    second = await client.post("/api/jobs/", json=body, headers=key)
    assert second.status_code == 200
    assert second.json()["data"]["job_id"] != first


async def test_a_live_list_begins_now(service: Installation, client: httpx.AsyncClient) -> None:
    before = await create(client, {"job_type": "noop", "parameters": {}})
    async with asyncio.timeout(20):
        while (await client.get(f"/api/jobs/{before}")).json()["data"]["status"] != "completed":
            await asyncio.sleep(0.05)
    await asyncio.sleep(1.0)
    async with socket(service, USER_KEY) as opened:
        await subscribe(opened, "subscription { jobChanges { id status } }")
        # Longer than the net under the stream takes to read what changed of late.
        await asyncio.sleep(6.0)
        after = await create(client, {"job_type": "noop", "parameters": {}})
        seen: list[str] = []
        async for message in messages(opened):
            seen.append(message["payload"]["data"]["jobChanges"]["id"])
            if message["payload"]["data"]["jobChanges"]["status"] == "COMPLETED":
                break
    assert before not in seen
    assert after in seen


async def test_pages_by_change_do_not_repeat_a_running_job(client: httpx.AsyncClient) -> None:
    running = await create(client, SLEEP)
    async with asyncio.timeout(10):
        while (await client.get(f"/api/jobs/{running}")).json()["data"]["progress"]["percent"] < 2:
            await asyncio.sleep(0.05)
    query = """query ($after: String) {
      jobs(first: 1, after: $after, orderBy: {field: UPDATED_AT}) { nodes { id } pageInfo { endCursor } }
    }"""

    async def page(after: str | None) -> Any:
        body = {"query": query, "variables": {"after": after}}
        return (await client.post("/graphql", json=body)).json()["data"]["jobs"]

    first = await page(None)
    second = await page(first["pageInfo"]["endCursor"])
    assert first["nodes"] == [{"id": running}]
    assert second["nodes"] != first["nodes"]
    await client.delete(f"/api/jobs/{running}")


@pytest.mark.parametrize("literal", ['"\\\\u{0}"', '"\\\\u0000"'])
async def test_a_null_character_in_a_document_is_refused(client: httpx.AsyncClient, literal: str) -> None:
    text = literal.replace("\\\\", "\\")
    answer = await client.post("/graphql", json={"query": f"{{ job(id: {text}) {{ id }} }}"})
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] in {"GRAPHQL_VALIDATION_FAILED", "INVALID_JSON"}


async def test_names_are_found_whatever_their_capitals(client: httpx.AsyncClient) -> None:
    body = {"job_type": "noop", "parameters": {}, "job_name": "ünïcödé name"}
    job_id = await create(client, body)
    query = '{ jobs(filter: {nameContains: "ÜNÏCÖDÉ"}) { nodes { id } } }'
    assert (await client.post("/graphql", json={"query": query})).json()["data"]["jobs"]["nodes"] == [{"id": job_id}]


async def test_a_webhook_that_is_null_is_no_webhook(client: httpx.AsyncClient, shared_inputs: Path) -> None:
    text_pdf(shared_inputs / "text.pdf", "text")
    parameters = {"filename": "text.pdf", "webhook": None}
    assert (await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": parameters})).status_code == 200
    parameters["webhook"] = {"url": "example.org"}  # type: ignore[assignment]
    answer = await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": parameters})
    assert answer.json()["error"]["details"] == [
        {"field": "parameters.webhook.url", "message": "must be an address such as https://host/path"}
    ]
