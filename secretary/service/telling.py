"""After the commit: ring for what is due, tell subscribers what changed, and show a row with news newer than itself."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, Final

from secretary.jobs import JobStatus, Progress
from secretary.models import JobRow, progress_of
from secretary.progress import ProgressBus
from secretary.queue import DEFAULT_QUEUE, WEBHOOK_QUEUE, Doorbell
from secretary.store import Moves

logger = logging.getLogger(__name__)

MANY: Final = 100
"""More jobs than this are told of without snapshots, in one pipeline."""


class Telling:
    """Rings and publishes. Neither can fail a call: the rows are committed, and the sweeper and the hub's net make up for both."""

    def __init__(self, bus: ProgressBus, doorbell: Doorbell, moves: Moves) -> None:
        self._moves = moves
        self._bus = bus
        self._doorbell = doorbell
        self._background: set[asyncio.Task[None]] = set()

    async def created(self, rows: Sequence[JobRow]) -> None:
        """Jobs became pending: ring for them, then publish their first state."""
        await asyncio.to_thread(self._doorbell.ring, DEFAULT_QUEUE, len(rows))
        await self._publish(rows)

    def created_many(self, states: Sequence[Progress]) -> None:
        """A batch became pending: ring and announce in the background, so that the answer does not wait for 10,000 messages."""
        self._start(self._ring_and_announce(states))

    async def moved(self, rows: Sequence[JobRow]) -> None:
        """Jobs were ended by a caller: have their workers let go, then publish, no percent lower than the last one told."""
        await self._bus.stop([row.id for row in rows])
        await self._moves.lift(rows, await self._bus.sealed({row.id: row.sequence for row in rows}))
        await self._publish(rows)
        told = sum("webhook" in row.parameters for row in rows) + len({row.batch_id for row in rows if row.batch_id})
        if told:
            await self.deliveries_due(told)

    async def deliveries_due(self, count: int = 1) -> None:
        """Owners are to be told: ring for those who send. A bell too many finds nothing."""
        await asyncio.to_thread(self._doorbell.ring, WEBHOOK_QUEUE, min(count, MANY))

    async def close(self) -> None:
        """Wait for what is still being told."""
        await asyncio.gather(*self._background)

    async def _publish(self, rows: Sequence[JobRow]) -> None:
        if len(rows) > MANY:
            await self._bus.announce([progress_of(row) for row in rows])
            return
        for row in rows:
            await self._bus.publish(progress_of(row))

    async def _ring_and_announce(self, states: Sequence[Progress]) -> None:
        await asyncio.to_thread(self._doorbell.ring, DEFAULT_QUEUE, len(states))
        await self._bus.announce(states)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def freshened(bus: ProgressBus, rows: Sequence[JobRow]) -> list[JobRow]:
    """The rows, those of running jobs with the state published since their last write, so that a query says what the socket said."""
    running = [row.id for row in rows if row.status is JobStatus.PROCESSING]
    if running:
        snapshots = await bus.snapshots(running)
        for row in rows:
            newer = snapshots.get(row.id)
            if newer and newer.sequence > row.sequence and newer.status is JobStatus.PROCESSING:
                row.sequence, row.step, row.percent, row.message = (
                    newer.sequence,
                    newer.step,
                    newer.percent,
                    newer.message,
                )
                row.updated_at = newer.timestamp
    return list(rows)
