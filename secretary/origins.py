"""Pages of other origins: what browsers let them ask of both doors, and read of the answers (CORS), where the operator has named them."""

from collections.abc import Collection
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_METHODS: Final = ("GET", "HEAD", "POST", "DELETE")
_ASKED: Final = (
    "Authorization",
    "X-Secretary-Api-Key",
    "Content-Type",
    "Idempotency-Key",
    "Last-Event-ID",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "Range",
    "X-Request-ID",
    # What GraphQL clients and those who fetch for them add: Apollo, urql, Relay.
    "Apollo-Require-Preflight",
    "ApolloGraphQL-Client-Name",
    "ApolloGraphQL-Client-Version",
    "Cache-Control",
    "GraphQL-Preflight",
    "GraphQL-Require-Preflight",
    "X-Apollo-Operation-Id",
    "X-Apollo-Operation-Name",
    "X-Requested-With",
)
_READ: Final = (
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Idempotency-Replayed",
    "Retry-After",
    "X-Request-ID",
)
_MAX_AGE_SECONDS: Final = 7200  # no browser keeps a preflight's answer for longer than this (Chromium)


class OtherOrigins:
    """ASGI middleware that answers preflights, before any key is asked for, and names who may read the answers of `paths`.

    Nothing else is opened: figures that this machine may read without a key are not for the pages in its browsers."""

    def __init__(self, app: ASGIApp, origins: Collection[str], paths: Collection[str]) -> None:
        self._app = app
        self._paths = tuple(paths)
        # No credentials: keys are sent by the page itself, never by the browser as it does with cookies.
        self._opened = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_ASKED,
            expose_headers=_READ,
            # Browsers ask once more for a service on the reader's own machine or network.
            allow_private_network=True,
            max_age=_MAX_AGE_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opened = scope["type"] == "http" and self._is_opened(scope["path"])
        await (self._opened if opened else self._app)(scope, receive, send)

    def _is_opened(self, path: str) -> bool:
        return any(path == opened or path.startswith(f"{opened}/") for opened in self._paths)
