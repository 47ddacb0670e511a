"""Many `graphql-transport-ws` clients in one process, as cheap as Python can make them: they count events and parse none."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from typing import Final

HANDSHAKE: Final = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
TEXT: Final = 0x81
MEDIUM, LARGE = 126, 127


class Member(asyncio.Protocol):
    """One client: says its messages one by one, each when the one before was answered, then counts what it is told."""

    def __init__(self, handshake: str, messages: Sequence[str]) -> None:
        self.events = 0
        self.closed = False
        self.transport: asyncio.Transport | None = None
        self._handshake = handshake
        self._to_say = list(messages)
        self._buffer = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._handshake.encode())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.closed = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if b" 101 " not in head:
                raise RuntimeError(head.decode())
            self._upgraded, self._buffer = True, rest
            self._say_next()
        while (size := _frame_size(self._buffer)) and len(self._buffer) >= size:
            frame, self._buffer = self._buffer[:size], self._buffer[size:]
            if frame[0] == TEXT:
                self._heard(frame)

    def _heard(self, frame: bytes) -> None:
        if b'"error"' in frame[:80]:
            raise RuntimeError(frame.decode(errors="replace"))
        if b"connection_ack" in frame:
            self._say_next()
        elif b'"next"' in frame:
            self.events += 1

    def _say_next(self) -> None:
        assert self.transport is not None
        if self._to_say:
            text = self._to_say.pop(0).encode()
            length = bytes([0x80 | len(text)]) if len(text) < MEDIUM else b"\xfe" + len(text).to_bytes(2, "big")
            self.transport.write(bytes([TEXT]) + length + bytes(4) + text)


def _frame_size(buffer: bytes) -> int:
    """Bytes of the first frame with its head; 0 while that cannot be said."""
    if len(buffer) < 2:
        return 0
    length = buffer[1]
    if length < MEDIUM:
        return 2 + length
    if length == MEDIUM:
        return 4 + int.from_bytes(buffer[2:4], "big") if len(buffer) >= 4 else 0
    return 10 + int.from_bytes(buffer[2:10], "big") if len(buffer) >= 10 else 0


class Swarm:
    """Clients of one server. `messages_of` says what the client with a number says after the handshake."""

    def __init__(self, port: int, path: str, messages_of: Callable[[int], Sequence[str]]) -> None:
        self.members: list[Member] = []
        self._port = port
        self._handshake = HANDSHAKE.format(path=path, port=port)
        self._messages_of = messages_of

    async def connect(self, count: int, at_once: int = 100) -> None:
        """Connect so many, and wait until each was told a first event."""
        loop = asyncio.get_running_loop()
        for start in range(0, count, at_once):
            made = [
                Member(self._handshake, self._messages_of(number))
                for number in range(start, min(start + at_once, count))
            ]
            self.members += made
            await asyncio.gather(*(loop.create_connection(lambda m=m: m, "127.0.0.1", self._port) for m in made))  # type: ignore[misc]
            await until(lambda: all(member.events for member in made), seconds=60)  # noqa: B023

    @property
    def events(self) -> int:
        return sum(member.events for member in self.members)

    def abort(self) -> None:
        for member in self.members:
            assert member.transport is not None
            member.transport.abort()
        self.members = []


async def until(condition: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the clients were not told in time")
        await asyncio.sleep(0.01)


def greeting(key: str) -> str:
    return json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {key}"}})


def subscription(query: str, job_id: str) -> str:
    # The id is as long as those that clients make.
    payload = {"query": query, "variables": {"id": job_id}}
    return json.dumps({"type": "subscribe", "id": "0f8fad5b-d9cb-469f-a165-70867728950e", "payload": payload})
