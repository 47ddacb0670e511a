"""What both doors do with an HTTP request before they look at what it asks: give it an id, bound its body, find its key."""

import logging
import re
from contextvars import ContextVar
from typing import Final

from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secretary.auth import Authenticator, Viewer, key_in_headers
from secretary.errors import BodyTooLarge
from secretary.jobs import new_id

logger = logging.getLogger(__name__)

_current_id: ContextVar[str] = ContextVar("request_id", default="")
_HEADER: Final = b"x-request-id"
_OWN_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,128}")


def request_id() -> str:
    """The id of the request being answered: the caller's own `X-Request-ID` where it is a plain word, else a new one."""
    return _current_id.get()


class UnforeseenErrors:
    """How many there were in this process, at either door; GraphQL answers some of them with the status 200."""

    count = 0


def log_internal_error(error: BaseException) -> str:
    """Log an unforeseen error with its traceback under the request's id, and return that id for the answer."""
    UnforeseenErrors.count += 1
    found = request_id() or new_id("request")
    logger.error("unforeseen error in request %s", found, exc_info=error)
    return found


def note_refusal(code: str) -> None:
    """A line in the log for what was refused, so that the id a caller was told is found there."""
    logger.info("request %s was refused: %s", request_id(), code)


async def read_body(request: Request, max_bytes: int) -> bytes:
    """The whole body, read piece by piece; raises BodyTooLarge as soon as it has more than `max_bytes`, whatever length it announced."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise BodyTooLarge(f"The request body has {int(announced):,} bytes; this server takes {max_bytes:,}.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLarge(f"The request body has more than the {max_bytes:,} bytes this server takes.")
    return bytes(body)


async def viewer_of(connection: HTTPConnection, auth: Authenticator) -> Viewer:
    """Whose key the request carries; raises Unauthorized."""
    return await auth.authenticate(key_in_headers(connection.headers))


class RequestIds:
    """ASGI middleware that gives each request an id, in the log and in the `X-Request-ID` header of the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = next((value.decode("latin-1") for name, value in scope["headers"] if name == _HEADER), "")
        found = given if _OWN_ID.fullmatch(given) else new_id("request")
        told = (_HEADER, found.encode())
        token = _current_id.set(found)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), told]
            await send(message)

        try:
            # A socket has no header to be told it in, and sends thousands of messages.
            await self._app(scope, receive, send_with_id if scope["type"] == "http" else send)
        finally:
            _current_id.reset(token)
