"""How much the sockets of one process may take, and who among them has to go: the too many, the revoked, the silent, the slow."""

import asyncio
import base64
import json
import os
import socket as sockets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import websockets
from graphql import get_introspection_query

from secretary.auth import new_key
from secretary.errors import Unavailable
from secretary.graphql.open_streams import OpenStreams
from secretary.graphql.view import Door
from secretary.resources import Resources
from secretary.settings import Settings
from secretary.store import Database, Store
from tests.conftest import OTHER_KEY, USER_KEY
from tests.graphql.conftest import CREATE, Asking, Socket, greeted_socket, jobs_in, opened_socket

PROGRESS = "subscription ($id: ID!) { jobProgress(jobId: $id) { sequence status message } }"
VIEWER = "{ viewer { userId } }"


def limit(streams: OpenStreams, **limits: float) -> None:
    streams.limits = replace(streams.limits, **limits)


async def closed_with(socket: Socket, seconds: float = 10) -> tuple[int, str]:
    """Code and reason the server closes with, whatever it says before."""
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await asyncio.wait_for(told_to_the_close(socket), seconds)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


async def told_to_the_close(socket: Socket) -> None:
    while True:
        await socket.connection.recv()


async def until(condition: Callable[[], object], what: str) -> None:
    try:
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"it did not happen that {what}")


async def test_a_process_holds_only_so_many_sockets(base_url: str, streams: OpenStreams) -> None:
    limit(streams, per_process=2)
    async with greeted_socket(base_url), greeted_socket(base_url, OTHER_KEY):
        async with opened_socket(base_url) as third:
            assert await closed_with(third) == (
                1013,
                "This server holds 2 live connections already; try again later.",
            )
        assert len(streams) == 2
    await until(lambda: len(streams) == 0, "the two are counted out")
    async with greeted_socket(base_url) as again:
        await again.subscribe(VIEWER)
        assert await again.event() == {"viewer": {"userId": "ursula"}}


async def test_a_key_holds_only_so_many_sockets(base_url: str, streams: OpenStreams) -> None:
    limit(streams, per_key=2)
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(greeted_socket(base_url))
        async with opened_socket(base_url) as third:
            await third.send(type="connection_init", payload={"apiKey": USER_KEY})
            assert await closed_with(third) == (
                1013,
                "This key holds 2 live connections already; close one of them.",
            )
        async with greeted_socket(base_url, OTHER_KEY) as others:
            await others.subscribe(VIEWER)
            assert await others.event() == {"viewer": {"userId": "otto"}}
    await until(lambda: len(streams) == 0, "all are counted out")
    async with greeted_socket(base_url):
        assert len(streams) == 1


async def test_a_key_revoked_by_another_process_closes_its_sockets_and_no_others(
    base_url: str, store: Store, settings: Settings, resources: Resources, ask: Asking
) -> None:
    key = new_key("sec_a-key-that-will-be-revoked")
    await store.keys.add(key.id, user_id="ursula", is_admin=False, key_hash=key.key_hash, hint=key.hint)
    job_id = await ask.create()
    elsewhere = Store(Database(settings.sqlalchemy_url))
    async with greeted_socket(base_url, key.secret) as revoked, greeted_socket(base_url) as kept:
        for socket in (revoked, kept):
            await socket.subscribe(PROGRESS, id=job_id)
            assert (await socket.event())["jobProgress"]["status"] == "PENDING"
        assert await elsewhere.keys.revoke(key.id)
        assert await closed_with(revoked) == (4403, "Forbidden")
        # Both followed one execution; it goes on for the other.
        await ask("mutation ($id: ID!) { cancelJob(id: $id) { __typename } }", id=job_id)
        assert [event["jobProgress"]["status"] for event in await kept.events_to_the_end()] == ["CANCELLED"]
    await elsewhere.close()
    await until(lambda: resources.hub.watchers == 0, "nobody watches any more")


async def test_a_key_that_expires_closes_its_sockets(base_url: str, store: Store, ask: Asking) -> None:
    key = new_key("sec_a-key-that-will-expire")
    await store.keys.add(
        key.id,
        user_id="ursula",
        is_admin=False,
        key_hash=key.key_hash,
        hint=key.hint,
        expires_at=datetime.now(UTC) + timedelta(seconds=5),
    )
    job_id = await ask.create()
    async with greeted_socket(base_url, key.secret) as expiring:
        await expiring.subscribe(PROGRESS, id=job_id)
        assert (await expiring.event())["jobProgress"]["status"] == "PENDING"
        assert await closed_with(expiring) == (4403, "Forbidden")


async def test_while_the_database_is_away_no_key_counts_as_revoked(
    base_url: str, streams: OpenStreams, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def away(_keys: object) -> set[str]:
        asked.set()
        raise Unavailable

    monkeypatch.setattr(streams._auth, "opening", away)
    async with greeted_socket(base_url) as socket:
        async with asyncio.timeout(10):
            await asked.wait()
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}


async def test_a_silent_client_is_pinged_and_one_that_answers_nothing_is_closed(
    base_url: str, streams: OpenStreams
) -> None:
    limit(streams, ping_seconds=0.5)
    async with greeted_socket(base_url) as answering, greeted_socket(base_url) as silent:
        assert await answering.receive() == {"type": "ping"}
        answered = asyncio.create_task(answer_pings(answering))
        assert await closed_with(silent) == (4408, "No answer to pings")
        assert len(streams) == 1
        answered.cancel()


async def answer_pings(socket: Socket) -> None:
    while True:
        await socket.send(type="pong")
        await socket.receive()


@asynccontextmanager
async def reading_nothing(
    base_url: str, key: str = USER_KEY
) -> AsyncIterator[tuple[sockets.socket, Callable[..., None]]]:
    """A raw client with a small buffer that reads nothing after the greeting; with it, how to send a message."""
    loop = asyncio.get_running_loop()
    with sockets.socket() as raw:
        raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        raw.setblocking(False)
        host, port = base_url.removeprefix("http://").split(":")
        await loop.sock_connect(raw, (host, int(port)))
        nonce = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /graphql HTTP/1.1",
            f"Host: {host}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {nonce}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
        ]
        await loop.sock_sendall(raw, ("\r\n".join(lines) + "\r\n\r\n").encode())

        def send(**message: Any) -> None:
            text = json.dumps(message).encode()
            assert len(text) < 65_536
            length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
            raw.sendall(b"\x81" + length + bytes(4) + text)

        async def heard(word: bytes) -> None:
            said = b""
            while word not in said:
                said += await loop.sock_recv(raw, 4096)

        await heard(b"\r\n\r\n")
        send(type="connection_init", payload={"apiKey": key})
        await heard(b"connection_ack")
        yield raw, send


async def test_a_reader_that_stopped_reading_is_dropped_and_delays_nobody(
    ask: Asking, claim: Any, base_url: str, door: Door, resources: Resources
) -> None:
    limit(door.streams, send_seconds=1.0)
    job_id = await ask.create()
    hands = await claim()
    async with reading_nothing(base_url) as (raw, send), greeted_socket(base_url) as reader:
        send(type="subscribe", id="1", payload={"query": PROGRESS, "variables": {"id": job_id}})
        await until(lambda: door.broadcasts.followers == 1, "the one that reads nothing follows")
        (execution,) = door.broadcasts._open.values()
        (stalled,) = execution._followers
        await reader.subscribe(PROGRESS, id=job_id)
        sequence = (await reader.event())["jobProgress"]["sequence"]
        # Until the kernel's buffers are full, and further until the queue is.
        while not stalled.dropped:
            await hands.report(1, message="x" * 100_000)
            sequence += 1
            assert (await reader.event())["jobProgress"]["sequence"] == sequence
            assert len(stalled.waiting) <= 64
        await until(lambda: len(door.streams) == 1, "the one that reads nothing is dropped")
        assert door.broadcasts.followers == 1
        await hands.complete()
        assert [event["jobProgress"]["status"] for event in await reader.events_to_the_end()] == ["COMPLETED"]
        await asyncio.wait_for(read_to_the_end(raw), 10)
    await until(lambda: resources.hub.watchers == 0, "nobody watches any more")


async def read_to_the_end(raw: sockets.socket) -> None:
    """What was on its way when the connection was cut."""
    with suppress(ConnectionResetError):
        while await asyncio.get_running_loop().sock_recv(raw, 1024 * 1024):
            pass


async def test_a_reader_that_stopped_reading_answers_is_dropped_too(base_url: str, streams: OpenStreams) -> None:
    limit(streams, send_seconds=1.0)
    async with reading_nothing(base_url) as (raw, send):
        for number in range(90):
            send(type="subscribe", id=str(number), payload={"query": get_introspection_query()})
        await until(lambda: len(streams) == 0, "it is dropped")
        await asyncio.wait_for(read_to_the_end(raw), 10)


async def test_a_mutation_that_runs_is_not_stopped_half_way(
    base_url: str, ask: Asking, store: Store, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    add = resources.store.jobs.add

    async def held(*values: Any, **named: Any) -> Any:
        begun.set()
        await may_go_on.wait()
        return await add(*values, **named)

    monkeypatch.setattr(resources.store.jobs, "add", held)
    async with greeted_socket(base_url) as socket:
        await socket.subscribe(CREATE, input={"job": {"pdf": {"filename": "a.pdf"}}})
        await begun.wait()
    assert await jobs_in(store) == 0
    may_go_on.set()
    async with asyncio.timeout(10):
        while await jobs_in(store) != 1:
            await asyncio.sleep(0.01)
