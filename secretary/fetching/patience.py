"""How long an exchange may still take, and whether anybody still waits for it: asked in every wait, however short."""

import contextlib
import threading
import time
from concurrent.futures import Future
from typing import Final, TypeVar

import httpcore

from secretary.fetching.resolving import Resolver

T = TypeVar("T")

SLICE_SECONDS: Final = 0.2
"""No wait is longer than this before cancellation and the deadline are looked at again."""


class FetchCancelled(Exception):
    """Nobody waits for this any more."""


class TooSlow(httpcore.TimeoutException):
    """The whole exchange takes longer than it may."""


class Patience:
    """For one exchange, of several requests where there are redirects."""

    def __init__(self, seconds: float, cancelled: threading.Event | None) -> None:
        self._until = time.monotonic() + seconds
        self._cancelled = cancelled

    def check(self) -> None:
        """Raises FetchCancelled or TooSlow."""
        if self._cancelled is not None and self._cancelled.is_set():
            raise FetchCancelled
        if time.monotonic() > self._until:
            raise TooSlow

    def look_up(self, resolver: Resolver, host: str, port: int) -> list[str]:
        """The resolver's answer. A thread waits for it, since nothing ends a look-up that hangs."""
        answer: Future[list[str]] = Future()

        def ask() -> None:
            try:
                answer.set_result(list(resolver(host, port)))
            except BaseException as error:  # noqa: BLE001  # told to the thread that waits
                answer.set_exception(error)

        threading.Thread(target=ask, name="look-up", daemon=True).start()
        while not answer.done():
            self.check()
            _wait(answer)
        return answer.result()


def _wait(answer: Future[T]) -> None:
    with contextlib.suppress(TimeoutError):
        answer.exception(timeout=SLICE_SECONDS)
