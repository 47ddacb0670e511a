"""One socket to the service: `graphql-transport-ws` as far as following needs it."""

import asyncio
import json
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from secretary.cli.remote.address import Address, is_a_stranger, leads_on, takes_no_key
from secretary.cli.remote.followed import Followed, Problem
from secretary.cli.remote.recorded import document
from secretary.up.failures import CannotStart

_SECONDS: Final = 10.0
_FORBIDDEN: Final = 4403
_OURS: Final = range(4000, 5000)
_SERVER_ERROR: Final = 500
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class AwayError(Exception):
    """The service is not there at the moment."""


class Message(NamedTuple):
    """What the service says of one subscription: an event, or that it is over, and why if not by itself."""

    id: str
    data: dict[str, Any] | None
    problem: Problem | None


class _Straight(connect):
    """Follows no redirect, as the key would go along to whoever answers there."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Socket:
    """Open while its `async with` lasts. Raises AwayError when it is lost, CannotStart when the service will not have it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        try:
            self._connection = await _Straight(
                self._address.socket_url,
                subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
                open_timeout=_SECONDS,
                close_timeout=1.0,
                max_size=None,
                proxy=None if self._address.is_here else True,
            )
            await self._send(type="connection_init", payload={"authorization": f"Bearer {self._address.key}"})
            while (await self._received(_SECONDS))["type"] != "connection_ack":
                pass
        except InvalidStatus as error:
            status = error.response.status_code
            if status >= _SERVER_ERROR:
                raise AwayError(f"{status} {error.response.reason_phrase}") from None
            if status in _REDIRECTS:
                raise CannotStart(leads_on(self._address.url, error.response.headers.get("Location"))) from None
            reason = f"{status} {error.response.reason_phrase}"
            raise CannotStart(is_a_stranger(self._address.url, reason)) from None
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            raise AwayError(str(error) or type(error).__name__) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def subscribe(self, one: Followed) -> None:
        """Have this one told, after what was told of it already."""
        name = "BatchProgress" if one.is_batch else "WatchJob"
        variables: dict[str, Any] = {"batchId": one.id}
        if not one.is_batch:
            variables = {"jobId": one.id, "afterSequence": one.sequence}
        payload = {"query": document(name), "operationName": name, "variables": variables}
        await self._send(id=one.id, type="subscribe", payload=payload)

    async def receive(self, seconds: float) -> Message | None:
        """The next message about a subscription, if there is one within that time."""
        try:
            told = await self._received(seconds)
        except TimeoutError:
            return None
        match told["type"]:
            case "ping":
                await self._send(type="pong")
            case "complete":
                return Message(told["id"], None, None)
            case "error":
                return Message(told["id"], None, _problem(told["payload"]))
            case "next":
                payload = told["payload"]
                if payload.get("data") is None:
                    return Message(told["id"], None, _problem(payload.get("errors") or [{}]))
                return Message(told["id"], payload["data"], None)
        return None

    async def _send(self, **message: Any) -> None:
        assert self._connection is not None
        try:
            await self._connection.send(json.dumps(message))
        except ConnectionClosed as closed:
            raise self._lost(closed) from None

    async def _received(self, seconds: float) -> dict[str, Any]:
        assert self._connection is not None
        try:
            # Not wait_for, which in Python 3.11 loses a cancel that comes together with a message.
            async with asyncio.timeout(seconds):
                message: dict[str, Any] = json.loads(await self._connection.recv())
        except ConnectionClosed as closed:
            raise self._lost(closed) from None
        return message

    def _lost(self, closed: ConnectionClosed) -> Exception:
        code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (0, "the connection was lost")
        if code == _FORBIDDEN:
            return CannotStart(takes_no_key(self._address.url))
        if code in _OURS:
            return CannotStart(f"The service at {self._address.url} closed the connection: {reason}.")
        return AwayError(reason or str(code))


def _problem(errors: list[dict[str, Any]]) -> Problem:
    first = errors[0]
    return Problem(
        str((first.get("extensions") or {}).get("code", "")), str(first.get("message", "The service gave no reason."))
    )
