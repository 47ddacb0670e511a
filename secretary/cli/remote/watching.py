"""Many jobs and batches followed at once over a few sockets; lost ones are taken up again where they broke."""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from secretary.cli.remote.address import Address
from secretary.cli.remote.followed import Followed, Problem
from secretary.cli.remote.socket import AwayError, Socket
from secretary.up.failures import CannotStart

OPERATIONS: Final = 50
"""Subscriptions on one socket; a service takes 100 unless its operator says otherwise."""
_MOST_SOCKETS: Final = 16
_AWAY_SECONDS: Final = 300.0
_LONGEST_PAUSE: Final = 3.0
_TICK: Final = 1.0
_TRIES: Final = 5
_PASSING: Final = frozenset({"RATE_LIMITED", "UNAVAILABLE", "INTERNAL"})

Tell = Callable[[Followed], None]
Note = Callable[[str, bool], None]
"""A sentence, and whether the service is away."""


class Watching:
    """What is followed, and how far that is. `tell` hears of each change, `note` of connections lost and found."""

    def __init__(self, address: Address, followed: Sequence[Followed], *, tell: Tell, note: Note) -> None:
        self._address = address
        self._tell, self._note = tell, note
        self._left = len(followed)
        self._waiting = deque(followed)
        self._tries: dict[Followed, int] = {}
        self._capacity = OPERATIONS
        self._sockets = self._connected = 0
        self._away_since: float | None = None
        self._was_there = False

    async def run(self) -> None:
        """Until everything is settled; raises CannotStart when the service cannot be reached or takes no key."""
        try:
            async with asyncio.TaskGroup() as self._group:
                self._open_more()
        except ExceptionGroup as group:
            raise group.exceptions[0] from None

    def _open_more(self) -> None:
        """As many sockets as what is left needs."""
        while self._sockets < min(_MOST_SOCKETS, -(-self._left // self._capacity)):
            self._sockets += 1
            self._group.create_task(self._one_socket())

    async def _one_socket(self) -> None:
        pause = 0.25
        while self._left:
            running: dict[str, Followed] = {}
            try:
                async with Socket(self._address) as socket:
                    pause = 0.25
                    with self._there():
                        await self._follow(socket, running)
                break
            except AwayError as error:
                self._waiting.extendleft(running.values())
                self._is_away(error)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  # so that the sockets do not come back all at once
            pause = min(2 * pause, _LONGEST_PAUSE)
            self._address = self._address.again()
        self._sockets -= 1

    async def _follow(self, socket: Socket, running: dict[str, Followed]) -> None:
        while True:
            while self._waiting and len(running) < self._capacity:
                one = self._waiting.popleft()
                running[one.id] = one
                await socket.subscribe(one)
            if not running and not self._waiting:
                return
            message = await socket.receive(_TICK)
            if message is not None and (one_told := running.get(message.id)) is not None:
                if message.data is not None:
                    one_told.take(message.data)
                    self._tell(one_told)
                else:
                    del running[message.id]
                    await self._end_of(one_told, message.problem, len(running))

    async def _end_of(self, one: Followed, problem: Problem | None, others: int) -> None:
        """The subscription of this one is over; the job may not be."""
        if one.settled:
            self._left -= 1
            return
        tries = self._tries[one] = self._tries.get(one, 0) + 1
        if problem is not None and (problem.code not in _PASSING or tries > _TRIES):
            one.problem = problem
            self._left -= 1
            self._tell(one)
            return
        if problem is not None and problem.code == "RATE_LIMITED" and others:
            # The operator may allow fewer on one socket; more sockets then do it.
            self._capacity = min(self._capacity, others)
            self._tries[one] = 0
            self._open_more()
        elif problem is None:
            # It ended without its end, as for a job that was taken away: ask from the start.
            one.sequence = None
        self._waiting.append(one)
        await asyncio.sleep(0 if others else _TICK)

    @contextlib.contextmanager
    def _there(self) -> Iterator[None]:
        if self._away_since is not None:
            self._note("The service answers again.", False)
        self._away_since, self._was_there = None, True
        self._connected += 1
        try:
            yield
        finally:
            self._connected -= 1

    def _is_away(self, error: AwayError) -> None:
        now = asyncio.get_running_loop().time()
        if not self._was_there:
            raise CannotStart(f"The service at {self._address.url} does not answer ({error}).")
        if self._connected:
            return
        if self._away_since is None:
            self._away_since = now
            self._note(f"The service at {self._address.url} does not answer; trying again.", True)
        elif now - self._away_since > _AWAY_SECONDS:
            raise CannotStart(
                f"The service at {self._address.url} does not answer any more; its jobs go on when it is back."
            )
