"""The sockets and streams that are open in this process: how many there may be, and who among them has to go.

One round each second looks after all of them, so that an idle one costs no task and no timer of its own."""

import asyncio
import itertools
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final, Protocol

from secretary.auth import Authenticator
from secretary.errors import RateLimited, Unavailable

logger = logging.getLogger(__name__)

FORBIDDEN: Final = 4403
TRY_AGAIN_LATER: Final = 1013
_CODES: Final = frozenset({1000, 1001, 1005, 1006, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429})
ROUND_SECONDS: Final = 1.0
CHECK_KEYS_ROUNDS: Final = 2


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How much the streams of one process may take. Seconds and counts."""

    per_process: int = 10_000
    per_key: int = 1_000
    operations: int = 100
    init_seconds: float = 10.0
    ping_seconds: float = 20.0
    send_seconds: float = 30.0


class OpenStream(Protocol):
    """A socket or an HTTP stream."""

    @property
    def kind(self) -> str: ...

    @property
    def key(self) -> str | None: ...

    @property
    def blocked_since(self) -> float | None:
        """Since when (monotonic) it takes nothing of what is sent to it; None while nothing waits."""

    def revoke(self) -> None:
        """Its key opens nothing any more: end it."""

    def cut(self) -> None:
        """It takes nothing any more: end it without a word."""

    def tick(self, now: float) -> None:
        """Once a round: time for a ping, perhaps."""


class OpenStreams:
    """Counts them in and out."""

    def __init__(self, auth: Authenticator, limits: StreamLimits) -> None:
        self.limits = limits
        self.closes: Counter[str] = Counter()
        """Sockets that were closed, by the code; codes that only clients make up are one."""
        self.slow = 0
        """Those that were cut because they took nothing for too long."""
        self._auth = auth
        self._all: dict[OpenStream, None] = {}
        self._by_key: defaultdict[str, dict[OpenStream, None]] = defaultdict(dict)
        self._rounds: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._all)

    def enter(self, stream: OpenStream) -> None:
        """Raises Unavailable when the process has enough of them."""
        if len(self._all) >= self.limits.per_process:
            raise Unavailable(f"This server holds {self.limits.per_process} live connections already; try again later.")
        self._all[stream] = None
        if self._rounds is None:
            self._rounds = asyncio.create_task(self._go_round())

    def enter_key(self, stream: OpenStream) -> None:
        """The stream's key is known now. Raises RateLimited when others hold too many with it."""
        holders = self._by_key[stream.key or ""]
        if len(holders) >= self.limits.per_key:
            raise RateLimited(f"This key holds {self.limits.per_key} live connections already; close one of them.")
        holders[stream] = None

    def leave(self, stream: OpenStream) -> None:
        self._all.pop(stream, None)
        key = stream.key or ""
        if key in self._by_key:
            self._by_key[key].pop(stream, None)
            if not self._by_key[key]:
                del self._by_key[key]
        if not self._all and self._rounds is not None:
            self._rounds.cancel()
            self._rounds = None

    async def _go_round(self) -> None:
        for number in itertools.count(1):
            await asyncio.sleep(ROUND_SECONDS)
            try:
                self._look_after(monotonic())
                if number % CHECK_KEYS_ROUNDS == 0:
                    await self._check_keys()
            except Exception:
                # Nobody else drops the revoked and the slow, so the next round is made whatever it was.
                logger.exception("a round of the open streams met something unforeseen")

    def count_close(self, code: int) -> None:
        self.closes[str(code) if code in _CODES else "other"] += 1

    def kinds(self) -> Counter[str]:
        """How many of each kind are open."""
        return Counter(stream.kind for stream in self._all)

    def _look_after(self, now: float) -> None:
        for stream in tuple(self._all):
            blocked = stream.blocked_since
            if blocked is not None and now - blocked > self.limits.send_seconds:
                self.slow += 1
                stream.cut()
            else:
                stream.tick(now)

    async def _check_keys(self) -> None:
        # While the database is away nobody's key is taken for revoked.
        with suppress(Unavailable):
            held = tuple(key for key in self._by_key if key)
            for key in set(held) - await self._auth.opening(held):
                self._revoke(tuple(self._by_key.get(key, ())))

    def _revoke(self, streams: Iterable[OpenStream]) -> None:
        for stream in streams:
            stream.revoke()
