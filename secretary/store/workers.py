"""Workers that show they are alive: one row each, renewed every few seconds, is the lease on all the jobs they run."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlmodel import col

from secretary.jobs import JobStatus
from secretary.models import JobRow, WorkerRow
from secretary.store.database import Database, after_now


class Workers:
    """The worker table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def renew(self, worker_id: str, *, host: str, pid: int) -> None:
        """Say that this worker lives; it is entered when it is not known (any more)."""
        seen = (
            update(WorkerRow)
            .where(col(WorkerRow.id) == worker_id)
            .values(last_seen_at=after_now())
            .returning(col(WorkerRow.id))
        )
        async with self._database.write() as session:
            if (await session.execute(seen)).first() is None:
                values = {
                    "id": worker_id,
                    "host": host,
                    "pid": pid,
                    "started_at": after_now(),
                    "last_seen_at": after_now(),
                }
                await session.execute(insert(WorkerRow).values(values))

    async def leave(self, worker_id: str) -> None:
        """Say that this worker ends."""
        async with self._database.write() as session:
            await session.execute(delete(WorkerRow).where(col(WorkerRow.id) == worker_id))

    async def living(self, within_seconds: float) -> Sequence[WorkerRow]:
        """Workers seen within so many seconds, oldest first."""
        statement = (
            select(WorkerRow)
            .where(col(WorkerRow.last_seen_at) > after_now(-within_seconds))
            .order_by(col(WorkerRow.started_at))
        )
        async with self._database.read() as session:
            return list((await session.execute(statement)).scalars())

    async def running(self) -> dict[str, str]:
        """Which job each busy worker has been running longest, by worker id."""
        statement = (
            select(col(JobRow.worker_id), col(JobRow.id))
            .where(col(JobRow.status) == JobStatus.PROCESSING, col(JobRow.worker_id).is_not(None))
            .order_by(col(JobRow.started_at).desc())
        )
        async with self._database.read() as session:
            return {worker_id: job_id for worker_id, job_id in (await session.execute(statement)).all() if worker_id}

    async def forget(self, silent_seconds: float) -> None:
        """Remove the rows of workers silent for so many seconds; their jobs have long been taken back."""
        async with self._database.write() as session:
            await session.execute(delete(WorkerRow).where(col(WorkerRow.last_seen_at) < after_now(-silent_seconds)))
