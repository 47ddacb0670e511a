"""Shared execution: equal subscriptions are executed once in this process, and each message is handed to all who asked.

Nobody waits for anybody: each subscriber has a bounded queue of its own, and what happens when it is full depends on what
the subscription promises (`Sharing`). The end is never dropped."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from time import monotonic
from typing import Final

from secretary.graphql.operations import Kind, Told
from secretary.graphql.subscribers import Subscriber
from secretary.graphql.subscriptions import Sharing

REPLAYED: Final = 256
"""So many first messages are kept for those who join late and are owed every one; later ones then begin on their own."""
FRESH_SECONDS: Final = 1.0
"""A state told longer ago is read again for who joins."""
AT_ONCE: Final = 100
"""Subscribers who are handed a message before others get their turn on the event loop."""

Source = Callable[[], AsyncIterator[Told]]


class Broadcast:
    """One execution and those who follow it. It begins with the first and ends with the last of them."""

    __slots__ = (
        "_followers",
        "_forget",
        "_late",
        "_newest",
        "_pumping",
        "_refreshing",
        "_roomy",
        "_skip",
        "_source",
        "_told",
        "dropped",
        "joinable",
        "sharing",
    )

    def __init__(
        self,
        sharing: Sharing,
        source: Source,
        forget: Callable[[], None],
        dropped: Callable[[int], None],
        *,
        skip: int = 0,
    ) -> None:
        self.sharing = sharing
        self.dropped = dropped
        self._roomy: asyncio.Event | None = None
        self._source = source
        self._forget = forget
        self._skip = skip
        self._followers: dict[Subscriber, None] = {}
        self._late: list[Subscriber] = []
        self._newest: Told | None = None
        self._told: list[Told] = []
        self.joinable = True
        """Whether who joins now still gets all it is owed."""
        self._pumping: asyncio.Task[None] | None = None
        self._refreshing: asyncio.Task[None] | None = None

    @property
    def followers(self) -> int:
        return len(self._followers) + len(self._late)

    def join(self, subscriber: Subscriber) -> None:
        """Follow: what is owed of the past at once, and everything later."""
        subscriber.joins(self)
        if self.sharing is Sharing.NEWEST and self._newest is not None:
            if monotonic() - self._newest.at > FRESH_SECONDS:
                self._late.append(subscriber)
                self._refreshing = self._refreshing or asyncio.create_task(self._refresh())
                return
            subscriber.offer(self._newest)
        for told in self._told:
            subscriber.offer(told)
        self._followers[subscriber] = None
        self._pumping = self._pumping or asyncio.create_task(self._pump())

    def heads(self) -> list[float]:
        """When what waits longest for each follower was told."""
        return [follower.waiting[0].at for follower in self._followers if follower.waiting]

    def leave(self, subscriber: Subscriber) -> None:
        self._followers.pop(subscriber, None)
        with suppress(ValueError):
            self._late.remove(subscriber)
        if not self.followers:
            self._forget()
            for task in (self._pumping, self._refreshing):
                if task is not None and task is not asyncio.current_task():
                    task.cancel()

    def part(self, subscriber: Subscriber) -> None:
        """Give one who cannot keep up an execution of its own, which waits for it."""
        self._followers.pop(subscriber, None)
        alone = Broadcast(self.sharing, self._source, _nothing, self.dropped, skip=subscriber.delivered)
        alone.join(subscriber)

    async def _pump(self) -> None:
        async with aclosing(self._source()) as source:  # type: ignore[type-var]
            async for told in source:
                if self._skip and told.kind is Kind.NEXT:
                    self._skip -= 1
                    continue
                await self._tell(told)
                if self.sharing is Sharing.EVERY:
                    await self._wait_for_room()
                if not self.followers:
                    return

    async def _tell(self, told: Told) -> None:
        if told.kind is not Kind.NEXT:
            self._forget()
        elif self.sharing is Sharing.NEWEST:
            self._newest = told
        elif self.sharing is Sharing.EVERY:
            self._keep(told)
        self._welcome_late()
        for count, follower in enumerate(tuple(self._followers), 1):
            follower.offer(told)
            if not count % AT_ONCE:
                await asyncio.sleep(0)

    def _keep(self, told: Told) -> None:
        if len(self._told) >= REPLAYED:
            self.joinable = False
            self._told = []
        if self.joinable:
            self._told.append(told)

    async def _refresh(self) -> None:
        """Read the present state once more, for those who came when the last was told long ago."""
        async with aclosing(self._source()) as source:  # type: ignore[type-var]
            told = await anext(source)
        self._refreshing = None
        if told.kind is Kind.NEXT:
            # Without Redis what is read may be older than what was told.
            self._newest = told = max(told, self._newest or told, key=lambda state: state.number or 0)
        late, self._late = self._late, []
        for subscriber in late:
            subscriber.offer(told)
            self._followers[subscriber] = None

    def _welcome_late(self) -> None:
        # What is told now is newer than what a refresh could find.
        if self._refreshing is not None:
            self._refreshing.cancel()
            self._refreshing = None
        self._followers.update(dict.fromkeys(self._late))
        self._late = []

    def has_taken(self, subscriber: Subscriber) -> None:
        if self._roomy is not None and subscriber.has_room:
            self._roomy.set()

    async def _wait_for_room(self) -> None:
        """The fastest reader sets the pace of what must not be dropped; who is slower than half a queue parts."""
        while self._followers and not any(follower.has_room for follower in self._followers):
            self._roomy = asyncio.Event()
            await self._roomy.wait()


class Broadcasts:
    """All shared executions of this process."""

    def __init__(self) -> None:
        self.dropped = 0
        self._open: dict[tuple[str, ...], Broadcast] = {}

    @property
    def executions(self) -> int:
        return len(self._open)

    @property
    def longest_wait(self) -> float:
        """Seconds that the oldest message waits in the queue of any subscriber; 0 while none waits."""
        heads = [head for broadcast in self._open.values() for head in broadcast.heads()]
        return monotonic() - min(heads) if heads else 0.0

    @property
    def followers(self) -> int:
        return sum(broadcast.followers for broadcast in self._open.values())

    def join(self, key: tuple[str, ...], sharing: Sharing, source: Source, subscriber: Subscriber) -> None:
        """Follow the execution with this key, which `source` begins if there is none."""
        broadcast = self._open.get(key)
        if broadcast is None or not broadcast.joinable:
            broadcast = self._opened(key, sharing, source)
        broadcast.join(subscriber)

    def _opened(self, key: tuple[str, ...], sharing: Sharing, source: Source) -> Broadcast:
        def forget() -> None:
            if self._open.get(key) is broadcast:
                del self._open[key]

        broadcast = Broadcast(sharing, source, forget, self._count_dropped)
        self._open[key] = broadcast
        return broadcast

    def _count_dropped(self, count: int) -> None:
        self.dropped += count


def _nothing() -> None:
    pass
