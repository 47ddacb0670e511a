"""`graphql-transport-ws`: Strawberry's handler, with keys, limits and shared execution, and its rough edges taken off.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Mapping
from contextlib import aclosing, suppress
from json import JSONDecodeError
from time import monotonic
from typing import Any, Final, Protocol, cast

from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    PingMessage,
    SubscribeMessage,
)

from secretary.auth import Viewer
from secretary.errors import RateLimited, SecretaryError, Unauthorized, Unavailable
from secretary.graphql.broadcasts import Broadcasts
from secretary.graphql.connections import Connection, Running
from secretary.graphql.figures import Figures
from secretary.graphql.messages import INVALID_MESSAGE, close_reason, framed, well_formed
from secretary.graphql.open_streams import FORBIDDEN, TRY_AGAIN_LATER, OpenStreams
from secretary.graphql.operations import Executing, Kind, Operation, Told, ended_by
from secretary.graphql.persisted import DocumentRefused
from secretary.graphql.subscribers import Subscriber
from secretary.requests import log_internal_error
from secretary.storable_values import refuse_what_cannot_be_kept
from secretary.streaming import cut

INTERNAL_ERROR: Final = 1011
SILENT_PINGS: Final = 3
"""A client that answered so many pings with nothing at all has gone."""


class ServesSockets(Protocol):
    """What the handler needs of its view."""

    executing: Executing
    broadcasts: Broadcasts
    streams: OpenStreams
    figures: Figures

    async def viewer_of_key(self, key: str | None) -> Viewer: ...

    def document_of(self, request: Mapping[str, Any]) -> str | None: ...


class SocketHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """One socket. What is wrong with one of its operations does not end the others."""

    kind = "socket"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._door = cast("ServesSockets", self.view)
        self._connection = cast("Connection", self.context)
        self._socket = cast("ASGIWebSocketAdapter", self.websocket).ws
        self._running: dict[str, Running] = {}
        self._ready: dict[Running, None] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._sends = 0
        self._blocked_since: float | None = None
        self._heard_at = self._pinged_at = monotonic()
        self._closed = False
        self._task: asyncio.Task[Any] | None = None

    @property
    def key(self) -> str | None:
        return self._connection.key

    @property
    def blocked_since(self) -> float | None:
        return self._blocked_since

    async def handle(self) -> None:
        self._task = asyncio.current_task()
        try:
            self._door.streams.enter(self)
        except Unavailable as error:
            await self._close(TRY_AGAIN_LATER, error.message)
            return
        self.on_request_accepted()
        try:
            await self._read()
        except asyncio.CancelledError:
            if not self._closed:
                raise
        finally:
            await self.shutdown()
            self._door.streams.leave(self)

    async def _read(self) -> None:
        """Take messages until either side closes. None is held in a variable: an idle socket would keep it for good."""
        with suppress(WebSocketDisconnected):
            while self._socket.application_state is not WebSocketState.DISCONNECTED:
                try:
                    await self.handle_message(cast("Message", self.view.decode_json(await self._socket.receive_text())))
                except KeyError:
                    await self.handle_invalid_message("WebSocket message type must be text")
                except JSONDecodeError:
                    await self.handle_invalid_message("WebSocket message must be valid JSON")
                except WebSocketDisconnect as left:
                    if not self._closed:
                        self._door.streams.count_close(left.code)
                    return

    def on_request_accepted(self) -> None:
        # A timer is a tenth of the task that Strawberry starts.
        delay = self._door.streams.limits.init_seconds
        self._init_timer = asyncio.get_running_loop().call_later(delay, self._init_timed_out)

    def _init_timed_out(self) -> None:
        if not self.connection_init_received:
            self.connection_timed_out = True
            self._close_soon(4408, "Connection initialisation timeout")

    async def shutdown(self) -> None:
        """End what this socket started."""
        self._closed = True
        self._init_timer.cancel()
        running, self._running = list(self._running.values()), {}
        for operation in running:
            operation.stop()
        if self._flushing is not None:
            self._flushing.cancel()
        tasks = [operation.task for operation in running if operation.task is not None]
        if tasks:
            await asyncio.wait(tasks)

    async def handle_message(self, message: Message) -> None:
        self._heard_at = monotonic()
        if self._closed:
            return
        if not well_formed(message):
            await self.handle_invalid_message(INVALID_MESSAGE)
            return
        try:
            await super().handle_message(message)
        except WebSocketDisconnected:
            raise
        except Exception as error:  # noqa: BLE001  # the log has it once, the client learns that it was not its fault
            log_internal_error(error)
            await self._close(INTERNAL_ERROR, "Internal error")

    async def handle_invalid_message(self, error_message: str) -> None:
        await self._close(4400, error_message)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        if self.connection_init_received:
            await self._close(4429, "Too many initialisation requests")
            return
        self.connection_init_received = True
        self._init_timer.cancel()
        self._connection.greet(message.get("payload") or {})
        try:
            self._connection.viewer = await self._door.viewer_of_key(self.key)
            self._door.streams.enter_key(self)
        except Unauthorized:
            await self._close(FORBIDDEN, "Forbidden")
        except (RateLimited, Unavailable) as error:
            await self._close(TRY_AGAIN_LATER, error.message)
        else:
            self.connection_acknowledged = True
            await self._send('{"type":"connection_ack"}')

    async def handle_ping(self, message: PingMessage) -> None:  # noqa: ARG002
        await self._send('{"type":"pong"}')

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        if not self.connection_acknowledged:
            await self._close(4401, "Unauthorized")
        elif message["id"] in self._running:
            await self._close(4409, f"Subscriber for {message['id']} already exists")
        else:
            await self._begin(message["id"], cast("dict[str, Any]", message["payload"]))

    async def _begin(self, operation_id: str, payload: dict[str, Any]) -> None:
        allowed = self._door.streams.limits.operations
        if len(self._running) >= allowed:
            refused = RateLimited(f"This socket has {allowed} operations running; end one or open another socket.")
            await self._send(framed(operation_id, ended_by([refused])))
            return
        try:
            query = self._door.document_of(payload) or ""
            refuse_what_cannot_be_kept(payload.get("variables") or {})
        except (DocumentRefused, SecretaryError) as error:
            await self._send(framed(operation_id, ended_by([error])))
            return
        operation = Operation(sys.intern(query), payload.get("variables"), payload.get("operationName") or None)
        self._door.figures.count_operation(operation)
        running = self._running[operation_id] = Running(operation_id)
        if (sharing := operation.sharing) is None:
            running.is_mutation = operation.is_mutation
            running.task = asyncio.create_task(self._run_alone(running, operation))
            return
        viewer = cast("Viewer", self._connection.viewer)
        running.subscriber = Subscriber(lambda: self._wake(running))
        key, execute = operation.key_for(viewer), self._door.executing.results
        self._door.broadcasts.join(key, sharing, lambda: execute(operation, viewer), running.subscriber)

    async def handle_complete(self, message: Any) -> None:
        running = self._running.pop(message["id"], None)
        if running is not None:
            running.stop()

    async def _run_alone(self, running: Running, operation: Operation) -> None:
        """A query, a mutation, or what is refused: executed for this caller only, whose key must still be good."""
        with suppress(WebSocketDisconnected):
            try:
                viewer = await self._door.viewer_of_key(self.key)
            except Unauthorized:
                await self._close(FORBIDDEN, "Forbidden")
                return
            except SecretaryError as error:
                await self._deliver(running, ended_by([error]))
                return
            results = self._door.executing.results(operation, viewer)
            async with aclosing(results):  # type: ignore[type-var]
                async for told in results:
                    await self._deliver(running, told)

    def _wake(self, running: Running) -> None:
        self._ready[running] = None
        if self._flushing is None and not self._closed:
            self._flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        """Send what waits, one message of each operation in turn."""
        try:
            while self._ready:
                running = next(iter(self._ready))
                del self._ready[running]
                subscriber = cast("Subscriber", running.subscriber)
                if subscriber.waiting:
                    told = subscriber.take()
                    if subscriber.waiting:
                        self._ready[running] = None
                    await self._deliver(running, told)
        except WebSocketDisconnected:
            self._ready.clear()
        finally:
            self._flushing = None

    async def _deliver(self, running: Running, told: Told) -> None:
        if self._running.get(running.id) is not running:
            return  # the caller has ended it
        if told.kind is not Kind.NEXT:
            # Its id is free from here on, as the caller may use it again once it reads this.
            del self._running[running.id]
        await self._send(framed(running.id, told))

    async def send_message(self, message: Message) -> None:
        await self._send(json.dumps(message))

    async def _send(self, text: str) -> None:
        await self._transmit(self._socket.send({"type": "websocket.send", "text": text}))

    async def _transmit(self, sending: Awaitable[None]) -> None:
        """Wait for the client to take something. Raises WebSocketDisconnected."""
        if self._sends == 0:
            self._blocked_since = monotonic()
        self._sends += 1
        try:
            await sending
        except (WebSocketDisconnect, RuntimeError) as error:
            # Starlette's words for a socket that was closed meanwhile, by either side.
            raise WebSocketDisconnected from error
        finally:
            self._sends -= 1
            self._blocked_since = monotonic() if self._sends else None

    async def _close(self, code: int, reason: str) -> None:
        if self._closed:
            return
        self._closed = True
        self._door.streams.count_close(code)
        with suppress(WebSocketDisconnected):
            await self._transmit(self._socket.close(code, close_reason(reason)))

    def _close_soon(self, code: int, reason: str) -> None:
        self._closing = asyncio.create_task(self._close(code, reason))

    def revoke(self) -> None:
        self._close_soon(FORBIDDEN, "Forbidden")

    def cut(self) -> None:
        self._closed = True
        if not cut(self._socket.scope) and self._task is not None:
            self._task.cancel()

    def tick(self, now: float) -> None:
        """Ping a client that said nothing for a while, and let go of one that answers no ping."""
        interval = self._door.streams.limits.ping_seconds
        if now - self._pinged_at < interval or now - self._heard_at < interval or not self.connection_acknowledged:
            return
        if now - self._heard_at > interval * (SILENT_PINGS + 1):
            self._close_soon(4408, "No answer to pings")
        elif self._sends == 0:
            self._pinged_at = now
            self._pinging = asyncio.create_task(self._ping())

    async def _ping(self) -> None:
        with suppress(WebSocketDisconnected):
            await self._send('{"type":"ping"}')
