"""What an owner has in the database and on the disk, and whether there is room for more."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from secretary.errors import RateLimited
from secretary.models import JobRow, UploadRow
from secretary.store.database import Database

# Word for word those of the partial indexes: with values bound to them, SQLite could not know that an index holds the rows.
_IS_PENDING: Final = text("status = 'pending'")
_IS_STORED: Final = text("stored_bytes > 0")
_MEGABYTE: Final = 1024 * 1024
_SOON: Final = 10
_LATER: Final = 3_600


@dataclass(frozen=True, slots=True)
class Room:
    """How many jobs of one owner may wait, and how many bytes of its files are kept; 0 is no limit."""

    pending_jobs: int = 0
    stored_bytes: int = 0


class Usage:
    """What each owner uses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stored_bytes(self, owner: str) -> int:
        """Bytes of everything that is kept for this owner."""
        async with self._database.read() as session:
            return await stored_bytes(session, owner)

    async def pending_jobs(self, owner: str) -> int:
        """Jobs of this owner that wait for a worker."""
        async with self._database.read() as session:
            return await _pending_jobs(session, owner)


async def check_room(session: AsyncSession, owner: str, room: Room, *, jobs: int = 0, more_bytes: int = 0) -> None:
    """Raises RateLimited when this owner has no room for so many jobs or bytes more. To be asked in the transaction that adds
    them: callers of one owner then come one after the other, and no two of them take the same room."""
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:owner, 0))")
        await session.execute(lock, {"owner": f"room:{owner}"})
    if room.pending_jobs and jobs and (waiting := await _pending_jobs(session, owner)) + jobs > room.pending_jobs:
        raise RateLimited(
            f"{waiting:,} jobs of this owner wait already, and {jobs:,} more would be over the {room.pending_jobs:,} that may; "
            "try again when some have run.",
            retry_after=_SOON,
        )
    if room.stored_bytes and (stored := await stored_bytes(session, owner)) + more_bytes >= room.stored_bytes:
        raise RateLimited(
            f"The files of this owner take {stored / _MEGABYTE:,.1f} MB of the {room.stored_bytes / _MEGABYTE:,.0f} MB that are kept; "
            "delete jobs that are no longer needed.",
            retry_after=_LATER,
        )


async def stored_bytes(session: AsyncSession, owner: str) -> int:
    """The sum over everything that is kept for this owner."""
    return sum([int((await session.execute(statement)).scalar_one()) for statement in _stored(owner)])


def _stored(owner: str) -> list[Select[Any]]:
    """One sum for each kind of thing that is kept: what jobs produced, with their archives, and what the owner sent."""
    produced = select(func.coalesce(func.sum(col(JobRow.stored_bytes)), 0))
    return [produced.where(col(JobRow.owner) == owner, _IS_STORED), uploaded_bytes(owner)]


def uploaded_bytes(owner: str) -> Select[Any]:
    """How many bytes this owner's uploads take; equal ones lie, and count, once."""
    once = (
        select(func.max(col(UploadRow.size)).label("size"))
        .where(col(UploadRow.owner) == owner)
        .group_by(col(UploadRow.stored))
        .subquery()
    )
    return select(func.coalesce(func.sum(once.c.size), 0))


async def _pending_jobs(session: AsyncSession, owner: str) -> int:
    statement = select(func.count()).where(col(JobRow.owner) == owner, _IS_PENDING)
    return int((await session.execute(statement)).scalar_one())
