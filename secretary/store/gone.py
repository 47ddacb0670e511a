"""Tombstones: what is gone and must answer 410, and what of it still has to be removed.

A row is taken out and its tombstone written in one transaction; its log and its files go afterwards, so that whoever dies in
between leaves a note of what is left to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from secretary.jobs import JobStatus
from secretary.models import BatchRow, GoneRow, IdempotencyRow, JobLogRow, JobRow
from secretary.store.database import Database, after_now
from secretary.store.ends import forget_targets

LINES_AT_ONCE = 1_000
_ENDED = frozenset(status for status in JobStatus if status.ended)


@dataclass(frozen=True, slots=True)
class Left:
    """Something gone of which there is more to remove: an upload's bytes lie at `stored`, a job's files under its own id."""

    id: str
    stored: str | None


class Gone:
    """The table of tombstones, and the taking out of old jobs and batches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def expired(self, gone_id: str, owner: str | None = None) -> bool:
        """Whether something of this id was there, was `owner`'s (None sees all), and expired."""
        statement = select(col(GoneRow.id)).where(col(GoneRow.id) == gone_id, col(GoneRow.expired).is_(True))
        if owner is not None:
            statement = statement.where(col(GoneRow.owner) == owner)
        async with self._database.read() as session:
            return (await session.execute(statement)).first() is not None

    async def delete_job(self, job_id: str) -> bool:
        """Take a job out because its owner wants it so, with its deliveries and its idempotency key. False: there was none."""
        async with self._database.write() as session:
            return bool(await _take_jobs(session, col(JobRow.id) == job_id, expired=False))

    async def expire_jobs(self, older_than_seconds: float, limit: int, *, dry_run: bool = False) -> list[str]:
        """Take out up to `limit` jobs that ended so long ago; their ids, oldest first."""
        old = (
            select(col(JobRow.id))
            .where(_old(older_than_seconds))
            .order_by(col(JobRow.completed_at), col(JobRow.id))
            .limit(limit)
        )
        if dry_run:
            async with self._database.read() as session:
                return list((await session.execute(old)).scalars())
        async with self._database.write() as session:
            ids = list((await session.execute(old.with_for_update(skip_locked=True))).scalars())
            still_ended = col(JobRow.id).in_(ids) & col(JobRow.status).in_(_ENDED)
            return await _take_jobs(session, still_ended, expired=True) if ids else []

    async def expire_batches(self, older_than_seconds: float, limit: int, *, dry_run: bool = False) -> list[str]:
        """Take out up to `limit` batches made so long ago whose jobs are all gone, or would be by now; their ids."""
        left = select(col(JobRow.id)).where(col(JobRow.batch_id) == col(BatchRow.id))
        jobs = (left.where(~_old(older_than_seconds)) if dry_run else left).exists()
        old = (
            select(col(BatchRow.id))
            .where(col(BatchRow.created_at) < after_now(-older_than_seconds), ~jobs)
            .order_by(col(BatchRow.created_at), col(BatchRow.id))
            .limit(limit)
        )
        if dry_run:
            async with self._database.read() as session:
                return list((await session.execute(old)).scalars())
        async with self._database.write() as session:
            statement = delete(BatchRow).where(col(BatchRow.id).in_(old)).returning(BatchRow.id, BatchRow.owner)  # type: ignore[call-overload]
            taken = [(str(row[0]), str(row[1])) for row in await session.execute(statement)]
            await forget_targets(session, [batch_id for batch_id, _ in taken])
            await _bury(session, taken, expired=True, unfinished=False)
        return [batch_id for batch_id, _ in taken]

    async def unfinished(
        self, limit: int, *, older_than_seconds: float = 0.0, among: Sequence[str] | None = None
    ) -> list[Left]:
        """Up to `limit` tombstones, all or those `among` these ids, of which there is more to remove, oldest first."""
        if among is not None and not among:
            return []
        statement = (
            select(GoneRow)
            .where(col(GoneRow.unfinished), col(GoneRow.gone_at) <= after_now(-older_than_seconds))
            .order_by(col(GoneRow.gone_at))
            .limit(limit)
        )
        if among is not None:
            statement = statement.where(col(GoneRow.id).in_(among))
        async with self._database.read() as session:
            return [Left(row.id, row.stored) for row in (await session.execute(statement)).scalars()]

    async def remove_lines(self, job_id: str) -> None:
        """Remove the log of a job that is gone, some lines in each transaction."""
        some = select(col(JobLogRow.id)).where(col(JobLogRow.job_id) == job_id).limit(LINES_AT_ONCE)
        while True:
            async with self._database.write() as session:
                removed = await session.execute(
                    delete(JobLogRow).where(col(JobLogRow.id).in_(some)).returning(col(JobLogRow.id)),
                    execution_options={"synchronize_session": False},
                )
                if len(removed.all()) < LINES_AT_ONCE:
                    return

    async def finish(self, gone_id: str) -> None:
        """Nothing is left of it. What its owner deleted needs no tombstone any more: it answers as if it had never been."""
        async with self._database.write() as session:
            await session.execute(delete(GoneRow).where(col(GoneRow.id) == gone_id, col(GoneRow.expired).is_(False)))
            await session.execute(
                update(GoneRow).where(col(GoneRow.id) == gone_id).values(unfinished=False, stored=None)
            )

    async def forget(self, older_than_seconds: float, limit: int) -> int:
        """Remove up to `limit` tombstones that are so old that nobody asks any more."""
        old = (
            select(col(GoneRow.id))
            .where(col(GoneRow.gone_at) < after_now(-older_than_seconds), col(GoneRow.unfinished).is_(False))
            .limit(limit)
        )
        async with self._database.write() as session:
            removed = await session.execute(delete(GoneRow).where(col(GoneRow.id).in_(old)).returning(col(GoneRow.id)))
            return len(removed.all())


def _old(seconds: float) -> ColumnElement[bool]:
    return and_(col(JobRow.status).in_(_ENDED), col(JobRow.completed_at) < after_now(-seconds))


async def _take_jobs(session: AsyncSession, which: ColumnElement[bool], *, expired: bool) -> list[str]:
    statement = delete(JobRow).where(which).returning(JobRow.id, JobRow.owner)  # type: ignore[call-overload]
    rows = await session.execute(statement, execution_options={"synchronize_session": False})
    taken = [(str(row[0]), str(row[1])) for row in rows]
    ids = [job_id for job_id, _ in taken]
    if taken:
        await forget_targets(session, ids)
        await session.execute(delete(IdempotencyRow).where(col(IdempotencyRow.target_id).in_(ids)))
        await _bury(session, taken, expired=expired, unfinished=True)
    return ids


async def _bury(session: AsyncSession, taken: list[tuple[str, str]], *, expired: bool, unfinished: bool) -> None:
    if not taken:
        return
    now = (await session.execute(select(after_now()))).scalar_one()
    rows: list[dict[str, Any]] = [
        {"id": gone_id, "owner": owner, "expired": expired, "unfinished": unfinished, "stored": None, "gone_at": now}
        for gone_id, owner in taken
    ]
    await session.execute(insert(GoneRow.__table__), rows)  # type: ignore[attr-defined]
