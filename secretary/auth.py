"""Who is calling: API keys, the users they belong to, and what those may see."""

import contextlib
import hashlib
import hmac
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from secretary.errors import RateLimited, Unauthorized, Unavailable
from secretary.jobs import new_id
from secretary.models import ApiKeyRow

KEY_PREFIX: Final = "sec_"
FIRST_USER: Final = "admin"
LOOK_AGAIN_SECONDS: Final = 2.0
LOOKED_KEYS: Final = 1_000


class FindsKeys(Protocol):
    """Where keys are looked up."""

    async def find(self, key_hash: str) -> ApiKeyRow | None: ...

    async def in_force(self, key_hashes: Sequence[str]) -> set[str]: ...


@dataclass(frozen=True, slots=True)
class Viewer:
    """The owner of the key a call came with."""

    user_id: str
    is_admin: bool
    key_id: str

    @property
    def scope(self) -> str | None:
        """The owner whose jobs this viewer sees; None is everybody's."""
        return None if self.is_admin else self.user_id


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `secret` is shown once; the rest is kept."""

    id: str
    secret: str

    @property
    def key_hash(self) -> str:
        return hash_key(self.secret)

    @property
    def hint(self) -> str:
        return self.secret[:8]


def new_key(secret: str | None = None) -> NewKey:
    """A key with 256 random bits, or with a secret the operator chose."""
    return NewKey(new_id("key"), secret or KEY_PREFIX + secrets.token_urlsafe(32))


def hash_key(secret: str) -> str:
    """SHA-256, without salt or stretching: the secret has too many random bits to be guessed, and each call hashes it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_in_headers(headers: Mapping[str, str]) -> str | None:
    """The key in `Authorization: Bearer KEY` (RFC 6750) or `X-Secretary-Api-Key: KEY`; header names in lower case."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    return headers.get("x-secretary-api-key", "").strip() or None


class CountsRequests(Protocol):
    """Where requests are counted."""

    per_minute: int

    async def count(self, owner: str) -> float: ...


class Authenticator:
    """Turns a key into the viewer it belongs to."""

    def __init__(self, keys: FindsKeys, rates: CountsRequests | None = None) -> None:
        self._keys = keys
        self._rates = rates
        self._looked: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    async def authenticate(self, key: str | None) -> Viewer:
        """Raises Unauthorized when there is no key, or it is unknown, revoked or expired."""
        if not key:
            raise Unauthorized
        wanted = hash_key(key)
        row = await self._keys.find(wanted)
        if row is None or not hmac.compare_digest(row.key_hash, wanted):
            raise Unauthorized("This API key is not valid (any more).")
        return Viewer(row.user_id, row.is_admin, row.id)

    async def admit(self, viewer: Viewer) -> None:
        """Count a request of this viewer; raises RateLimited. Admins are not counted: whoever sets the limit may ask on."""
        if viewer.is_admin or self._rates is None:
            return
        wait = await self._rates.count(viewer.user_id)
        if wait > 0:
            message = f"This owner has asked more than {self._rates.per_minute:,} times a minute; wait for Retry-After."
            raise RateLimited(message, retry_after=math.ceil(wait))

    async def still_opens(self, key: str | None) -> bool:
        """Whether a key accepted before still opens anything, looked up at most every LOOK_AGAIN_SECONDS for all who hold it.

        While the database is away the answer stays what it was.
        """
        wanted, now = hash_key(key or ""), time.monotonic()
        looked_at, opens = self._looked.get(wanted, (-LOOK_AGAIN_SECONDS, True))
        if now - looked_at < LOOK_AGAIN_SECONDS:
            return opens
        with contextlib.suppress(Unavailable):
            opens = await self._keys.find(wanted) is not None
        self._looked[wanted] = (now, opens)
        while len(self._looked) > LOOKED_KEYS:
            self._looked.popitem(last=False)
        return opens

    async def opening(self, keys: Collection[str]) -> set[str]:
        """Those of the keys that still open anything, in few statements however many they are. Raises Unavailable."""
        by_hash = {hash_key(key): key for key in keys}
        return {by_hash[found] for found in await self._keys.in_force(tuple(by_hash))}
