"""Those who follow a shared execution: each with a bounded queue of its own, and what happens when that is full."""

from collections.abc import Callable
from typing import Final, Protocol, cast

from secretary.errors import RateLimited
from secretary.graphql.operations import Kind, Told, ended_by
from secretary.graphql.subscriptions import Sharing

WAITING: Final = {Sharing.NEWEST: 64, Sharing.EVERY: 512, Sharing.LIVE: 1_000}
"""How many messages wait for one subscriber at most."""


class Followed(Protocol):
    """The execution that a subscriber follows."""

    sharing: Sharing
    dropped: Callable[[int], None]

    def has_taken(self, subscriber: "Subscriber") -> None: ...

    def part(self, subscriber: "Subscriber") -> None: ...

    def leave(self, subscriber: "Subscriber") -> None: ...


class Subscriber:
    """Who gets the messages of one operation: a queue, and a call when something comes into the empty queue."""

    __slots__ = ("_broadcast", "_newest", "_number", "_size", "_wake", "delivered", "dropped", "ended", "waiting")

    def __init__(self, wake: Callable[[], None]) -> None:
        # Mostly empty, and an empty deque has 700 bytes.
        self.waiting: list[Told] = []
        self.delivered = 0
        self.dropped = 0
        self.ended = False
        self._wake = wake
        self._size = 0
        self._broadcast: Followed | None = None
        self._number: int | None = None
        self._newest = ""

    def joins(self, broadcast: Followed) -> None:
        self._broadcast = broadcast
        self._size = WAITING[broadcast.sharing]

    def leave(self) -> None:
        """Take no more; the execution ends with the last who leaves."""
        self.ended = True
        self.waiting.clear()
        if self._broadcast is not None:
            self._broadcast.leave(self)
            self._broadcast = None

    def take(self) -> Told:
        """The next message; there must be one waiting."""
        told = self.waiting.pop(0)
        self.delivered += told.kind is Kind.NEXT
        if self._broadcast is not None:
            self._broadcast.has_taken(self)
        if told.kind is not Kind.NEXT:
            self.leave()
        return told

    @property
    def has_room(self) -> bool:
        return len(self.waiting) <= self._size // 2

    def offer(self, told: Told) -> None:
        """Put a message in the queue unless it was told already."""
        if self.ended or self._knows(told):
            return
        self.ended = told.kind is not Kind.NEXT
        was_empty = not self.waiting
        if len(self.waiting) < self._size or self.ended:
            self.waiting.append(told)
        else:
            self._overflow(told)
        if was_empty and self.waiting:
            self._wake()

    def _knows(self, told: Told) -> bool:
        if self._broadcast is None or self._broadcast.sharing is not Sharing.NEWEST or told.kind is not Kind.NEXT:
            return False
        if told.number is None:
            known = told.payload == self._newest
            self._newest = told.payload
            return known
        if self._number is not None and told.number <= self._number:
            return True
        self._number = told.number
        return False

    def _overflow(self, told: Told) -> None:
        broadcast = cast("Followed", self._broadcast)
        if broadcast.sharing is Sharing.NEWEST:
            self._drop(broadcast, 1)
            self.waiting.pop(0)
            self.waiting.append(told)
        elif broadcast.sharing is Sharing.EVERY:
            # It goes on at its own pace, from what it has got.
            self.waiting.clear()
            broadcast.part(self)
        else:
            self._drop(broadcast, len(self.waiting) + 1)
            self.waiting.clear()
            self.offer(
                ended_by([RateLimited("This list is read more slowly than it changes; query it, and subscribe anew.")])
            )

    def _drop(self, broadcast: Followed, count: int) -> None:
        self.dropped += count
        broadcast.dropped(count)
