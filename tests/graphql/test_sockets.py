"""The protocol `graphql-transport-ws`: keys, and that what is wrong with one operation does not end the others."""

import asyncio
import sqlite3
from typing import Any

import pytest
import websockets
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from secretary.graphql import sockets, view
from secretary.resources import Resources
from secretary.store import Store
from tests.conftest import USER_KEY
from tests.graphql.conftest import CREATE, Asking, Socket, greeted_socket, jobs_in, opened_socket

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


async def test_a_socket_that_says_nothing_is_closed(base_url: str, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert view.INIT_SECONDS == 10
    door = next(route.app for route in app.routes if route.path == "/graphql")
    assert door.connection_init_wait_timeout.total_seconds() == 10
    door.connection_init_wait_timeout /= 50
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
    '{"type": "nonsense"}',
    '{"type": 1}',
    '{"type": "subscribe"}',
    '{"type": "subscribe", "id": 1, "payload": {"query": "{ viewer { userId } }"}}',
    '{"type": "subscribe", "id": "1", "payload": null}',
    '{"type": "subscribe", "id": "1", "payload": {"query": null}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": []}}',
    '{"type": "complete"}',
    "[" * 50_000,
]


async def test_what_is_no_message_of_the_protocol_closes_the_socket(base_url: str) -> None:
    for message in NO_MESSAGES:
        async with greeted_socket(base_url) as socket:
            await socket.connection.send(message)
            assert await closed_with(socket) == 4400, message[:80]


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


async def test_a_socket_has_only_so_many_operations_at_once(
    ask: Asking, socket: Socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MAX_OPERATIONS", 2)
    for operation in ("1", "2", "3"):
        await socket.subscribe("subscription { jobChanges { id } }", operation)
    message = await socket.receive()
    assert (message["type"], message["id"]) == ("error", "3")
    assert message["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    await socket.send(type="complete", id="1")
    await socket.subscribe(VIEWER, "4")
    assert await socket.event() == {"viewer": {"userId": "ursula"}}


async def test_an_unreachable_database_is_no_wrong_key(base_url: str, resources: Resources) -> None:
    def down(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        raise OperationalError(statement, None, sqlite3.OperationalError("disk I/O error"))

    engine = resources.store.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", down)
    async with opened_socket(base_url) as socket:
        await socket.send(type="connection_init", payload={"apiKey": USER_KEY})
        assert await closed_with(socket) == 1013
    event.remove(engine, "before_cursor_execute", down)


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
