"""Subscriptions over `graphql-transport-ws`: Strawberry's handler, with its keys checked and its rough edges taken off."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from graphql import GraphQLError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.utils.aio import aclosing

from secretary.auth import Viewer, key_in_headers
from secretary.errors import RateLimited, Unauthorized, Unavailable
from secretary.graphql.context import Context
from secretary.graphql.masking import is_request_error, shown
from secretary.service import Service

logger = logging.getLogger(__name__)

MAX_OPERATIONS: Final = 100
TRY_AGAIN_LATER: Final = 1013
FORBIDDEN: Final = 4403
CHECK_KEY_SECONDS: Final = 5.0
INVALID_MESSAGE: Final = "Not a message of graphql-transport-ws"


@dataclass(slots=True)
class Connection:
    """One socket: the headers it came with, what `connection_init` said, and whose it then is."""

    headers: Mapping[str, str]
    connection_params: dict[str, Any] = field(default_factory=dict)
    viewer: Viewer | None = None

    @property
    def key(self) -> str | None:
        """The key in the payload of `connection_init`, or else the one in the headers."""
        said = self.connection_params
        authorization = said.get("authorization") or said.get("Authorization")
        if isinstance(authorization, str):
            return key_in_headers({"authorization": authorization})
        key = said.get("apiKey")
        return key if isinstance(key, str) else key_in_headers(self.headers)


class ServesSockets(Protocol):
    """What the handler needs of its view."""

    service: Service


class SocketHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """One socket. Each operation has a context of its own, and what is wrong with one does not end the others."""

    _key_watch: asyncio.Task[None] | None = None

    async def handle_message(self, message: Message) -> None:
        if _well_formed(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message(INVALID_MESSAGE)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        if message.get("payload") is None:
            message = {"type": "connection_init", "payload": {}}
        try:
            await super().handle_connection_init(message)
        except Unavailable as error:
            await self.websocket.close(code=TRY_AGAIN_LATER, reason=error.message)
        if self.connection_acknowledged and self._key_watch is None:
            self._key_watch = asyncio.create_task(self._watch_key())

    async def shutdown(self) -> None:
        if self._key_watch is not None:
            self._key_watch.cancel()
        await super().shutdown()

    async def _watch_key(self) -> None:
        """Close the socket when its key is revoked, also while it only listens."""
        connection = cast("Connection", self.context)
        service = cast("ServesSockets", self.view).service
        while await service.auth.still_opens(connection.key):  # noqa: ASYNC110  # no event tells of a revoked key
            await asyncio.sleep(CHECK_KEY_SECONDS)
        await self.websocket.close(code=FORBIDDEN, reason="Forbidden")

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        full = len(self.operations) >= MAX_OPERATIONS and message["id"] not in self.operations
        if self.connection_acknowledged and full:
            error = RateLimited(f"This socket has {MAX_OPERATIONS} operations running; end one or open another socket.")
            told = shown(GraphQLError(error.message, original_error=error))
            await self.send_message({"type": "error", "id": message["id"], "payload": [told.formatted]})
            return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        connection = cast("Connection", self.context)
        service = cast("ServesSockets", self.view).service
        try:
            connection.viewer = await service.auth.authenticate(connection.key)
            results = await self.schema.stream(
                operation.query,
                variable_values=operation.variables,
                context_value=Context(service, connection.viewer),
                operation_name=operation.operation_name,
            )
            async with aclosing(results):
                await self._send_results(operation, results)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except Unauthorized:
            await self.websocket.close(code=FORBIDDEN, reason="Forbidden")
        except WebSocketDisconnected:
            return
        except Exception as error:  # noqa: BLE001  # the last place where the operation can still be told of it
            # A syntax error comes this way: the parser's cache raises it where Strawberry's stream does not catch it.
            told = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
            await operation.send_initial_errors([shown(told)])

    async def _send_results(self, operation: Operation[Any, None], results: Any) -> None:
        async for result in results:
            if is_request_error(result.errors, result.data) or isinstance(result, PreExecutionError):
                await operation.send_initial_errors([shown(error) for error in result.errors])
                return
            errors = [shown(error) for error in result.errors] if result.errors else None
            await operation.send_next(ExecutionResult(data=result.data, errors=errors, extensions=result.extensions))


def _well_formed(message: object) -> bool:
    """Whether the message has the shape its type wants; the handler below takes that for granted."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in {"subscribe", "complete"}:
        return True
    if not isinstance(message.get("id"), str):
        return False
    return message["type"] == "complete" or _well_formed_operation(message.get("payload"))


def _well_formed_operation(payload: object) -> bool:
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        return False
    return isinstance(payload.get("variables"), dict | None) and isinstance(payload.get("operationName"), str | None)
