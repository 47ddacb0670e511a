"""What an owner may do to a job or a batch: cancel and retry. Each is one conditional UPDATE, so that two callers or a
caller and a worker cannot both win."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlmodel import col

from secretary.errors import ErrorCode, JobCancelled
from secretary.jobs import CANCELLABLE, RETRYABLE, SEQUENCE_STRIDE, JobStatus, Progress
from secretary.models import JobRow
from secretary.store.database import Database, after_now
from secretary.store.ends import note_ends, note_retries

_CANCELLED: dict[str, Any] = {
    "status": JobStatus.CANCELLED,
    "sequence": col(JobRow.sequence) + SEQUENCE_STRIDE,
    "message": "Cancelled",
    "error_code": ErrorCode.JOB_CANCELLED.value,
    "error_message": JobCancelled().message,
    "completed_at": after_now(),
    "updated_at": after_now(),
    "worker_id": None,
    "claim_token": None,
}

_RETRIED: dict[str, Any] = {
    "status": JobStatus.PENDING,
    "sequence": col(JobRow.sequence) + 1,
    "step": "pending",
    "percent": 0,
    "message": "Waiting for a worker",
    "attempt": 0,
    "run_at": after_now(),
    "error_code": None,
    "error_message": None,
    "error_details": None,
    "results": None,
    "target_dir": None,
    "archive": None,
    "files": [],
    "stored_bytes": 0,
    "warnings": [],
    "started_at": None,
    "completed_at": None,
    "updated_at": after_now(),
}


class Moves:
    """Cancel and retry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cancel(self, job_id: str) -> JobRow | None:
        """End a pending or running job as cancelled. Its worker finds its claim gone and kills the child. None: it had ended."""
        rows = await self._move(CANCELLABLE, _CANCELLED, col(JobRow.id) == job_id)
        return rows[0] if rows else None

    async def cancel_batch(self, batch_id: str) -> list[JobRow]:
        """Cancel every job of the batch that has not ended."""
        return await self._move(CANCELLABLE, _CANCELLED, col(JobRow.batch_id) == batch_id)

    async def retry(self, job_id: str) -> JobRow | None:
        """Make a failed or cancelled job pending again with all its attempts. None: it was neither."""
        rows = await self._move(RETRYABLE, _RETRIED, col(JobRow.id) == job_id)
        return rows[0] if rows else None

    async def retry_batch(self, batch_id: str, *, only_failed: bool) -> list[JobRow]:
        """Make the batch's failed jobs pending again, and the cancelled ones too unless `only_failed`."""
        statuses = frozenset({JobStatus.FAILED}) if only_failed else RETRYABLE
        return await self._move(statuses, _RETRIED, col(JobRow.batch_id) == batch_id)

    async def lift(self, rows: Sequence[JobRow], published: Mapping[str, Progress]) -> None:
        """Raise the percent of jobs that ended to what was published of the same attempt and had not been written yet."""
        for row in rows:
            seen = published.get(row.id)
            if seen is None or seen.attempt != row.attempt or seen.percent <= row.percent or not row.status.ended:
                continue
            row.percent, row.step = seen.percent, seen.step
            statement = update(JobRow).where(col(JobRow.id) == row.id, col(JobRow.sequence) == row.sequence)
            async with self._database.write() as session:
                await session.execute(statement.values(percent=seen.percent, step=seen.step))

    async def existing(self, job_ids: Sequence[str]) -> set[str]:
        """Which of these jobs there are."""
        async with self._database.read() as session:
            return set((await session.execute(select(col(JobRow.id)).where(col(JobRow.id).in_(job_ids)))).scalars())

    async def _move(
        self, statuses: frozenset[JobStatus], values: dict[str, Any], which: ColumnElement[bool]
    ) -> list[JobRow]:
        statement = update(JobRow).where(which, col(JobRow.status).in_(statuses)).values(values).returning(JobRow)
        async with self._database.write() as session:
            rows = list((await session.execute(statement, execution_options={"synchronize_session": False})).scalars())
            await (note_retries if values is _RETRIED else note_ends)(session, rows)
        return rows
