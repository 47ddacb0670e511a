"""Batches: their rows, and their counts read from their jobs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import defer
from sqlmodel import col

from secretary.jobs import JobStatus, StatusCounts
from secretary.models import BatchRow, JobRow
from secretary.store.database import Database
from secretary.store.paging import Cursor, Page, PageRequest, bounded, page_of


@dataclass(frozen=True, slots=True)
class BatchState:
    """How far a batch is: `percent` (0-100) is the mean over its jobs, an ended job counting as 100."""

    counts: StatusCounts
    percent: float

    @property
    def status(self) -> JobStatus:
        return self.counts.status


class Batches:
    """The batch table and what it sums up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, batch_id: str, owner: str | None = None) -> BatchRow | None:
        """The batch, if there is one that `owner` may see (None sees all)."""
        statement = select(BatchRow).where(col(BatchRow.id) == batch_id)
        if owner is not None:
            statement = statement.where(col(BatchRow.owner) == owner)
        async with self._database.read() as session:
            return (await session.execute(statement)).scalar_one_or_none()

    async def get_many(self, batch_ids: Sequence[str], owner: str | None = None) -> dict[str, BatchRow]:
        """The batches of these ids that `owner` may see, in one statement."""
        statement = select(BatchRow).where(col(BatchRow.id).in_(batch_ids))
        if owner is not None:
            statement = statement.where(col(BatchRow.owner) == owner)
        async with self._database.read() as session:
            return {row.id: row for row in (await session.execute(statement)).scalars()}

    async def page(self, owner: str | None, request: PageRequest) -> Page[BatchRow]:
        statement = select(BatchRow)
        if owner is not None:
            statement = statement.where(col(BatchRow.owner) == owner)
        async with self._database.read() as session:
            rows = await session.execute(bounded(statement, request, col(BatchRow.created_at), col(BatchRow.id)))
            return page_of(list(rows.scalars()), request, lambda row: Cursor(row.created_at, row.id))

    async def count(self, owner: str | None) -> int:
        statement = select(func.count()).select_from(BatchRow)
        if owner is not None:
            statement = statement.where(col(BatchRow.owner) == owner)
        async with self._database.read() as session:
            return (await session.execute(statement)).scalar_one()

    async def states(self, batch_ids: Sequence[str]) -> dict[str, BatchState]:
        """The state of each of these batches, in one statement."""
        statement = (
            select(col(JobRow.batch_id), col(JobRow.status), func.count(), func.sum(col(JobRow.percent)))
            .where(col(JobRow.batch_id).in_(batch_ids))
            .group_by(col(JobRow.batch_id), col(JobRow.status))
        )
        async with self._database.read() as session:
            groups = (await session.execute(statement)).all()
        counts: dict[str, dict[JobStatus, int]] = {batch_id: {} for batch_id in batch_ids}
        percents: dict[str, float] = dict.fromkeys(batch_ids, 0.0)
        for batch_id, status, count, percent in groups:
            counts[str(batch_id)][status] = count
            percents[str(batch_id)] += 100 * count if status.ended else percent
        return {
            batch_id: _state(StatusCounts.of(counts[batch_id]), float(percents[batch_id])) for batch_id in batch_ids
        }

    async def jobs(self, batch_id: str, *, after_index: int = -1, limit: int = 10_000) -> list[JobRow]:
        """The batch's jobs in the order they were given."""
        statement = (
            select(JobRow)
            .where(col(JobRow.batch_id) == batch_id, col(JobRow.batch_index) > after_index)
            .order_by(col(JobRow.batch_index))
            .limit(limit)
            .options(defer(JobRow.results, raiseload=True))  # type: ignore[arg-type]
        )
        async with self._database.read() as session:
            return list((await session.execute(statement)).scalars())

    async def jobs_of(self, batch_ids: Sequence[str], *, after_index: int, limit: int) -> dict[str, list[JobRow]]:
        """Up to `limit` jobs of each of these batches after a place, in the order they were given, in one statement."""
        place = func.row_number().over(partition_by=col(JobRow.batch_id), order_by=col(JobRow.batch_index))
        numbered = (
            select(col(JobRow.id), place.label("place"))
            .where(col(JobRow.batch_id).in_(batch_ids), col(JobRow.batch_index) > after_index)
            .subquery()
        )
        statement = (
            select(JobRow)
            .join(numbered, col(JobRow.id) == numbered.c.id)
            .where(numbered.c.place <= limit)
            .order_by(col(JobRow.batch_id), col(JobRow.batch_index))
            .options(defer(JobRow.results, raiseload=True))  # type: ignore[arg-type]
        )
        found: dict[str, list[JobRow]] = {batch_id: [] for batch_id in batch_ids}
        async with self._database.read() as session:
            for row in (await session.execute(statement)).scalars():
                found[str(row.batch_id)].append(row)
        return found


def _state(counts: StatusCounts, percents: float) -> BatchState:
    return BatchState(counts, percents / counts.total if counts.total else 100.0)
