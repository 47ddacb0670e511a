"""The log of a job: lines that are only ever added, read on from a cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from secretary.models import JobLogRow
from secretary.store.database import Database


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line not yet written."""

    timestamp: datetime
    level: str
    message: str


class Logs:
    """The job_log table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, job_id: str, cursor: int = 0, limit: int = 100) -> list[JobLogRow]:
        """Up to `limit` lines of the job after the line numbered `cursor`, oldest first."""
        statement = (
            select(JobLogRow)
            .where(col(JobLogRow.job_id) == job_id, col(JobLogRow.id) > cursor)
            .order_by(col(JobLogRow.id))
            .limit(limit)
        )
        async with self._database.read() as session:
            return list((await session.execute(statement)).scalars())

    async def newest(self, job_id: str, limit: int) -> list[JobLogRow]:
        """The last `limit` lines of the job, oldest first."""
        statement = (
            select(JobLogRow).where(col(JobLogRow.job_id) == job_id).order_by(col(JobLogRow.id).desc()).limit(limit)
        )
        async with self._database.read() as session:
            return list((await session.execute(statement)).scalars())[::-1]

    async def after_many(self, job_ids: Sequence[str], cursor: int = 0, limit: int = 100) -> dict[str, list[JobLogRow]]:
        """Up to `limit` lines of each of these jobs after the line numbered `cursor`, oldest first, in one statement."""
        place = func.row_number().over(partition_by=col(JobLogRow.job_id), order_by=col(JobLogRow.id))
        numbered = (
            select(col(JobLogRow.id), place.label("place"))
            .where(col(JobLogRow.job_id).in_(job_ids), col(JobLogRow.id) > cursor)
            .subquery()
        )
        statement = (
            select(JobLogRow)
            .join(numbered, col(JobLogRow.id) == numbered.c.id)
            .where(numbered.c.place <= limit)
            .order_by(col(JobLogRow.id))
        )
        found: dict[str, list[JobLogRow]] = {job_id: [] for job_id in job_ids}
        async with self._database.read() as session:
            for row in (await session.execute(statement)).scalars():
                found[row.job_id].append(row)
        return found

    async def add(self, job_id: str, attempt: int, lines: Sequence[LogLine]) -> None:
        async with self._database.write() as session:
            await insert_lines(session, job_id, attempt, lines)


async def insert_lines(session: AsyncSession, job_id: str, attempt: int, lines: Sequence[LogLine]) -> None:
    """Add lines within the caller's transaction."""
    if lines:
        rows = [
            {
                "job_id": job_id,
                "attempt": attempt,
                "timestamp": line.timestamp,
                "level": line.level,
                "message": line.message,
            }
            for line in lines
        ]
        await session.execute(insert(JobLogRow.__table__), rows)  # type: ignore[attr-defined]
