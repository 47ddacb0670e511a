"""uvicorn as this service wants it: sockets without compression, bounded messages, and a way to cut a client that takes nothing."""

from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from secretary.streaming import ABORT

GRACEFUL_SECONDS: Final = 4
"""Open requests and streams get this long; honcho kills after five."""


class Sockets(WebSocketsSansIOProtocol):
    """A WebSocket whose application may cut it: closing waits until the client has taken all, which one that reads nothing never does."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        # The application runs from the loop's next turn on. A handshake that was refused has none.
        scope = getattr(self, "scope", None)
        if scope is not None:
            scope["extensions"][ABORT] = {"abort": self.transport.abort}

    def start_keepalive(self) -> None:
        super().start_keepalive()
        # The handshake is over, and its headers are a tenth of what an idle socket holds.
        del self.request, self.response


class Requests(HttpToolsProtocol):
    """An HTTP connection whose application may cut it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {ABORT: {"abort": self.transport.abort}}


def server_of(app: ASGIApp, *, max_message_bytes: int) -> uvicorn.Server:
    """A server for the application; `max_message_bytes` is the largest message a socket takes."""
    config = uvicorn.Config(
        app,
        http=Requests,
        ws=Sockets,
        ws_max_size=max_message_bytes,
        # It costs each idle socket 38 KB.
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    return uvicorn.Server(config)
