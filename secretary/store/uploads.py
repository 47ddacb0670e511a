"""Uploads: what owners sent, each known by its id, its name and its bytes."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from secretary.jobs import JobStatus
from secretary.models import GoneRow, JobRow, UploadRow
from secretary.store.database import Database, after_now
from secretary.store.usage import Room, check_room, uploaded_bytes

_NAMES_AT_ONCE = 500
_WAITING = frozenset(status for status in JobStatus if not status.ended)


class Uploads:
    """The upload table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, owner: str, sha256: str) -> Sequence[UploadRow]:
        """This owner's uploads of these bytes, which now expire later, since they were sent again."""
        async with self._database.write() as session:
            return await self._touch_bytes(session, owner, sha256)

    async def add(self, row: dict[str, Any], *, room: Room | None = None) -> UploadRow:
        """Add an upload, or find the one of the same owner, bytes and name; its `stored` tells whose bytes it shares.

        Raises RateLimited when its bytes are new and the owner has no room for them.
        """
        for _ in range(2):
            try:
                async with self._database.write() as session:
                    return await self._add(session, row, room)
            except IntegrityError:
                # The same was sent at the same moment: now it is there to be found.
                continue
        raise AssertionError("an upload that was there a moment ago was neither found nor could it be added")

    async def find(self, upload_id: str, owner: str) -> UploadRow | None:
        """The upload of this id, if it is this owner's."""
        async with self._database.read() as session:
            row = await session.get(UploadRow, upload_id)
        return row if row is not None and row.owner == owner else None

    async def named(self, owner: str, names: Collection[str]) -> dict[str, UploadRow]:
        """This owner's uploads by the id or the name each was asked for with; of several with one name, the newest."""
        found: dict[str, UploadRow] = {}
        asked = sorted(set(names))
        async with self._database.read() as session:
            for start in range(0, len(asked), _NAMES_AT_ONCE):
                some = asked[start : start + _NAMES_AT_ONCE]
                statement = (
                    select(UploadRow)
                    .where(col(UploadRow.owner) == owner)
                    .where(or_(col(UploadRow.id).in_(some), col(UploadRow.name).in_(some)))
                    .order_by(col(UploadRow.touched_at), col(UploadRow.id))
                )
                for row in (await session.execute(statement)).scalars():
                    found[row.name] = found[row.id] = row
        return found

    async def touch(self, upload_ids: Sequence[str]) -> None:
        """These uploads were used and expire later."""
        async with self._database.write() as session:
            statement = update(UploadRow).where(col(UploadRow.id).in_(upload_ids)).values(touched_at=after_now())
            await session.execute(statement, execution_options={"synchronize_session": False})

    async def remove(self, upload_id: str) -> str | None:
        """Take back an upload that no job reads; where its bytes lie when nobody shares them any more."""
        used = select(col(JobRow.id)).where(col(JobRow.upload_id) == upload_id)
        async with self._database.write() as session:
            gone = await session.execute(
                delete(UploadRow).where(col(UploadRow.id) == upload_id, ~used.exists()).returning(col(UploadRow.stored))
            )
            stored = gone.scalar_one_or_none()
            return stored if stored and not await _shared(session, [stored]) else None

    async def expire(self, older_than_seconds: float, limit: int, *, dry_run: bool = False) -> list[tuple[str, int]]:
        """Take out up to `limit` uploads that were last sent or used so long ago and that no job waits for: ids and sizes."""
        waiting = (
            select(col(JobRow.id))
            .where(col(JobRow.upload_id) == col(UploadRow.id), col(JobRow.status).in_(_WAITING))
            .exists()
        )
        old = (
            select(col(UploadRow.id))
            .where(col(UploadRow.touched_at) < after_now(-older_than_seconds), ~waiting)
            .order_by(col(UploadRow.touched_at), col(UploadRow.id))
            .limit(limit)
        )
        if dry_run:
            async with self._database.read() as session:
                rows = await session.execute(select(UploadRow).where(col(UploadRow.id).in_(old)))
                return [(row.id, row.size) for row in rows.scalars()]
        async with self._database.write() as session:
            statement = (
                delete(UploadRow)
                .where(col(UploadRow.id).in_(old), col(UploadRow.touched_at) < after_now(-older_than_seconds))
                .returning(UploadRow)
            )
            taken = list((await session.execute(statement, execution_options={"synchronize_session": False})).scalars())
            await self._bury(session, taken)
        return [(row.id, row.size) for row in taken]

    async def bytes_of(self, owner: str) -> int:
        """How many bytes this owner's uploads take; equal ones lie, and count, once."""
        async with self._database.read() as session:
            return int((await session.execute(uploaded_bytes(owner))).scalar_one())

    async def _touch_bytes(self, session: AsyncSession, owner: str, sha256: str) -> Sequence[UploadRow]:
        statement = (
            update(UploadRow)
            .where(col(UploadRow.owner) == owner, col(UploadRow.sha256) == sha256)
            .values(touched_at=after_now())
            .returning(UploadRow)
        )
        return list((await session.execute(statement, execution_options={"synchronize_session": False})).scalars())

    async def _add(self, session: AsyncSession, row: dict[str, Any], room: Room | None) -> UploadRow:
        # Touching them first holds them: what expires meanwhile waits, and then finds that they are not old any more.
        equal = await self._touch_bytes(session, row["owner"], row["sha256"])
        same = next((known for known in equal if known.name == row["name"]), None)
        if same is not None:
            return same
        if not equal and room is not None:
            await check_room(session, row["owner"], room, more_bytes=row["size"])
        stored = equal[0].stored if equal else row["stored"]
        values = {**row, "stored": stored, "created_at": after_now(), "touched_at": after_now()}
        return (await session.execute(insert(UploadRow).values(values).returning(UploadRow))).scalar_one()

    async def _bury(self, session: AsyncSession, taken: Sequence[UploadRow]) -> None:
        """Tombstones; the bytes of one go with the last that shares them."""
        if not taken:
            return
        left = await _shared(session, [row.stored for row in taken])
        free = {row.stored: row.id for row in taken if row.stored not in left}
        rows = [
            {
                "id": row.id,
                "owner": row.owner,
                "expired": True,
                "unfinished": free.get(row.stored) == row.id,
                "stored": row.stored if free.get(row.stored) == row.id else None,
                "gone_at": after_now(),
            }
            for row in taken
        ]
        for values in rows:
            await session.execute(insert(GoneRow).values(values))


async def _shared(session: AsyncSession, stored: Sequence[str]) -> set[str]:
    statement = select(col(UploadRow.stored)).where(col(UploadRow.stored).in_(stored))
    return set((await session.execute(statement)).scalars())
