"""Answers over HTTP that go on until there is nothing more to tell, for both doors."""

import logging
from typing import Final

from sse_starlette import EventSourceResponse
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

logger = logging.getLogger(__name__)

SEND_SECONDS: Final = 60.0
"""A caller that takes nothing for so long has gone, whatever its connection says."""
ABORT: Final = "secretary.abort"
"""The ASGI extension of our server that cuts a connection whose client takes nothing more."""


def cut(scope: Scope) -> bool:
    """Cut the connection without a word, where the server lets us."""
    extension = (scope.get("extensions") or {}).get(ABORT)
    if extension is not None:
        extension["abort"]()
    return extension is not None


class EventStream(EventSourceResponse):
    """A stream that is also ended in form when the server stops, so that no caller takes it for a broken one, and cut when its
    caller takes nothing more; `timed_out` says so then."""

    timed_out = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            self.timed_out = True
            logger.info("a caller took nothing of its stream for %s s, which is cut", self.send_timeout)
            if cut(scope):
                return
            raise
        if self.active and scope["method"] != "HEAD":
            await send({"type": "http.response.body", "body": b"", "more_body": False})
