"""Who runs a job: the claim is one conditional UPDATE, and every later write of the attempt carries its token.

A write that matches no row means that the job was cancelled, deleted or taken back: the writer has become a zombie."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, bindparam, case, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from secretary.errors import ErrorCode, WorkerLost
from secretary.jobs import SEQUENCE_STRIDE, JobStatus
from secretary.models import JobLogRow, JobRow, StatusColumn, WorkerRow
from secretary.store.database import Database, after_now
from secretary.store.ends import ProgressReceiver, note_ends, note_progress
from secretary.store.logs import LogLine, insert_lines


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write about one attempt. The token is random, because a database that loses its last commits in a crash
    can hand out the same attempt number twice."""

    job_id: str
    attempt: int
    token: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The job's row as its end was written: its `updated_at`, and how many webhook deliveries that end has made due."""

    at: datetime
    deliveries: int


class Claims:
    """The jobs table for workers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, queue: str, worker_id: str) -> tuple[Claim, JobRow] | None:
        """Take the best due job of `queue`: highest priority first, then the one due longest. None when nothing is due."""
        token = secrets.token_hex(16)
        given = {"claim_queue": queue, "claim_worker": worker_id, "claim_token": token}
        async with self._database.write(quick=True) as session:
            row = (await session.execute(_CLAIM, given, execution_options=_AS_WRITTEN)).scalar_one_or_none()
        return (Claim(row.id, row.attempt, token), row) if row else None

    async def record(
        self,
        claim: Claim,
        values: dict[str, Any],
        lines: Sequence[LogLine] = (),
        *,
        receiver: ProgressReceiver | None = None,
    ) -> datetime | None:
        """Write `values` and log lines of a running attempt, and return the row's new `updated_at`; a `receiver` is to be told.

        None when the claim is no longer held, and nothing was written; so do the three below.
        """
        async with self._database.write(quick=True) as session:
            row = await self._fenced_update(session, claim, values)
            if row is None:
                return None
            await insert_lines(session, claim.job_id, claim.attempt, lines)
            if receiver is not None:
                await note_progress(session, claim.job_id, receiver, values)
        return row.updated_at

    async def complete(self, claim: Claim, values: dict[str, Any], lines: Sequence[LogLine] = ()) -> Ended | None:
        """End the attempt's job as completed."""
        return await self._end(claim, {**values, "status": JobStatus.COMPLETED}, lines)

    async def fail(self, claim: Claim, values: dict[str, Any], lines: Sequence[LogLine] = ()) -> Ended | None:
        """End the attempt's job as failed."""
        return await self._end(claim, {**values, "status": JobStatus.FAILED}, lines)

    async def _end(self, claim: Claim, values: dict[str, Any], lines: Sequence[LogLine]) -> Ended | None:
        async with self._database.write(quick=True) as session:
            row = await self._fenced_update(session, claim, {**values, **_RELEASED}, ends=True)
            if row is None:
                return None
            await insert_lines(session, claim.job_id, claim.attempt, lines)
            return Ended(row.updated_at, await note_ends(session, [row]))

    async def give_back(
        self, claim: Claim, sequence: int, *, delay: float, lines: Sequence[LogLine] = (), uncount: bool = False
    ) -> datetime | None:
        """Make the job pending again, due in `delay` seconds; `uncount` when the attempt was not the job's fault."""
        values = {
            "status": JobStatus.PENDING,
            "run_at": after_now(delay),
            "sequence": sequence,
            "step": "pending",
            "percent": 0,
            "message": "Waiting for the next attempt",
            **_RELEASED,
        }
        if uncount:
            values["attempt"] = col(JobRow.attempt) - 1
        return await self.record(claim, values, lines)

    async def held_by(self, worker_id: str) -> set[str]:
        """Tokens of the claims that `worker_id` still holds."""
        statement = select(col(JobRow.claim_token)).where(
            col(JobRow.worker_id) == worker_id, col(JobRow.status) == JobStatus.PROCESSING
        )
        async with self._database.read() as session:
            return {token for token in (await session.execute(statement)).scalars() if token}

    async def take_back(self, lease_seconds: float, *, delay: float) -> list[JobRow]:
        """Jobs of workers silent for `lease_seconds` become pending, or failed with WORKER_LOST after the last attempt."""
        living = select(col(WorkerRow.id)).where(col(WorkerRow.last_seen_at) > after_now(-lease_seconds))
        return await self._take_back(col(JobRow.worker_id).not_in(living), delay)

    async def disown(self, worker_id: str, tokens: Sequence[str], *, delay: float) -> list[JobRow]:
        """As `take_back`, for claims that a living worker holds without knowing: their answer was lost on the way to it."""
        mine = and_(col(JobRow.worker_id) == worker_id, col(JobRow.claim_token).in_(tokens))
        return await self._take_back(mine, delay)

    async def _take_back(self, which: ColumnElement[bool], delay: float) -> list[JobRow]:
        lost = (col(JobRow.status) == JobStatus.PROCESSING, which)
        async with self._database.read() as session:
            if (await session.execute(select(col(JobRow.id)).where(*lost).limit(1))).first() is None:
                return []
        statement = update(JobRow).where(*lost).values(_lost_values(delay)).returning(JobRow)
        async with self._database.write() as session:
            rows = list((await session.execute(statement, execution_options={"synchronize_session": False})).scalars())
            await self._log_lost(session, rows)
            await note_ends(session, [row for row in rows if row.status is JobStatus.FAILED])
        return rows

    async def _fenced_update(
        self, session: AsyncSession, claim: Claim, values: dict[str, Any], *, ends: bool = False
    ) -> JobRow | None:
        given = {name: value for name, value in values.items() if not isinstance(value, ColumnElement)}
        worked_out = {name: value for name, value in values.items() if name not in given}
        statement = _fenced(tuple(given), ends=ends)
        if worked_out:
            statement = statement.values(worked_out)
        new = {f"new_{name}": value for name, value in given.items()}
        held = {"held_id": claim.job_id, "held_attempt": claim.attempt, "held_token": claim.token}
        written = await session.execute(statement, {**new, **held}, execution_options=_AS_WRITTEN)
        return written.scalar_one_or_none()

    async def _log_lost(self, session: AsyncSession, rows: Sequence[JobRow]) -> None:
        if not rows:
            return
        now = (await session.execute(select(after_now()))).scalar_one()
        lines = [
            {
                "job_id": row.id,
                "attempt": row.attempt,
                "timestamp": now,
                "level": "error" if row.status is JobStatus.FAILED else "warning",
                "message": f"The worker of attempt {row.attempt} of {row.max_attempts} fell silent.",
            }
            for row in rows
        ]
        await session.execute(insert(JobLogRow.__table__), lines)  # type: ignore[attr-defined]


_RELEASED: dict[str, Any] = {"worker_id": None, "claim_token": None}
_AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}


def _claiming() -> Update:
    best = (
        select(col(JobRow.id))
        .where(
            col(JobRow.status) == JobStatus.PENDING,
            col(JobRow.queue) == bindparam("claim_queue"),
            col(JobRow.run_at) <= after_now(),
        )
        .order_by(col(JobRow.priority).desc(), col(JobRow.run_at), col(JobRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    values = {
        "status": JobStatus.PROCESSING,
        "attempt": col(JobRow.attempt) + 1,
        "worker_id": bindparam("claim_worker"),
        "claim_token": bindparam("claim_token"),
        "sequence": col(JobRow.sequence) + 1,
        "step": "initializing",
        "percent": 0,
        "message": "Starting",
        "started_at": after_now(),
        "updated_at": after_now(),
    }
    which = (col(JobRow.id) == best, col(JobRow.status) == JobStatus.PENDING)
    return update(JobRow).where(*which).values(values).returning(JobRow)


_CLAIM = _claiming()
"""Made once, as the next: to make a statement takes longer than to execute it."""


@lru_cache(maxsize=64)
def _fenced(names: tuple[str, ...], *, ends: bool) -> Update:
    """The write of an attempt that sets these columns, as long as its claim is held."""
    held = (
        col(JobRow.id) == bindparam("held_id"),
        col(JobRow.attempt) == bindparam("held_attempt"),
        col(JobRow.claim_token) == bindparam("held_token"),
        col(JobRow.status) == JobStatus.PROCESSING,
    )
    now = ("updated_at", "completed_at") if ends else ("updated_at",)
    values = {**{name: bindparam(f"new_{name}") for name in names}, **{name: after_now() for name in now}}
    without_results = defer(JobRow.results, raiseload=True)  # type: ignore[arg-type]
    return update(JobRow).where(*held).values(values).returning(JobRow).options(without_results)


def _lost_values(delay: float) -> dict[str, Any]:
    last = col(JobRow.attempt) >= col(JobRow.max_attempts)

    def either(if_last: Any, otherwise: Any) -> ColumnElement[Any]:
        return case((last, if_last), else_=otherwise)

    return {
        "status": either(literal(JobStatus.FAILED, StatusColumn()), literal(JobStatus.PENDING, StatusColumn())),
        "run_at": after_now(delay),
        "sequence": col(JobRow.sequence) + SEQUENCE_STRIDE,
        "step": either(col(JobRow.step), "pending"),
        "percent": either(col(JobRow.percent), 0),
        "message": either("The worker was lost", "The worker was lost; waiting for the next attempt"),
        "error_code": either(ErrorCode.WORKER_LOST.value, None),
        "error_message": either(WorkerLost().message, None),
        "completed_at": either(after_now(), None),
        "updated_at": after_now(),
        **_RELEASED,
    }
