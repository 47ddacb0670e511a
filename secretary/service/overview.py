"""The service at a glance: its queue, its workers, and whether it is ready."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from secretary.auth import Viewer
from secretary.errors import Unavailable
from secretary.jobs import JobStatus
from secretary.progress import ProgressBus
from secretary.store import HoursAndDurations, Store


@dataclass(frozen=True, slots=True)
class WorkerState:
    """One living worker and the job it has been running longest, if any."""

    id: str
    started_at: datetime
    last_seen_at: datetime
    job_id: str | None


@dataclass(frozen=True, slots=True)
class QueueState:
    """What waits and what runs."""

    pending: int
    processing: int
    workers: list[WorkerState]


class Overview:
    """Reads the state of the whole service."""

    def __init__(self, store: Store, bus: ProgressBus, *, worker_seconds: float) -> None:
        self._store = store
        self._bus = bus
        self._worker_seconds = worker_seconds

    async def queue(self, viewer: Viewer) -> QueueState:
        """The viewer's own waiting and running jobs (an admin's: everybody's), and all living workers."""
        counts = await self._store.jobs.status_counts(viewer.scope)
        living = await self._store.workers.living(self._worker_seconds)
        running = await self._store.workers.running()
        workers = [WorkerState(row.id, row.started_at, row.last_seen_at, running.get(row.id)) for row in living]
        return QueueState(counts.get(JobStatus.PENDING, 0), counts.get(JobStatus.PROCESSING, 0), workers)

    async def statistics(self, viewer: Viewer, hours: int) -> HoursAndDurations:
        """The viewer's own jobs of the last hours (an admin's: everybody's), counted by the hour, and how long they took."""
        return await self._store.statistics.of_hours(hours, viewer.scope)

    async def checks(self) -> dict[str, bool]:
        """Whether database, Redis and at least one worker answer."""
        database, redis = await asyncio.gather(self._database_answers(), self._bus.ping())
        workers = bool(await self._store.workers.living(self._worker_seconds)) if database else False
        return {"database": database, "redis": redis, "workers": workers}

    async def living_workers(self) -> int:
        """How many workers show that they are alive."""
        return len(await self._store.workers.living(self._worker_seconds))

    async def counts(self) -> dict[JobStatus, int]:
        return await self._store.jobs.status_counts()

    async def queue_lag(self) -> float:
        """Seconds that the pending job which is due longest has been due; 0 when none is."""
        oldest = await self._store.jobs.due_longest()
        return max(0.0, (datetime.now(UTC) - oldest).total_seconds()) if oldest else 0.0

    async def _database_answers(self) -> bool:
        try:
            await self._store.database.ping()
        except Unavailable:
            return False
        return True
