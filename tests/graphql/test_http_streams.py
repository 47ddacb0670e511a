"""Subscriptions over plain HTTP: Server-Sent Events and Apollo's multipart protocol, byte for byte as their clients read them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import Any

import httpx
import pytest

from secretary.auth import new_key
from secretary.graphql.open_streams import OpenStreams
from secretary.graphql.view import Door
from secretary.resources import Resources
from secretary.store import Store
from tests.conftest import OTHER_KEY
from tests.graphql.conftest import CREATE, Asking, Socket, jobs_in

PROGRESS = """subscription ($id: ID!, $after: Int) {
    jobProgress(jobId: $id, afterSequence: $after) { sequence status percent } }"""
SSE = {"Accept": "text/event-stream"}
MULTIPART = {"Accept": 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'}
VIEWER = {"query": "{ viewer { userId } }"}


def asked(job_id: str, after: int | None = None) -> dict[str, Any]:
    return {"query": PROGRESS, "variables": {"id": job_id, "after": after}}


async def nobody_follows(door: Door, resources: Resources) -> None:
    async with asyncio.timeout(10):
        while len(door.streams) or door.broadcasts.followers or resources.hub.watchers:
            await asyncio.sleep(0.01)


async def test_a_job_is_followed_by_server_sent_events_to_its_end(
    client: httpx.AsyncClient, ask: Asking, claim: Any, door: Door, resources: Resources
) -> None:
    job_id = await ask.create()
    async with client.stream("POST", "/graphql", json=asked(job_id), headers=SSE, timeout=30) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
        async with aclosing(answer.aiter_text()) as pieces:
            text = await anext(pieces)
            while "PENDING" not in text:
                text += await anext(pieces)
            hands = await claim()
            await hands.report(50)
            while '"percent":50' not in text:
                text += await anext(pieces)
            await hands.complete()
            text += "".join([piece async for piece in pieces])
    events = [event for event in text.split("\n\n") if event != ":"]
    assert "\r" not in text
    assert events[-2:] == ["event: complete\ndata:", ""]
    seen = [json.loads(event.removeprefix("event: next\ndata: "))["data"]["jobProgress"] for event in events[:-2]]
    assert [state["sequence"] for state in seen] == [1, 2, 3, 4]
    assert seen[-1] == {"sequence": 4, "status": "COMPLETED", "percent": 100}
    await nobody_follows(door, resources)


async def test_a_job_is_followed_by_apollos_multipart_protocol_to_its_end(
    client: httpx.AsyncClient, ask: Asking, claim: Any, door: Door, resources: Resources
) -> None:
    job_id = await ask.create()
    await (await claim()).complete()
    answer = await client.post("/graphql", json=asked(job_id), headers=MULTIPART)
    assert answer.headers["content-type"] == 'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"'
    assert answer.text == (
        "\r\n--graphql\r\nContent-Type: application/json\r\n\r\n"
        '{"payload":{"data":{"jobProgress":{"sequence":3,"status":"COMPLETED","percent":100}}}}\r\n--graphql--\r\n'
    )
    await nobody_follows(door, resources)


async def test_who_comes_back_is_told_only_what_came_after(client: httpx.AsyncClient, ask: Asking, claim: Any) -> None:
    job_id = await ask.create()
    await (await claim()).complete()
    for after, events in ((1, 1), (3, 0)):
        answer = await client.post("/graphql", json=asked(job_id, after), headers=SSE)
        assert answer.text.count("event: next") == events
        assert answer.text.endswith("event: complete\ndata:\n\n")
    answer = await client.post("/graphql", json=asked(job_id, 3), headers=MULTIPART)
    assert answer.text == "\r\n--graphql--\r\n"


async def test_queries_and_mutations_go_over_an_event_stream_too(
    client: httpx.AsyncClient, ask: Asking, store: Store
) -> None:
    for answer in (
        await client.post("/graphql", json=VIEWER, headers=SSE),
        await client.get("/graphql", params=VIEWER, headers=SSE),
    ):
        assert answer.text == (
            ':\n\nevent: next\ndata: {"data":{"viewer":{"userId":"ursula"}}}\n\nevent: complete\ndata:\n\n'
        )
    variables = {"input": {"job": {"pdf": {"filename": "a.pdf"}}}}
    refused = await client.get("/graphql", params={"query": CREATE, "variables": json.dumps(variables)}, headers=SSE)
    assert (refused.status_code, refused.headers["allow"], await jobs_in(store)) == (405, "POST", 0)
    created = await client.post("/graphql", json={"query": CREATE, "variables": variables}, headers=SSE)
    assert '"__typename":"CreateJobPayload"' in created.text
    assert await jobs_in(store) == 1


@pytest.mark.parametrize(
    "accept",
    [
        "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
        MULTIPART["Accept"],
        "text/event-stream, */*",
    ],
)
async def test_a_query_is_answered_in_json_to_whoever_takes_json(client: httpx.AsyncClient, accept: str) -> None:
    answer = await client.post("/graphql", json=VIEWER, headers={"Accept": accept})
    assert answer.json() == {"data": {"viewer": {"userId": "ursula"}}}


async def test_a_subscription_without_a_stream_to_tell_it_on_is_refused(
    client: httpx.AsyncClient, ask: Asking, resources: Resources
) -> None:
    for accept in ("application/json", "multipart/mixed", "*/*"):
        answer = await client.post("/graphql", json=asked(await ask.create()), headers={"Accept": accept})
        assert "Accept: text/event-stream" in answer.json()["errors"][0]["message"]
        assert answer.status_code == 400
    assert resources.hub.watchers == 0


async def test_what_is_wrong_with_an_operation_is_told_on_the_stream(client: httpx.AsyncClient) -> None:
    def error_of(answer: httpx.Response) -> str:
        assert answer.status_code == 200
        start = answer.text.index('{"errors":')
        found = json.JSONDecoder().raw_decode(answer.text[start:])[0]["errors"]
        return str(found[0]["extensions"]["code"])

    for headers, end in ((SSE, "event: complete\ndata:\n\n"), (MULTIPART, "\r\n--graphql--\r\n")):
        gone = await client.post("/graphql", json=asked("job-none"), headers=headers)
        assert (error_of(gone), gone.text.endswith(end)) == ("JOB_NOT_FOUND", True)
        invalid = await client.post("/graphql", json={"query": "subscription { nothing }"}, headers=headers)
        assert (error_of(invalid), invalid.text.endswith(end)) == ("GRAPHQL_VALIDATION_FAILED", True)
    broken = await client.post("/graphql", json={"query": "{"}, headers=SSE)
    assert error_of(broken) == "GRAPHQL_PARSE_FAILED"


async def test_what_is_wrong_with_the_request_is_an_answer_in_json(
    client: httpx.AsyncClient, streams: OpenStreams
) -> None:
    for headers in (SSE, MULTIPART):
        no_key = await client.post("/graphql", json=VIEWER, headers={**headers, "Authorization": "Bearer wrong"})
        assert (no_key.status_code, no_key.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHORIZED")
        no_json = await client.post("/graphql", content="{", headers={**headers, "Content-Type": "application/json"})
        assert (no_json.status_code, no_json.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_JSON")
    assert len(streams) == 0


async def test_streams_are_counted_with_the_sockets(
    client: httpx.AsyncClient, socket: Socket, ask: Asking, door: Door, resources: Resources
) -> None:
    job_id = await ask.create()
    door.streams.limits = replace(door.streams.limits, per_process=2, per_key=2)
    async with AsyncExitStack() as stack:
        follows = client.stream("POST", "/graphql", json=asked(job_id), headers=SSE, timeout=30)
        answer = await stack.enter_async_context(follows)
        pieces = answer.aiter_text()
        assert await anext(pieces) == ":\n\n"
        full = await client.post("/graphql", json=asked(job_id), headers=SSE)
        assert (full.status_code, full.headers["retry-after"]) == (503, "2")
        door.streams.limits = replace(door.streams.limits, per_process=9)
        full = await client.post("/graphql", json=asked(job_id), headers=MULTIPART)
        assert (full.status_code, full.json()["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
        # The socket shares the stream's execution.
        await socket.subscribe(PROGRESS, id=job_id, after=None)
        await socket.event()
        assert (len(door.streams), door.broadcasts.executions, door.broadcasts.followers) == (2, 1, 2)
    await socket.connection.close()
    await nobody_follows(door, resources)


async def test_a_stream_ends_without_its_last_word_when_its_key_is_revoked(
    client: httpx.AsyncClient, ask: Asking, store: Store, door: Door, resources: Resources
) -> None:
    key = new_key("sec_a-key-that-will-be-revoked")
    await store.keys.add(key.id, user_id="ursula", is_admin=False, key_hash=key.key_hash, hint=key.hint)
    headers = {**SSE, "Authorization": f"Bearer {key.secret}"}
    body = asked(await ask.create())
    async with (
        client.stream("POST", "/graphql", json=body, headers=headers, timeout=30) as answer,
        aclosing(answer.aiter_text()) as pieces,
    ):
        text = await anext(pieces)
        assert await store.keys.revoke(key.id)
        text += "".join([piece async for piece in pieces])
    assert ("PENDING" in text, "complete" in text) == (True, False)
    await nobody_follows(door, resources)


async def test_leaving_ends_the_execution(
    client: httpx.AsyncClient, ask: Asking, door: Door, resources: Resources
) -> None:
    job_id = await ask.create()
    for headers in (SSE, MULTIPART):
        async with client.stream("POST", "/graphql", json=asked(job_id), headers=headers, timeout=30) as answer:
            await read_until(answer.aiter_text(), "PENDING")
            assert (len(door.streams), door.broadcasts.executions) == (1, 1)
        await nobody_follows(door, resources)


async def read_until(pieces: AsyncIterator[str], word: str) -> None:
    async for piece in pieces:
        if word in piece:
            return


async def test_anothers_job_is_not_followed(client: httpx.AsyncClient, ask: Asking) -> None:
    headers = {**SSE, "Authorization": f"Bearer {OTHER_KEY}"}
    answer = await client.post("/graphql", json=asked(await ask.create()), headers=headers)
    assert '"JOB_NOT_FOUND"' in answer.text
