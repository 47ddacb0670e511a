"""Jobs as callers see them: adding, finding and listing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from secretary.jobs import JobStatus
from secretary.models import BatchRow, IdempotencyRow, JobRow
from secretary.store.database import Database, after_now
from secretary.store.paging import Cursor, Page, PageRequest, bounded, page_of
from secretary.store.prepared import Prepared
from secretary.store.usage import Room, check_room

INSERT_CHUNK = 500


class OrderField(StrEnum):
    """What a list of jobs may be ordered by."""

    CREATED_AT = "created_at"
    """When they were created."""
    UPDATED_AT = "updated_at"
    """When they last changed."""


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs are wanted; None is no bound. `owner` is a right as well as a filter."""

    owner: str | None = None
    statuses: frozenset[JobStatus] | None = None
    job_type: str | None = None
    batch_id: str | None = None
    name_contains: str | None = None


@dataclass(frozen=True, slots=True)
class NewBatch:
    """The batch that new jobs belong to."""

    id: str
    name: str | None
    webhook: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Idempotency:
    """An owner's key for a creation, and the hash of what was asked with it, also under the keys of hashing used before."""

    key: str
    request_hash: str
    older_hashes: frozenset[str] = frozenset()

    def is_of(self, earlier: IdempotencyRow) -> bool:
        """Whether that creation was asked for in the same words."""
        return earlier.request_hash == self.request_hash or earlier.request_hash in self.older_hashes


class Jobs:
    """The jobs table for callers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        owner: str,
        jobs: Sequence[Mapping[str, Any]],
        *,
        batch: NewBatch | None = None,
        idempotency: Idempotency | None = None,
        room: Room | None = None,
    ) -> IdempotencyRow | None:
        """Add all `jobs`, their batch and the idempotency key in one transaction, or nothing.

        Returns None, or the row of an earlier creation with the same key, in which case nothing was added. Raises RateLimited
        when the owner has no `room` for them.
        """
        try:
            async with self._database.write() as session:
                if room is not None:
                    await check_room(session, owner, room, jobs=len(jobs))
                await self._insert(session, owner, jobs, batch, idempotency)
        except IntegrityError:
            if idempotency is None:
                raise
            earlier = await self.earlier(owner, idempotency.key)
            if earlier is None:
                raise
            return earlier
        return None

    async def _insert(
        self,
        session: AsyncSession,
        owner: str,
        jobs: Sequence[Mapping[str, Any]],
        batch: NewBatch | None,
        idempotency: Idempotency | None,
    ) -> None:
        now = (await session.execute(select(after_now()))).scalar_one()
        if idempotency is not None:
            target = batch.id if batch else jobs[0]["id"]
            row = {
                "owner": owner,
                "key": idempotency.key,
                "request_hash": idempotency.request_hash,
                "target_id": target,
                "created_at": now,
            }
            await session.execute(insert(IdempotencyRow.__table__), [row])  # type: ignore[attr-defined]
        if batch is not None:
            row = {
                "id": batch.id,
                "name": batch.name,
                "owner": owner,
                "job_count": len(jobs),
                "created_at": now,
                "webhook": batch.webhook,
            }
            await session.execute(insert(BatchRow.__table__), [row])  # type: ignore[attr-defined]
        dates = {"run_at": now, "created_at": now, "updated_at": now}
        for start in range(0, len(jobs), INSERT_CHUNK):
            rows = [{**_NEW, **dates, **job} for job in jobs[start : start + INSERT_CHUNK]]
            await session.execute(insert(JobRow.__table__), rows)  # type: ignore[attr-defined]

    async def earlier(self, owner: str, key: str) -> IdempotencyRow | None:
        """What this owner used this idempotency key for before."""
        async with self._database.read() as session:
            return await session.get(IdempotencyRow, (owner, key))

    async def get(self, job_id: str, owner: str | None = None, *, results: bool = True) -> JobRow | None:
        """The job, if there is one that `owner` may see (None sees all)."""
        found = await self._database.find(_WHOLE if results else _WITHOUT_RESULTS, id=job_id)
        return found[0] if found and owner in {None, found[0].owner} else None

    def at_once(self, job_id: str, owner: str | None = None) -> list[JobRow] | None:
        """The job without its results, or nothing, as `get` has it; None when that cannot be told without waiting."""
        found = self._database.find_at_once(_WITHOUT_RESULTS, id=job_id)
        return None if found is None else [row for row in found if owner in {None, row.owner}]

    async def get_many(
        self, job_ids: Sequence[str], owner: str | None = None, *, results: bool = False
    ) -> dict[str, JobRow]:
        """The jobs of these ids that `owner` may see."""
        if len(job_ids) == 1:
            row = await self.get(job_ids[0], owner, results=results)
            return {} if row is None else {row.id: row}
        statement = _visible(JobFilter(owner=owner), results=results).where(col(JobRow.id).in_(job_ids))
        async with self._database.read() as session:
            return {row.id: row for row in (await session.execute(statement)).scalars()}

    async def page(
        self, wanted: JobFilter, request: PageRequest, order: OrderField = OrderField.CREATED_AT
    ) -> Page[JobRow]:
        """One page of a list, without the jobs' results."""
        instant = col(getattr(JobRow, order.value))
        async with self._database.read() as session:
            rows = await session.execute(bounded(_visible(wanted), request, instant, col(JobRow.id)))
            return page_of(list(rows.scalars()), request, lambda row: Cursor(getattr(row, order.value), row.id))

    async def count(self, wanted: JobFilter) -> int:
        statement = select(func.count()).select_from(JobRow).where(*_conditions(wanted))
        async with self._database.read() as session:
            return (await session.execute(statement)).scalar_one()

    async def changed(self, within_seconds: float, limit: int = 1_000) -> list[JobRow]:
        """The newest `limit` jobs of all owners that changed within so many seconds, oldest change first."""
        statement = (
            _visible(JobFilter())
            .where(col(JobRow.updated_at) > after_now(-within_seconds))
            .order_by(col(JobRow.updated_at).desc())
            .limit(limit)
        )
        async with self._database.read() as session:
            return list((await session.execute(statement)).scalars())[::-1]

    async def due(self, queue: str, *, older_than: float = 0.0) -> int:
        """How many pending jobs of `queue` have been due for at least `older_than` seconds."""
        statement = (
            select(func.count())
            .select_from(JobRow)
            .where(
                col(JobRow.status) == JobStatus.PENDING,
                col(JobRow.queue) == queue,
                col(JobRow.run_at) <= after_now(-older_than),
            )
        )
        async with self._database.read() as session:
            return (await session.execute(statement)).scalar_one()

    async def status_counts(self, owner: str | None = None) -> dict[JobStatus, int]:
        """How many jobs are in each status."""
        statement = (
            select(col(JobRow.status), func.count())
            .where(*_conditions(JobFilter(owner=owner)))
            .group_by(col(JobRow.status))
        )
        async with self._database.read() as session:
            return {row[0]: row[1] for row in (await session.execute(statement)).all()}

    async def due_longest(self) -> datetime | None:
        """When the pending job that waits longest for a worker was to run; it may lie ahead. None when none is pending."""
        statement = select(func.min(col(JobRow.run_at))).where(col(JobRow.status) == JobStatus.PENDING)
        async with self._database.read() as session:
            return (await session.execute(statement)).scalar_one()


_BY_ID = col(JobRow.id) == bindparam("id")
_WHOLE = Prepared(JobRow, _BY_ID, small=False)
_WITHOUT_RESULTS = Prepared(JobRow, _BY_ID, without=frozenset({"results"}))

_NEW: dict[str, Any] = {
    "queue": "default",
    "priority": 0,
    "status": JobStatus.PENDING,
    "step": "pending",
    "percent": 0,
    "message": "Waiting for a worker",
    "sequence": 1,
    "attempt": 0,
    "max_attempts": 3,
    "from_cache": False,
    "files": [],
    "warnings": [],
    "name": None,
    "batch_id": None,
    "batch_index": None,
}


def _conditions(wanted: JobFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (JobRow.owner, wanted.owner),
        (JobRow.job_type, wanted.job_type),
        (JobRow.batch_id, wanted.batch_id),
    ):
        if value is not None:
            conditions.append(col(column) == value)
    if wanted.statuses is not None:
        conditions.append(col(JobRow.status).in_(wanted.statuses))
    if wanted.name_contains is not None:
        conditions.append(col(JobRow.name).icontains(wanted.name_contains, autoescape=True))
    return conditions


def _visible(wanted: JobFilter, *, results: bool = False) -> Select[Any]:
    statement = select(JobRow).where(*_conditions(wanted))
    return statement if results else statement.options(defer(JobRow.results, raiseload=True))  # type: ignore[arg-type]
