"""What is kept no longer: old jobs with their logs and files, batches without jobs, unused uploads, old deliveries; out in small steps.

Every step is conditional and bounded, so any number of workers may take steps at once, and `secretary prune` beside them."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from secretary.errors import Unavailable
from secretary.files import ProducedFolder, Storage
from secretary.store import Left, Store

logger = logging.getLogger(__name__)

PRUNE_SECONDS: Final = 30.0
STEP: Final = 100
"""Rows that one statement takes out at most."""
ABANDONED_SECONDS: Final = 60.0
"""Who has not finished what is left of something by then is not at it any more."""
TOMBSTONE_SECONDS: Final = 365 * 86_400.0
"""So long an id that expired answers so."""
_ALL: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Retention:
    """Seconds after their end for jobs, after their last use for uploads, after their last change for webhook deliveries that are
    done; 0 keeps for ever, deliveries as long as their jobs."""

    job_seconds: float
    upload_seconds: float
    delivery_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, or would go: ids, and bytes of the uploads; deliveries that go with their jobs are not named."""

    jobs: Sequence[str] = ()
    batches: Sequence[str] = ()
    uploads: Sequence[str] = ()
    upload_bytes: int = 0
    deliveries: Sequence[str] = ()

    @property
    def ids(self) -> Sequence[str]:
        return [*self.deliveries, *self.jobs, *self.batches, *self.uploads]

    def __add__(self, more: "Pruned") -> "Pruned":
        return Pruned(
            [*self.jobs, *more.jobs],
            [*self.batches, *more.batches],
            [*self.uploads, *more.uploads],
            self.upload_bytes + more.upload_bytes,
            [*self.deliveries, *more.deliveries],
        )


class Pruner:
    """Takes out what has expired, and then removes what is left of it. Raises Unavailable, also for the storage."""

    def __init__(self, store: Store, produced: ProducedFolder, uploads: Storage, retention: Retention) -> None:
        self._store = store
        self._produced = produced
        self._uploads = uploads
        self._retention = retention

    async def run(self) -> None:
        """Take a step every PRUNE_SECONDS until cancelled."""
        troubled = False
        while True:
            try:
                await self.step()
                troubled = False
            except (Unavailable, OSError) as error:
                if not troubled:
                    logger.warning("what has expired has to wait: %s", error)
                troubled = True
            await asyncio.sleep(PRUNE_SECONDS)

    async def step(self) -> Pruned:
        """One step of each kind, and what others left unfinished."""
        pruned = await self._expire(STEP)
        for left in await self._store.gone.unfinished(2 * STEP, among=pruned.ids):
            await self._finish(left)
        for left in await self._store.gone.unfinished(STEP, older_than_seconds=ABANDONED_SECONDS):
            await self._finish(left)
        await self._store.gone.forget(TOMBSTONE_SECONDS, STEP)
        return pruned

    async def would_go(self) -> Pruned:
        """What steps would take out, all of it, with nothing changed."""
        return await self._expire(_ALL, dry_run=True)

    async def _expire(self, limit: int, *, dry_run: bool = False) -> Pruned:
        gone, keep = self._store.gone, self._retention
        jobs: list[str] = []
        batches: list[str] = []
        deliveries: list[str] = []
        uploads: list[tuple[str, int]] = []
        if keep.delivery_seconds:
            before = datetime.now(UTC) - timedelta(seconds=keep.delivery_seconds)
            deliveries = await self._store.delivery_log.prune(before, limit=limit, dry_run=dry_run)
        if keep.job_seconds:
            jobs = await gone.expire_jobs(keep.job_seconds, limit, dry_run=dry_run)
            batches = await gone.expire_batches(keep.job_seconds, limit, dry_run=dry_run)
        if keep.upload_seconds:
            uploads = await self._store.uploads.expire(keep.upload_seconds, limit, dry_run=dry_run)
        return Pruned(jobs, batches, [one for one, _ in uploads], sum(size for _, size in uploads), deliveries)

    async def _finish(self, left: Left) -> None:
        if left.stored is not None:
            await asyncio.to_thread(self._uploads.remove, left.stored)
        else:
            await self._store.gone.remove_lines(left.id)
            await asyncio.to_thread(self._produced.remove, left.id)
        await self._store.gone.finish(left.id)
