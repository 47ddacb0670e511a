"""API keys: hashes in, owners out."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from secretary.models import ApiKeyRow
from secretary.store.database import Database, after_now
from secretary.store.prepared import Prepared

_FIND = Prepared(
    ApiKeyRow,
    col(ApiKeyRow.key_hash) == bindparam("key_hash"),
    col(ApiKeyRow.revoked_at).is_(None),
    without=frozenset({"hint", "created_at", "revoked_at"}),
)


def _in_force() -> ColumnElement[bool]:
    expires_at = col(ApiKeyRow.expires_at)
    return and_(col(ApiKeyRow.revoked_at).is_(None), or_(expires_at.is_(None), expires_at > datetime.now(UTC)))


class Keys:
    """The api_key table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        key_id: str,
        *,
        user_id: str,
        is_admin: bool,
        key_hash: str,
        hint: str,
        expires_at: datetime | None = None,
    ) -> bool:
        """Add a key; False when this very key is already there."""
        values = {
            "id": key_id,
            "user_id": user_id,
            "is_admin": is_admin,
            "key_hash": key_hash,
            "hint": hint,
            "created_at": after_now(),
            "expires_at": expires_at,
        }
        try:
            async with self._database.write() as session:
                await session.execute(insert(ApiKeyRow).values(values))
        except IntegrityError:
            return False
        return True

    async def find(self, key_hash: str) -> ApiKeyRow | None:
        """The key with this hash, if it has neither been revoked nor expired: whose it is, without its history."""
        found = await self._database.find(_FIND, key_hash=key_hash)
        row = found[0] if found else None
        return row if row is not None and (row.expires_at is None or row.expires_at > datetime.now(UTC)) else None

    async def get(self, key_id: str) -> ApiKeyRow | None:
        """The key of this id with its history, whether in force or not."""
        async with self._database.read() as session:
            return await session.get(ApiKeyRow, key_id)

    async def in_force(self, key_hashes: Sequence[str]) -> set[str]:
        """Those of the hashes whose keys have neither been revoked nor expired, 500 a statement."""
        found: set[str] = set()
        async with self._database.read() as session:
            for start in range(0, len(key_hashes), 500):
                wanted = col(ApiKeyRow.key_hash).in_(key_hashes[start : start + 500])
                found.update(
                    (await session.execute(select(col(ApiKeyRow.key_hash)).where(wanted, _in_force()))).scalars()
                )
        return found

    async def list(self) -> Sequence[ApiKeyRow]:
        """All keys, the revoked ones too, oldest first."""
        async with self._database.read() as session:
            return list(
                (
                    await session.execute(select(ApiKeyRow).order_by(col(ApiKeyRow.created_at), col(ApiKeyRow.id)))
                ).scalars()
            )

    async def count(self) -> int:
        async with self._database.read() as session:
            return (await session.execute(select(func.count()).select_from(ApiKeyRow))).scalar_one()

    async def revoke(self, key_id: str, scope: str | None = None) -> ApiKeyRow | None:
        """From now on the key opens nothing; None when there is no such key in force, or it is not of the user `scope`."""
        statement = update(ApiKeyRow).where(col(ApiKeyRow.id) == key_id, _in_force())
        if scope is not None:
            statement = statement.where(col(ApiKeyRow.user_id) == scope)
        async with self._database.write() as session:
            returned = await session.execute(statement.values(revoked_at=after_now()).returning(ApiKeyRow))
            return returned.scalar_one_or_none()
