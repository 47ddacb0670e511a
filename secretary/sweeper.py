"""The sweeper, in every worker: takes back the jobs of silent workers and rings for what is due but unheard.

Each of its statements is conditional, so any number of sweepers may run at once without a leader."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

from secretary.errors import Unavailable
from secretary.files import ProducedFolder, Shelf
from secretary.jobs import retry_delay
from secretary.models import progress_of
from secretary.progress import ProgressBus
from secretary.queue import DEFAULT_QUEUE, MAX_RINGS, WEBHOOK_QUEUE, Doorbell, QueueUnavailable
from secretary.store import Store

logger = logging.getLogger(__name__)

SWEEP_SECONDS: Final = 1.0
UNHEARD_SECONDS: Final = 0.5
WEBHOOK_RINGS: Final = 16
"""Who hears one goes on until nothing is due, so a few are enough to have every hand at work."""
TIDY_SECONDS: Final = 300.0
PRUNE_SECONDS: Final = 30.0
_FORGET_WORKERS_SECONDS: Final = 3_600.0
_DEAD_FOLDER_SECONDS: Final = 86_400.0


class Sweeper:
    """Finds what was lost."""

    def __init__(
        self,
        store: Store,
        bus: ProgressBus,
        doorbell: Doorbell,
        produced: ProducedFolder,
        caches: Sequence[Shelf],
        *,
        lease_seconds: float,
        retry_seconds: float,
    ) -> None:
        self._store = store
        self._bus = bus
        self._doorbell = doorbell
        self._produced = produced
        self._caches = caches
        self._lease_seconds = lease_seconds
        self._retry_seconds = retry_seconds
        self._tidied_at = 0.0
        self._pruned_at = 0.0

    async def run(self) -> None:
        """Sweep every second until cancelled."""
        troubled = False
        while True:
            try:
                await self.sweep()
                troubled = False
            except (Unavailable, QueueUnavailable) as error:
                if not troubled:
                    logger.warning("sweeping has to wait: %s", error)
                troubled = True
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """One round. Raises Unavailable or QueueUnavailable."""
        await self._take_back()
        await self._release_deliveries()
        await self._ring_for_unheard()
        if time.monotonic() - self._tidied_at > TIDY_SECONDS:
            self._tidied_at = time.monotonic()
            await self._store.workers.forget(_FORGET_WORKERS_SECONDS)
            await asyncio.to_thread(self._produced.sweep, _DEAD_FOLDER_SECONDS, time.time())
        if time.monotonic() - self._pruned_at > PRUNE_SECONDS:
            self._pruned_at = time.monotonic()
            for cache in self._caches:
                await asyncio.to_thread(cache.prune)

    async def _take_back(self) -> None:
        delay = retry_delay(1, base=self._retry_seconds)
        rows = await self._store.claims.take_back(self._lease_seconds, delay=delay)
        if rows:
            await self._store.moves.lift(rows, await self._bus.sealed({row.id: row.sequence for row in rows}))
        for row in rows:
            logger.warning("job %s was taken back from a silent worker and is %s", row.id, row.status)
            await self._bus.publish(progress_of(row))
            await self._bus.publish_log(row.id)

    async def _release_deliveries(self) -> None:
        if lost := await self._store.deliveries.release_lost(self._lease_seconds):
            logger.warning("%s webhook deliveries were taken back from silent workers", lost)

    async def _ring_for_unheard(self) -> None:
        await self._ring(DEFAULT_QUEUE, await self._store.jobs.due(DEFAULT_QUEUE, older_than=UNHEARD_SECONDS))
        due = await self._store.deliveries.due(older_than=UNHEARD_SECONDS, at_most=WEBHOOK_RINGS)
        await self._ring(WEBHOOK_QUEUE, due)

    async def _ring(self, queue: str, due: int) -> None:
        if due:
            waiting = await asyncio.to_thread(self._doorbell.waiting, queue)
            missing = min(due, MAX_RINGS) - waiting
            if missing > 0:
                await asyncio.to_thread(self._doorbell.ring, queue, missing)
