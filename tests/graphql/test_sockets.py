"""The protocol `graphql-transport-ws`: keys, and that what is wrong with one operation does not end the others."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
import websockets

from secretary.graphql.open_streams import OpenStreams
from secretary.graphql.persisted import Documents
from secretary.graphql.sockets import SocketHandler
from secretary.graphql.view import Door
from secretary.resources import Resources
from secretary.store import Store
from tests.conftest import USER_KEY
from tests.graphql.conftest import CREATE, Asking, Socket, greeted_socket, hidden, jobs_in, opened_socket


def limit(streams: OpenStreams, **limits: float) -> None:
    streams.limits = replace(streams.limits, **limits)


VIEWER = "{ viewer { userId } }"


async def closed_with(socket: Socket) -> int:
    """The code the server closes with, saying nothing more."""
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await asyncio.wait_for(socket.connection.recv(), 5)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_the_key_is_taken_from_the_payload_or_the_headers(base_url: str) -> None:
    for payload in (
        {"authorization": f"Bearer {USER_KEY}"},
        {"Authorization": f"bearer {USER_KEY}"},
        {"apiKey": USER_KEY},
    ):
        async with opened_socket(base_url) as socket:
            await socket.send(type="connection_init", payload=payload)
            assert await socket.receive() == {"type": "connection_ack"}
    for headers in ({"Authorization": f"Bearer {USER_KEY}"}, {"X-Secretary-Api-Key": USER_KEY}):
        for message in ({}, {"payload": None}, {"payload": {}}):
            async with opened_socket(base_url, additional_headers=headers) as socket:
                await socket.send(type="connection_init", **message)
                assert await socket.receive() == {"type": "connection_ack"}
                await socket.subscribe(VIEWER)
                assert await socket.events_to_the_end() == [{"viewer": {"userId": "ursula"}}]


async def test_without_a_valid_key_the_socket_closes(base_url: str) -> None:
    messages: list[dict[str, Any]] = [
        {},
        {"payload": None},
        {"payload": {}},
        {"payload": {"authorization": "Bearer wrong"}},
        {"payload": {"authorization": USER_KEY}},
        {"payload": {"authorization": 7, "apiKey": [USER_KEY]}},
    ]
    for message in messages:
        async with opened_socket(base_url) as socket:
            await socket.send(type="connection_init", **message)
            assert await closed_with(socket) == 4403


async def test_nothing_is_done_before_the_greeting(base_url: str, ask: Asking, store: Store) -> None:
    async with opened_socket(base_url, additional_headers={"Authorization": f"Bearer {USER_KEY}"}) as socket:
        await socket.subscribe(CREATE, input={"job": {"pdf": {"filename": "a.pdf"}}})
        assert await closed_with(socket) == 4401
    assert await jobs_in(store) == 0


async def test_a_socket_that_says_nothing_is_closed(base_url: str, streams: OpenStreams) -> None:
    assert streams.limits.init_seconds == 10
    limit(streams, init_seconds=0.1)
    async with opened_socket(base_url) as socket:
        assert await closed_with(socket) == 4408


async def test_what_is_wrong_with_one_operation_leaves_the_others_alone(ask: Asking, socket: Socket) -> None:
    job_id = await ask.create()
    await socket.subscribe("subscription ($id: ID!) { jobProgress(jobId: $id) { percent } }", "watch", id=job_id)
    assert await socket.event() == {"jobProgress": {"percent": 0}}
    wrong = [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("", {}, "BAD_USER_INPUT"),
        ("fragment a on Query { viewer { userId } }", {}, "BAD_USER_INPUT"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription ($id: ID!) { jobProgress(jobId: $id) { percent } }", {}, "BAD_USER_INPUT"),
        ("query ($id: ID!) { job(id: $id) { id } }", {"id": None}, "BAD_USER_INPUT"),
        ("query ($id: ID!) { job(id: $id) { id } }", {"id": "a\0b"}, "BAD_USER_INPUT"),
    ]
    for index, (query, variables, code) in enumerate(wrong):
        await socket.subscribe(query, str(index), **variables)
        message = await socket.receive()
        assert (message["type"], message["id"]) == ("error", str(index)), message
        assert [error["extensions"]["code"] for error in message["payload"]] == [code], message
        assert all(error["extensions"]["requestId"] for error in message["payload"])
    await socket.send(type="ping")
    assert await socket.receive() == {"type": "pong"}
    await ask("mutation ($id: ID!) { cancelJob(id: $id) { __typename } }", id=job_id)
    assert (await socket.receive())["id"] == "watch"


NO_MESSAGES = [
    "no json",
    "[]",
    "null",
    '"text"',
    "{}",
    b"binary",
    '{"type": "nonsense"}',
    '{"type": "' + "nonsense" * 1000 + '"}',
    '{"type": 1}',
    '{"type": "next", "id": "1", "payload": {}}',
    '{"type": "connection_ack"}',
    '{"type": "ping", "payload": 7}',
    '{"type": "pong", "payload": []}',
    '{"type": "connection_init", "payload": "text"}',
    '{"type": "subscribe"}',
    '{"type": "subscribe", "payload": {"query": "{ viewer { userId } }"}}',
    '{"type": "subscribe", "id": 1, "payload": {"query": "{ viewer { userId } }"}}',
    '{"type": "subscribe", "id": "", "payload": {"query": "{ viewer { userId } }"}}',
    '{"type": "subscribe", "id": "' + "1" * 257 + '", "payload": {"query": "{ viewer { userId } }"}}',
    '{"type": "subscribe", "id": "1", "payload": null}',
    '{"type": "subscribe", "id": "1", "payload": {}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": null}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": []}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "operationName": 1}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "extensions": 1}}',
    '{"type": "subscribe", "id": "1", "payload": {"documentId": 1}}',
    '{"type": "complete"}',
    '{"type": "complete", "id": null}',
    "[" * 50_000,
    '{"type": "ping", "payload": {"a": NaN}}',
]


async def test_what_is_no_message_of_the_protocol_closes_the_socket(
    base_url: str, streams: OpenStreams, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    for message in NO_MESSAGES:
        async with greeted_socket(base_url) as socket:
            await socket.connection.send(message)
            # What comes after it is not even looked at.
            await socket.connection.send(
                '{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { userId } }"}}'
            )
            assert await closed_with(socket) == 4400, message[:80]
        async with opened_socket(base_url) as socket:
            await socket.connection.send(message)
            assert await closed_with(socket) in {4400, 4401}, message[:80]
    async with greeted_socket(base_url) as socket:
        await socket.connection.send("x" * (1024 * 1024 + 1))
        assert await closed_with(socket) == 1009
    async with asyncio.timeout(5):
        while len(streams):
            await asyncio.sleep(0.01)
    assert [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"} or record.exc_info] == []


async def test_what_happened_to_nobody_yet_closes_the_socket_and_is_logged_once(
    base_url: str, streams: OpenStreams, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_self: object, _message: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(SocketHandler, "handle_ping", broken)
    caplog.clear()
    async with greeted_socket(base_url) as socket:
        await socket.send(type="ping")
        assert await closed_with(socket) == 1011
    assert [record.message.partition(" request-")[0] for record in caplog.records if record.levelname == "ERROR"] == [
        "unforeseen error in request"
    ]
    assert len(streams) == 0


async def test_what_needs_no_answer_gets_none(socket: Socket) -> None:
    for message in ({"type": "pong"}, {"type": "pong", "payload": {}}, {"type": "complete", "id": "never begun"}):
        await socket.send(**message)
    await socket.send(type="ping", payload={"any": "thing"})
    assert await socket.receive() == {"type": "pong"}


async def test_a_known_document_is_asked_for_by_its_hash(ask: Asking, socket: Socket, door: Door) -> None:
    job_id = await ask.create()
    name, text = next(
        (name, text) for name, text in door.documents._known.items() if "subscription JobProgress(" in text
    )
    payloads: list[dict[str, Any]] = [
        {"documentId": name},
        {"documentId": f"sha256:{name}"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}},
        {"query": text, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}},
    ]
    for index, payload in enumerate(payloads):
        payload["variables"] = {"jobId": job_id}
        await socket.send(type="subscribe", id=str(index), payload=payload)
        assert (await socket.event())["jobProgress"]["status"] == "PENDING"
    # All of them ask for the same, so one execution serves them.
    assert (door.broadcasts.executions, door.broadcasts.followers) == (1, 4)
    await socket.send(type="subscribe", id="unknown", payload={"documentId": "0" * 64})
    message = await socket.receive()
    assert (message["type"], message["id"]) == ("error", "unknown")
    assert message["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_only_trusted_documents_run_where_the_operator_says_so(
    ask: Asking, socket: Socket, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ask.create()
    monkeypatch.setattr(door, "documents", Documents(door.documents._known, trusted_only=True))
    await socket.subscribe(VIEWER)
    message = await socket.receive()
    assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "PERSISTED_QUERY_ONLY")
    name = next(name for name, text in door.documents._known.items() if "subscription JobProgress(" in text)
    payload = {"documentId": name, "variables": {"jobId": job_id}}
    await socket.send(type="subscribe", id="2", payload=payload)
    assert (await socket.event())["jobProgress"]["status"] == "PENDING"


async def test_queries_and_mutations_go_over_a_socket_too(ask: Asking, socket: Socket, store: Store) -> None:
    await socket.subscribe(CREATE, input={"job": {"pdf": {"filename": "a.pdf"}}})
    (created,) = await socket.events_to_the_end()
    assert created["createJob"]["__typename"] == "CreateJobPayload"
    await socket.subscribe("{ jobs { nodes { id } } }", "2")
    (found,) = await socket.events_to_the_end()
    assert found["jobs"]["nodes"] == [{"id": created["createJob"]["job"]["id"]}]
    assert await jobs_in(store) == 1


async def test_an_id_in_use_closes_the_socket_and_a_second_greeting_too(ask: Asking, base_url: str) -> None:
    job_id = await ask.create()
    async with greeted_socket(base_url) as socket:
        for _ in range(2):
            await socket.subscribe("subscription ($id: ID!) { jobProgress(jobId: $id) { percent } }", id=job_id)
        assert await closed_with(socket) == 4409
    async with greeted_socket(base_url) as socket:
        await socket.send(type="connection_init", payload={"apiKey": USER_KEY})
        assert await closed_with(socket) == 4429


async def test_only_the_one_protocol_is_spoken(base_url: str) -> None:
    address = base_url.replace("http", "ws", 1) + "/graphql"
    legacy = [websockets.Subprotocol("graphql-ws")]
    async with websockets.connect(address, subprotocols=legacy, proxy=None) as connection:
        assert connection.subprotocol is None
        assert await closed_with(Socket(connection)) == 4406


async def test_a_page_of_another_origin_may_not_open_a_socket(base_url: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with opened_socket(base_url, origin="https://elsewhere.example"):
            pass
    assert refused.value.response.status_code == 403
    async with opened_socket(base_url, origin=base_url) as socket:
        await socket.send(type="connection_init", payload={"apiKey": USER_KEY})
        assert await socket.receive() == {"type": "connection_ack"}


async def test_a_socket_has_only_so_many_operations_at_once(ask: Asking, socket: Socket, streams: OpenStreams) -> None:
    limit(streams, operations=2)
    for operation in ("1", "2", "3"):
        await socket.subscribe("subscription { jobChanges { id } }", operation)
    message = await socket.receive()
    assert (message["type"], message["id"]) == ("error", "3")
    assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    await socket.send(type="complete", id="1")
    await socket.subscribe(VIEWER, "4")
    assert await socket.event() == {"viewer": {"userId": "ursula"}}


async def test_an_unreachable_database_is_no_wrong_key(base_url: str, resources: Resources) -> None:
    async with hidden(resources, "api_key"), opened_socket(base_url) as socket:
        await socket.send(type="connection_init", payload={"apiKey": USER_KEY})
        assert await closed_with(socket) == 1013


async def test_an_unforeseen_error_of_an_event_is_masked(ask: Asking, claim: Any, socket: Socket) -> None:
    job_id = await ask.create()
    await (await claim()).complete(results={"structured_data": 7})
    query = "subscription ($id: ID!) { jobProgress(jobId: $id) { status job { results { __typename } } } }"
    await socket.subscribe(query, id=job_id)
    message = await socket.receive()
    assert message["payload"]["data"] == {"jobProgress": {"status": "COMPLETED", "job": {"results": None}}}
    (error,) = message["payload"]["errors"]
    assert (error["message"], error["extensions"]["code"]) == (
        "Something unforeseen happened; the server's log has it.",
        "INTERNAL",
    )
    assert (await socket.receive())["type"] == "complete"
