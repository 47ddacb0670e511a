"""Following a job by Server-Sent Events: every change, to the end, however often the connection was lost."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from secretary import rest
from secretary.resources import Resources, opened
from secretary.rest.events import HEARTBEAT_SECONDS
from secretary.settings import Settings
from secretary.store import Store
from tests.conftest import USER_KEY
from tests.rest.conftest import Caller, HandWorker


@dataclass
class Event:
    """One event as a browser reads it."""

    name: str
    id: int
    data: dict[str, Any]


async def events_of(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "event" in fields:
            yield Event(fields["event"], int(fields["id"]), json.loads(fields["data"]))
            fields = {}


async def followed(client: httpx.AsyncClient, job_id: str, after: int | None = None) -> list[Event]:
    """All events until the door ends the stream."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    async with client.stream("GET", f"/api/jobs/{job_id}/stream", headers=headers) as answer:
        assert answer.status_code == 200
        return [event async for event in events_of(answer.aiter_lines())]


async def until(condition: Any) -> None:
    for _ in range(200):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to pass")


async def test_a_job_is_followed_from_its_first_state_to_its_results(
    caller: Caller, worker: HandWorker, resources: Resources
):
    job_id = await caller.create()
    async with caller.client.stream("GET", f"/api/jobs/{job_id}/stream") as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
        async with aclosing(events_of(answer.aiter_lines())) as events:
            seen = [await anext(events)]
            claim = await worker.claim()
            seen.append(await anext(events))
            await worker.report(claim, sequence=9, percent=42)
            seen.append(await anext(events))
            await worker.complete(claim, files={"a.md": b"a"}, results={"target_dir": "", "answer": 42})
            seen += [event async for event in events]
    assert [event.name for event in seen] == ["pending", "progress", "progress", "completed"]
    assert [event.id for event in seen] == [event.data["sequence"] for event in seen] == [1, 2, 9, 50]
    assert [event.data["status"] for event in seen] == ["pending", "processing", "processing", "completed"]
    assert seen[2].data["progress"] == {"step": "extracting_text", "percent": 42, "message": "Working"}
    assert {event.data["job_id"] for event in seen} == {job_id}
    assert ["results" in event.data for event in seen] == [False, False, False, True]
    assert seen[3].data["results"] == {"target_dir": "", "answer": 42}
    await until(lambda: resources.hub.watchers == 0)


async def test_a_lost_stream_goes_on_where_it_was(caller: Caller, worker: HandWorker):
    job_id = await caller.create()
    claim = await worker.claim()
    following = asyncio.create_task(followed(caller.client, job_id, after=2))
    await asyncio.sleep(0.1)
    await worker.complete(claim, files={}, results={"target_dir": ""}, sequence=8)
    assert [(event.name, event.id) for event in await following] == [("completed", 8)]
    assert [(event.name, event.id) for event in await followed(caller.client, job_id, after=5)] == [("completed", 8)]
    assert [event.id for event in await followed(caller.client, job_id, after=9_999)] == [8]
    ended = await caller.client.get(f"/api/jobs/{job_id}/stream", headers={"Last-Event-ID": "8"})
    assert (ended.status_code, ended.content) == (204, b"")
    for foreign in ("", "x", "-1", "9" * 5000):
        answer = await caller.client.get(f"/api/jobs/{job_id}/stream", headers={"Last-Event-ID": foreign})
        assert answer.text.startswith("id: 8\nevent: completed\ndata: {")
        assert "\r" not in answer.text


async def test_every_other_end_is_an_error_event(caller: Caller, worker: HandWorker):
    failed = await caller.create()
    await worker.fail(await worker.claim(), "ENCRYPTED_FILE", "Give its password.")
    (event,) = await followed(caller.client, failed)
    assert (event.name, event.data["status"]) == ("error", "failed")
    assert event.data["error"] == {"code": "ENCRYPTED_FILE", "message": "Give its password.", "details": None}
    for verb, path in (("POST", "/cancel"), ("DELETE", "")):
        job_id = await caller.create()
        following = asyncio.create_task(followed(caller.client, job_id))
        await asyncio.sleep(0.1)
        await caller.client.request(verb, f"/api/jobs/{job_id}{path}")
        first, last = await following
        assert (first.name, last.name, last.data["status"]) == ("pending", "error", "failed")
        assert last.data["error"] == {"code": "JOB_CANCELLED", "message": "The job was cancelled.", "details": None}


async def test_a_caller_that_goes_away_leaves_no_watcher(caller: Caller, resources: Resources):
    job_id = await caller.create()
    async with caller.client.stream("GET", f"/api/jobs/{job_id}/stream") as answer:
        await anext(events_of(answer.aiter_lines()))
        assert resources.hub.watchers == 1
    await until(lambda: resources.hub.watchers == 0)


async def test_asking_only_for_the_headers_opens_no_stream(caller: Caller, resources: Resources):
    answer = await caller.client.head(f"/api/jobs/{await caller.create()}/stream")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert resources.hub.watchers == 0


class TestHeartbeat:
    """A door whose heart beats fast."""

    @pytest.fixture
    def app(self, resources: Resources) -> Starlette:
        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            async with opened(resources):
                yield

        routes: list[BaseRoute] = rest.routes(resources.service, max_body_bytes=1000, heartbeat_seconds=0.05)
        return Starlette(routes=routes, lifespan=lifespan)

    async def test_a_comment_keeps_the_connection_alive(self, caller: Caller):
        job_id = await caller.create()
        url = f"/api/jobs/{job_id}/stream"
        async with caller.client.stream("GET", url) as answer, aclosing(answer.aiter_lines()) as lines:
            read = [await anext(lines) for _ in range(8)]
        assert read[4:] == [": heartbeat", "", ": heartbeat", ""]
        assert HEARTBEAT_SECONDS == 15


SERVING = """
import uvicorn
from secretary.app import create_app
from secretary.job_types import load_job_types
from secretary.resources import open_resources
from secretary.settings import load_settings
settings = load_settings()
app = create_app(settings, open_resources(settings, load_job_types()))
uvicorn.run(app, port=settings.port, log_level="warning")
"""


async def test_a_server_that_is_told_to_stop_ends_its_streams(store: Store, settings: Settings):
    await store.jobs.add("ursula", [{"id": "job-1", "job_type": "noop", "owner": "ursula", "parameters": {}}])
    assert settings.redis_url is not None
    environment = {
        **os.environ,
        "SECRETARY_DATA_DIR": str(settings.data_dir),
        "SECRETARY_REDIS_URL": settings.redis_url.get_secret_value(),
        "SECRETARY_PORT": str(settings.port),
    }
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVING, env=environment)
    base_url, headers = f"http://127.0.0.1:{settings.port}", {"Authorization": f"Bearer {USER_KEY}"}
    try:
        async with httpx.AsyncClient(base_url=base_url, headers=headers, trust_env=False) as client:
            await _until_listening(client)
            assert await _events_after_a_stop(client, server) == []
        async with asyncio.timeout(5):
            assert await server.wait() in {0, -signal.SIGTERM}
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


async def _events_after_a_stop(client: httpx.AsyncClient, server: asyncio.subprocess.Process) -> list[Event]:
    async with client.stream("GET", "/api/jobs/job-1/stream") as answer:
        events = events_of(answer.aiter_lines())
        assert (await anext(events)).name == "pending"
        server.send_signal(signal.SIGTERM)
        async with asyncio.timeout(3):
            return [event async for event in events]


async def _until_listening(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await client.get("/api/health/live")
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return
