"""What a change of a job means for its webhooks, written in the same transaction as the change: the news of an end can be lost
no more than the end itself, and none is told of an end that did not happen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from secretary.deliveries import AttemptRow, DeliveryRow, DeliveryStatus, Phase
from secretary.jobs import ENDED, JobStatus, new_id
from secretary.models import BatchRow, JobRow
from secretary.store.database import after_now

DAY_SECONDS: Final = 86_400.0
"""A delivery is tried for so long."""
_RANKS: Final = {Phase.PROCESSING: 1, Phase.COMPLETED: 0, Phase.ERROR: 0}
"""Ends go first: what is told late of an end is worth more than what is told late of the way to it."""


@dataclass(frozen=True, slots=True)
class ProgressReceiver:
    """Who is told of a running job's progress."""

    url: str
    owner: str

    @classmethod
    def of(cls, row: JobRow) -> "ProgressReceiver | None":
        webhook = row.parameters.get("webhook")
        if not isinstance(webhook, Mapping) or not webhook.get("progress", True):
            return None
        return cls(str(webhook["url"]), row.owner)


async def note_ends(session: AsyncSession, rows: Sequence[JobRow]) -> int:
    """These jobs have just ended: their owners are to be told, and those of batches that ended with them. How many deliveries."""
    told = [row for row in rows if row.parameters.get("webhook")]
    if followed := [row.id for row in told if ProgressReceiver.of(row)]:
        await _supersede(session, followed, Phase.PROCESSING)
    if told:
        await _insert(session, [_end_of(row) for row in told])
    batches = sorted({row.batch_id for row in rows if row.batch_id})
    return len(told) + (await _note_batch_ends(session, batches) if batches else 0)


async def note_retries(session: AsyncSession, rows: Sequence[JobRow]) -> None:
    """These jobs are pending again: an end that has not been told yet is no longer true, nor is that of their batch."""
    targets = {row.id for row in rows if row.parameters.get("webhook")} | {row.batch_id for row in rows if row.batch_id}
    if targets:
        await _supersede(session, sorted(target for target in targets if target))


async def note_progress(
    session: AsyncSession, job_id: str, receiver: ProgressReceiver, values: Mapping[str, Any]
) -> None:
    """The newest progress of a running job, in the one row that it has. Its claim is held by the caller, so nobody else adds one."""
    news = {name: values[name] for name in ("percent", "message", "sequence")}
    own = (col(DeliveryRow.target_id) == job_id, col(DeliveryRow.phase) == Phase.PROCESSING.value)
    again = (
        update(DeliveryRow)
        .where(*own)
        .values(
            **news,
            # A receiver that has answered 410 wants no more of it.
            status=case((col(DeliveryRow.gone), col(DeliveryRow.status)), else_=DeliveryStatus.PENDING.value),
            updated_at=after_now(),
        )
        .returning(col(DeliveryRow.id))
    )
    found = await session.execute(again, execution_options={"synchronize_session": False})
    if found.first() is None:
        await _insert(session, [{**_delivery(job_id, receiver.owner, receiver.url, Phase.PROCESSING), **news}])


async def forget_targets(session: AsyncSession, target_ids: Sequence[str]) -> None:
    """Remove the deliveries of jobs or batches that are deleted or expire; what is not sent yet never will be."""
    own = select(col(DeliveryRow.id)).where(col(DeliveryRow.target_id).in_(target_ids))
    await session.execute(delete(AttemptRow).where(col(AttemptRow.delivery_id).in_(own)))
    await session.execute(delete(DeliveryRow).where(col(DeliveryRow.target_id).in_(target_ids)))


async def _note_batch_ends(session: AsyncSession, batch_ids: Sequence[str]) -> int:
    # The row's lock lets one transaction after the other count: of two that each end one of the last two jobs, the second sees
    # what the first did. In the order of their ids, so that no two wait for each other. (SQLite has one writer anyway.)
    statement = (
        select(BatchRow)
        .where(col(BatchRow.id).in_(batch_ids), col(BatchRow.webhook).is_not(None))
        .order_by(col(BatchRow.id))
        .with_for_update()
    )
    ended = []
    for batch in (await session.execute(statement)).scalars().all():
        counts = select(col(JobRow.status), func.count()).where(col(JobRow.batch_id) == batch.id)
        found = {row[0] for row in (await session.execute(counts.group_by(col(JobRow.status)))).all()}
        if found <= ENDED:
            phase = Phase.COMPLETED if JobStatus.COMPLETED in found else Phase.ERROR
            ended.append(_delivery(batch.id, batch.owner, str((batch.webhook or {})["url"]), phase))
    if ended:
        await _insert(session, ended)
    return len(ended)


async def _supersede(session: AsyncSession, target_ids: Sequence[str], phase: Phase | None = None) -> None:
    """What is still to be sent of these is overtaken; what is on its way right now is not tried again."""
    statement = update(DeliveryRow).where(
        col(DeliveryRow.target_id).in_(target_ids), col(DeliveryRow.status) == DeliveryStatus.PENDING.value
    )
    if phase is not None:
        statement = statement.where(col(DeliveryRow.phase) == phase.value)
    values = {"status": DeliveryStatus.SUPERSEDED.value, "updated_at": after_now()}
    await session.execute(statement.values(values), execution_options={"synchronize_session": False})


async def _insert(session: AsyncSession, deliveries: Sequence[Mapping[str, Any]]) -> None:
    now, expires = (await session.execute(select(after_now(), after_now(DAY_SECONDS)))).one()
    dates = {"run_at": now, "created_at": now, "updated_at": now, "expires_at": expires}
    rows = [{**_NEW, **dates, **delivery} for delivery in deliveries]
    await session.execute(insert(DeliveryRow.__table__), rows)  # type: ignore[attr-defined]


def _end_of(row: JobRow) -> dict[str, Any]:
    url = str(row.parameters["webhook"]["url"])
    if row.status is JobStatus.COMPLETED:
        return _delivery(row.id, row.owner, url, Phase.COMPLETED)
    # Kept here, since a retry takes the error away from the job's row.
    error = {"code": row.error_code, "message": row.error_message, "details": row.error_details}
    return {**_delivery(row.id, row.owner, url, Phase.ERROR), "error": error}


def _delivery(target_id: str, owner: str, url: str, phase: Phase) -> dict[str, Any]:
    host = (urlsplit(url).hostname or "")[:300]
    return {
        "id": new_id("delivery"),
        "target_id": target_id,
        "owner": owner,
        "url": url,
        "host": host,
        "phase": phase.value,
        "rank": _RANKS[phase],
    }


_NEW: Final[dict[str, Any]] = {
    "status": DeliveryStatus.PENDING.value,
    "tries": 0,
    "attempt_count": 0,
    "gone": False,
    "sequence": 0,
    "percent": None,
    "message": None,
    "error": None,
}
