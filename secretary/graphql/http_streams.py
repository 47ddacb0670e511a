"""Subscriptions over plain HTTP: GraphQL over Server-Sent Events (distinct connections), and Apollo's multipart protocol.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from secretary.auth import Viewer
from secretary.graphql.broadcasts import Broadcasts
from secretary.graphql.open_streams import OpenStreams
from secretary.graphql.operations import Executing, Kind, Operation, Told
from secretary.graphql.subscribers import Subscriber
from secretary.graphql.subscriptions import Sharing
from secretary.streaming import EventStream

SSE_TYPE: Final = "text/event-stream"
HEARTBEAT_SECONDS: Final = 12.0
HEADERS: Final = {"Cache-Control": "no-store", "Vary": "Accept", "X-Content-Type-Options": "nosniff"}
_JSON_TYPES: Final = {"application/json", "application/graphql-response+json", "application/*", "*/*"}


@dataclass(frozen=True, slots=True)
class Transport:
    """How messages look on the wire."""

    media_type: str
    opening: bytes
    heartbeat: bytes
    written: Callable[[Told], bytes]


def _as_event(told: Told) -> bytes:
    # Line feeds only: not every client takes the other line ends that the format allows.
    ending = b"event: complete\ndata:\n\n"
    if told.kind is Kind.COMPLETE:
        return ending
    payload = told.payload if told.kind is Kind.NEXT else f'{{"errors":{told.payload}}}'
    event = f"event: next\ndata: {payload}\n\n".encode()
    return event if told.kind is Kind.NEXT else event + ending


def _part(body: str) -> bytes:
    return f"\r\nContent-Type: application/json\r\n\r\n{body}\r\n--graphql".encode()


def _as_part(told: Told) -> bytes:
    ending = b"--\r\n"
    if told.kind is Kind.COMPLETE:
        return ending
    if told.kind is Kind.NEXT:
        return _part(f'{{"payload":{told.payload}}}')
    return _part(f'{{"payload":{{"errors":{told.payload}}}}}') + ending


SSE: Final = Transport(f"{SSE_TYPE}; charset=utf-8", b":\n\n", b":\n\n", _as_event)
MULTIPART: Final = Transport(
    'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"', b"\r\n--graphql", _part("{}"), _as_part
)


def transport_for(accept: str, operation: Operation) -> Transport | None:
    """The transport that the caller wants for this operation; None for a plain answer."""
    ranges = [part.strip().lower() for part in accept.split(",")]
    names = [part.partition(";")[0].strip() for part in ranges]
    if not operation.is_subscription:
        return SSE if SSE_TYPE in names and _JSON_TYPES.isdisjoint(names) else None
    for name, part in zip(names, ranges, strict=True):
        if name == SSE_TYPE:
            return SSE
        if name == "multipart/mixed" and "subscriptionspec" in part:
            return MULTIPART
    return None


class HttpStreams:
    """Opens streams over HTTP, which share executions and limits with the sockets."""

    def __init__(self, executing: Executing, broadcasts: Broadcasts, streams: OpenStreams) -> None:
        self._executing = executing
        self._broadcasts = broadcasts
        self._streams = streams

    async def answer(self, transport: Transport, operation: Operation, viewer: Viewer, key: str | None) -> Response:
        """The answer to one operation. Raises Unavailable or RateLimited when there are too many streams already."""
        results = self._executing.results
        if not operation.is_subscription:
            # A mutation is not to stop half way because its caller leaves.
            told = [transport.written(each) async for each in results(operation, viewer)]
            return Response(transport.opening + b"".join(told), headers=HEADERS, media_type=transport.media_type)
        stream = HttpStream(transport, key, self._streams)
        self._streams.enter(stream)
        try:
            self._streams.enter_key(stream)
        except Exception:
            self._streams.leave(stream)
            raise
        sharing = operation.sharing
        join_key = operation.key_for(viewer) if sharing else (str(id(stream)),)
        self._broadcasts.join(join_key, sharing or Sharing.EVERY, lambda: results(operation, viewer), stream.subscriber)
        return Following(
            stream,
            stream.written(),
            headers=HEADERS,
            media_type=transport.media_type,
            ping=HEARTBEAT_SECONDS,
            ping_message_factory=lambda: transport.heartbeat,
            send_timeout=self._streams.limits.send_seconds,
        )


class HttpStream:
    """One caller that follows an operation over HTTP."""

    kind = "stream"
    blocked_since = None  # its response looks after that

    def __init__(self, transport: Transport, key: str | None, streams: OpenStreams) -> None:
        self.key = key
        self.subscriber = Subscriber(self._wake)
        self._transport = transport
        self._streams = streams
        self._arrived = asyncio.Event()
        self._revoked = False

    async def written(self) -> AsyncIterator[bytes]:
        """Everything that is told, to the end. A stream that ends without its last word was cut off, and clients resume it."""
        yield self._transport.opening
        while not self._revoked:
            await self._arrived.wait()
            self._arrived.clear()
            while self.subscriber.waiting and not self._revoked:
                told = self.subscriber.take()
                yield self._transport.written(told)
                if told.kind is not Kind.NEXT:
                    return

    def leave(self, *, slow: bool = False) -> None:
        self._streams.slow += slow
        self.subscriber.leave()
        self._streams.leave(self)

    def _wake(self) -> None:
        self._arrived.set()

    def revoke(self) -> None:
        self._revoked = True
        self._arrived.set()

    def cut(self) -> None:
        self.revoke()

    def tick(self, now: float) -> None:
        """Its response sends heartbeats by itself."""


class Following(EventStream):
    """The response of one that follows; it leaves however the response ends, also before it began."""

    def __init__(self, stream: HttpStream, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stream.leave(slow=self.timed_out)
