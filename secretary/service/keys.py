"""API keys as callers make and end them: for themselves, or for anybody by an admin."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from secretary.auth import NewKey, Viewer, new_key
from secretary.errors import FieldError, Forbidden, InvalidParameters, KeyNotFound
from secretary.models import ApiKeyRow
from secretary.service.policy import owner_for
from secretary.store import Keys

_LONGEST_USER: Final = 200


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key just made; `secret` is shown this once."""

    row: ApiKeyRow
    secret: str


class KeyService:
    """What a caller can do with keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def create(
        self, viewer: Viewer, *, user_id: str | None, is_admin: bool, expires_at: datetime | None
    ) -> MadeKey:
        """A new key for `user_id`, the viewer's own where None. Raises Forbidden for another user's or an admin key by anybody
        but an admin, and InvalidParameters."""
        owner = owner_for(viewer, user_id)
        if is_admin and not viewer.is_admin:
            raise Forbidden("Only an admin key makes admin keys.")
        if not owner.strip() or len(owner) > _LONGEST_USER or not owner.isprintable():
            raise _wrong("user_id", f"must have 1 to {_LONGEST_USER} printable characters")
        if expires_at is not None:
            expires_at = expires_at.astimezone(UTC)
            if expires_at <= datetime.now(UTC):
                raise _wrong("expires_at", "must be in the future")
        key = new_key()
        await self._keys.add(
            key.id, user_id=owner, is_admin=is_admin, key_hash=key.key_hash, hint=key.hint, expires_at=expires_at
        )
        return MadeKey(await self._kept(key), key.secret)

    async def revoke(self, viewer: Viewer, key_id: str) -> ApiKeyRow:
        """End a key; raises KeyNotFound where none of this id is in force, also for another user's."""
        row = await self._keys.revoke(key_id, viewer.scope)
        if row is None:
            raise KeyNotFound
        return row

    async def _kept(self, key: NewKey) -> ApiKeyRow:
        row = await self._keys.get(key.id)
        if row is None:
            raise KeyNotFound
        return row


def _wrong(name: str, message: str) -> InvalidParameters:
    return InvalidParameters(f"{name}: {message}", fields=(FieldError((name,), message),))
