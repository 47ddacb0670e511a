"""The deliveries as their owners see them, and their removal when they are old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlmodel import col

from secretary.deliveries import AttemptRow, DeliveryRow, DeliveryStatus
from secretary.store.database import Database

NEWEST: Final = 50
"""So many deliveries of one job or batch are shown at most."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery and its attempts, oldest first."""

    row: DeliveryRow
    attempts: Sequence[AttemptRow]


class DeliveryLog:
    """The webhook_deliveries and webhook_attempts tables for owners."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, delivery_id: str, owner: str | None = None) -> Delivery | None:
        """The delivery, if there is one that `owner` may see (None sees all)."""
        statement = select(DeliveryRow).where(col(DeliveryRow.id) == delivery_id)
        if owner is not None:
            statement = statement.where(col(DeliveryRow.owner) == owner)
        async with self._database.read() as session:
            row = (await session.execute(statement)).scalar_one_or_none()
        return (await self._with_attempts([row]))[0] if row else None

    async def of_targets(self, target_ids: Sequence[str]) -> dict[str, list[Delivery]]:
        """The newest deliveries of each of these jobs and batches, oldest first, in two statements."""
        place = func.row_number().over(partition_by=col(DeliveryRow.target_id), order_by=col(DeliveryRow.id).desc())
        numbered = (
            select(col(DeliveryRow.id), place.label("place"))
            .where(col(DeliveryRow.target_id).in_(target_ids))
            .subquery()
        )
        statement = (
            select(DeliveryRow)
            .join(numbered, col(DeliveryRow.id) == numbered.c.id)
            .where(numbered.c.place <= NEWEST)
            .order_by(col(DeliveryRow.id))
        )
        async with self._database.read() as session:
            rows = list((await session.execute(statement)).scalars())
        found: dict[str, list[Delivery]] = {target_id: [] for target_id in target_ids}
        for delivery in await self._with_attempts(rows):
            found[delivery.row.target_id].append(delivery)
        return found

    async def counts(self) -> dict[DeliveryStatus, int]:
        """How many deliveries are in each status."""
        statement = select(col(DeliveryRow.status), func.count()).group_by(col(DeliveryRow.status))
        async with self._database.read() as session:
            return {DeliveryStatus(row[0]): row[1] for row in (await session.execute(statement)).all()}

    async def prune(self, before: datetime, *, limit: int = 500, dry_run: bool = False) -> list[str]:
        """Remove up to `limit` deliveries that have last changed before this instant and are not to be sent any more; their ids."""
        old = (
            select(col(DeliveryRow.id))
            .where(
                col(DeliveryRow.updated_at) < before,
                col(DeliveryRow.status) != DeliveryStatus.PENDING.value,
                col(DeliveryRow.claim_token).is_(None),
            )
            .order_by(col(DeliveryRow.updated_at), col(DeliveryRow.id))
            .limit(limit)
        )
        async with self._database.read() as session:
            ids = list((await session.execute(old)).scalars())
        if dry_run or not ids:
            return ids
        still = (col(DeliveryRow.id).in_(ids), col(DeliveryRow.status) != DeliveryStatus.PENDING.value)
        async with self._database.write() as session:
            gone = await session.execute(delete(DeliveryRow).where(*still).returning(col(DeliveryRow.id)))
            removed = list(gone.scalars())
            await session.execute(delete(AttemptRow).where(col(AttemptRow.delivery_id).in_(removed)))
        return removed

    async def _with_attempts(self, rows: Sequence[DeliveryRow]) -> list[Delivery]:
        statement = (
            select(AttemptRow)
            .where(col(AttemptRow.delivery_id).in_([row.id for row in rows]))
            .order_by(col(AttemptRow.delivery_id), col(AttemptRow.number))
        )
        found: dict[str, list[AttemptRow]] = {row.id: [] for row in rows}
        async with self._database.read() as session:
            for attempt in (await session.execute(statement)).scalars():
                found[attempt.delivery_id].append(attempt)
        return [Delivery(row, found[row.id]) for row in rows]
