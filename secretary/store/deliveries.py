"""Who sends a delivery, and how it went: claimed like a job is, by one conditional UPDATE; every later write carries its token."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from secretary.deliveries import AttemptRow, DeliveryRow, DeliveryStatus, Phase
from secretary.models import WorkerRow
from secretary.store.database import Database, after_now
from secretary.store.ends import DAY_SECONDS

PROGRESS_SECONDS: Final = 1.0
"""Progress of one job is told at most so often."""
HOST_AT_ONCE: Final = 4
"""So many attempts may be on their way to one host, so that one that hangs does not keep the others waiting."""
LONGEST_CLAIM_SECONDS: Final = 60.0
"""No attempt takes so long: a claim that is older was lost on its way, though its worker lives."""
_LOST: Final = "The worker that sent this fell silent; whether it arrived is not known."


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """The right to write about one attempt at a delivery."""

    delivery_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt went: in how many seconds, what was answered, and, unless that was 2xx, what is wrong (`error`) and in how
    many seconds the next one is due (`again_in`), if there is one; `gone` when the receiver wants no more."""

    seconds: float
    status_code: int | None = None
    error: str | None = None
    again_in: float | None = None
    gone: bool = False

    @property
    def arrived(self) -> bool:
        return self.error is None


class Deliveries:
    """The webhook_deliveries table for those who send."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, worker_id: str) -> tuple[DeliveryClaim, DeliveryRow] | None:
        """Take the best due delivery: ends before progress, then the one due longest; one at a time for each job or batch, so
        that what its receiver is told is in order. None when there is none."""
        token = secrets.token_hex(16)
        best = select(col(DeliveryRow.id)).where(*_claimable()).order_by(*_ORDER).limit(1)
        async with self._database.read() as session:
            if (await session.execute(best)).first() is None:
                # A bell that finds nothing must not take SQLite's one write lock from the jobs.
                return None
        statement = (
            update(DeliveryRow)
            .where(
                col(DeliveryRow.id) == best.with_for_update(skip_locked=True).scalar_subquery(),
                *_WAITS,
            )
            .values(
                worker_id=worker_id,
                claim_token=token,
                claimed_at=after_now(),
                attempt_count=col(DeliveryRow.attempt_count) + 1,
            )
            .returning(DeliveryRow)
        )
        async with self._database.write() as session:
            found = await session.execute(statement, execution_options={"synchronize_session": False})
            row = found.scalar_one_or_none()
        return (DeliveryClaim(row.id, token), row) if row else None

    async def finish(self, claim: DeliveryClaim, sent: DeliveryRow, outcome: Outcome) -> bool:
        """Enter the attempt and what becomes of the delivery; False when the claim is no longer held, and nothing was written."""
        held = select(DeliveryRow).where(
            col(DeliveryRow.id) == claim.delivery_id, col(DeliveryRow.claim_token) == claim.token
        )
        async with self._database.write() as session:
            row = (await session.execute(held.with_for_update())).scalar_one_or_none()
            if row is None:
                return False
            await _add_attempt(session, row, outcome)
            values = {**_RELEASED, "updated_at": after_now(), **_becomes(row, sent, outcome)}
            await session.execute(
                update(DeliveryRow).where(col(DeliveryRow.id) == row.id).values(values),
                execution_options={"synchronize_session": False},
            )
        return True

    async def drop(self, claim: DeliveryClaim) -> None:
        """There is nothing to tell any more: the delivery was overtaken, and no attempt was made."""
        held = (col(DeliveryRow.id) == claim.delivery_id, col(DeliveryRow.claim_token) == claim.token)
        values = {
            **_RELEASED,
            "status": DeliveryStatus.SUPERSEDED.value,
            "attempt_count": col(DeliveryRow.attempt_count) - 1,
            "updated_at": after_now(),
        }
        async with self._database.write() as session:
            await session.execute(update(DeliveryRow).where(*held).values(values))

    async def release_lost(self, lease_seconds: float) -> int:
        """Deliveries of workers silent for `lease_seconds`, or claimed longer than any attempt takes, are due again; how many."""
        living = select(col(WorkerRow.id)).where(col(WorkerRow.last_seen_at) > after_now(-lease_seconds))
        lost = and_(
            col(DeliveryRow.claim_token).is_not(None),
            or_(
                col(DeliveryRow.worker_id).not_in(living),
                col(DeliveryRow.claimed_at) < after_now(-LONGEST_CLAIM_SECONDS),
            ),
        )
        async with self._database.read() as session:
            if (await session.execute(select(col(DeliveryRow.id)).where(lost).limit(1))).first() is None:
                return 0
        async with self._database.write() as session:
            found = select(DeliveryRow).where(lost).with_for_update(skip_locked=True)
            rows = (await session.execute(found)).scalars().all()
            for row in rows:
                await _add_attempt(session, row, Outcome(0.0, error=_LOST))
            ids = [row.id for row in rows]
            values = {**_RELEASED, "run_at": after_now(), "updated_at": after_now()}
            statement = update(DeliveryRow).where(col(DeliveryRow.id).in_(ids)).values(values)
            await session.execute(statement, execution_options={"synchronize_session": False})
        return len(ids)

    async def due(self, *, older_than: float = 0.0, at_most: int = 64) -> int:
        """How many deliveries could be claimed and have been due for `older_than` seconds; counted up to `at_most`."""
        some = select(col(DeliveryRow.id)).where(*_claimable(older_than)).limit(at_most).subquery()
        async with self._database.read() as session:
            return (await session.execute(select(func.count()).select_from(some))).scalar_one()

    async def redeliver(self, delivery_id: str) -> DeliveryRow | None:
        """Make the news of an end due now, for another day; None when it is on its way at this moment, or is no end."""
        statement = (
            update(DeliveryRow)
            .where(
                col(DeliveryRow.id) == delivery_id,
                col(DeliveryRow.phase) != Phase.PROCESSING.value,
                col(DeliveryRow.claim_token).is_(None),
            )
            .values(
                status=DeliveryStatus.PENDING.value,
                tries=0,
                gone=False,
                run_at=after_now(),
                expires_at=after_now(DAY_SECONDS),
                updated_at=after_now(),
            )
            .returning(DeliveryRow)
        )
        async with self._database.write() as session:
            found = await session.execute(statement, execution_options={"synchronize_session": False})
            return found.scalar_one_or_none()


_ORDER: Final = (col(DeliveryRow.rank), col(DeliveryRow.run_at), col(DeliveryRow.id))
_RELEASED: Final[dict[str, Any]] = {"worker_id": None, "claim_token": None, "claimed_at": None}
_WAITS: Final = (col(DeliveryRow.status) == DeliveryStatus.PENDING.value, col(DeliveryRow.claim_token).is_(None))


def _claimable(older_than: float = 0.0) -> tuple[ColumnElement[bool], ...]:
    in_flight = col(DeliveryRow.claim_token).is_not(None)
    flying = select(col(DeliveryRow.target_id)).where(in_flight)
    busy = (
        select(col(DeliveryRow.host))
        .where(in_flight)
        .group_by(col(DeliveryRow.host))
        .having(func.count() >= HOST_AT_ONCE)
    )
    return (
        *_WAITS,
        col(DeliveryRow.run_at) <= after_now(-older_than),
        col(DeliveryRow.target_id).not_in(flying),
        col(DeliveryRow.host).not_in(busy),
    )


def _becomes(row: DeliveryRow, sent: DeliveryRow, outcome: Outcome) -> dict[str, Any]:
    """What the attempt makes of the delivery, as it stands by now: it may have been overtaken meanwhile."""
    if outcome.gone:
        return {"status": DeliveryStatus.FAILED.value, "gone": True}
    if row.phase == Phase.PROCESSING.value:
        return _progress_becomes(row, sent, outcome)
    if outcome.arrived:
        return {"status": DeliveryStatus.DELIVERED.value}
    if row.status != DeliveryStatus.PENDING.value:
        return {}
    assert row.claimed_at is not None, "who holds the claim has claimed it"
    again_in = outcome.again_in
    if again_in is None or row.claimed_at + timedelta(seconds=outcome.seconds + again_in) > row.expires_at:
        return {"status": DeliveryStatus.FAILED.value}
    return {"tries": row.tries + 1, "run_at": after_now(again_in)}


def _progress_becomes(row: DeliveryRow, sent: DeliveryRow, outcome: Outcome) -> dict[str, Any]:
    """Progress is not tried again: what is newer by now is told in its place, a second after this was begun."""
    if row.status != DeliveryStatus.PENDING.value:
        return {}
    assert row.claimed_at is not None, "who holds the claim has claimed it"
    next_at: Any = row.claimed_at + timedelta(seconds=PROGRESS_SECONDS)
    if outcome.again_in is not None:
        next_at = after_now(outcome.again_in)
    if row.sequence > sent.sequence:
        return {"run_at": next_at}
    status = DeliveryStatus.DELIVERED if outcome.arrived else DeliveryStatus.FAILED
    return {"status": status.value, "run_at": next_at}


async def _add_attempt(session: AsyncSession, row: DeliveryRow, outcome: Outcome) -> None:
    if row.phase == Phase.PROCESSING.value:
        # A long job tells of its progress a thousand times; the last attempt is enough to see how that goes.
        await session.execute(AttemptRow.__table__.delete().where(col(AttemptRow.delivery_id) == row.id))  # type: ignore[attr-defined]
    values = {
        "delivery_id": row.id,
        "number": row.attempt_count,
        "started_at": row.claimed_at,
        "seconds": outcome.seconds,
        "status_code": outcome.status_code,
        "error": outcome.error,
    }
    await session.execute(insert(AttemptRow.__table__), [values])  # type: ignore[attr-defined]
