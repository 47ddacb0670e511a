"""What must be true before any process serves: a data folder, a database of the newest shape, and a first key."""

import asyncio
from dataclasses import dataclass

from alembic.util.exc import CommandError
from sqlalchemy.exc import SQLAlchemyError

from secretary.auth import FIRST_USER, NewKey, hash_key, new_key
from secretary.migrations import migrate
from secretary.resources import secret_keys
from secretary.secrecy import write_once
from secretary.settings import Settings
from secretary.store import Database, Keys
from secretary.up.data_folder import prepare_folder, read_key
from secretary.up.failures import CannotStart
from secretary.up.reaching import database_trouble, reason, redis_trouble, without_secrets


@dataclass(frozen=True, slots=True)
class FirstKey:
    """The key to begin with, where one is known: preset by a setting, or kept in the data folder."""

    secret: str | None
    preset: bool = False
    new: bool = False


def prepare(settings: Settings) -> FirstKey:
    """Folder, keys for secrets, database and key, in this order; raises CannotStart, or SettingsError for those keys."""
    prepare_folder(settings.data_dir)
    secret_keys(settings)
    prepare_database(settings)
    return prepare_key(settings)


def prepare_database(settings: Settings) -> None:
    """Bring the database to the newest shape."""
    if settings.database_url is not None and (trouble := database_trouble(settings)):
        url = without_secrets(settings.database_url.get_secret_value())
        raise CannotStart(
            f"The database {url} cannot be reached ({trouble}); start it, or correct or unset SECRETARY_DATABASE_URL."
        )
    try:
        migrate(settings.sqlalchemy_url)
    except CommandError as error:
        raise CannotStart(
            f"The database was made by a newer secretary ({reason(error)}); install that version, or choose another database."
        ) from None
    except (SQLAlchemyError, OSError) as error:
        raise CannotStart(
            f"The database {without_secrets(settings.sqlalchemy_url)} cannot be used ({reason(error)})."
        ) from None


def require_redis(settings: Settings, *, wait_seconds: float = 0.0) -> None:
    """Raises CannotStart when Redis, or the private Valkey in its place, does not answer within so many seconds."""
    trouble = redis_trouble(settings, wait_seconds=wait_seconds)
    if trouble is None:
        return
    if settings.redis_url is not None:
        url = without_secrets(settings.redis_url.get_secret_value())
        raise CannotStart(
            f"Redis at {url} cannot be reached ({trouble}); start it, or correct or unset SECRETARY_REDIS_URL."
        )
    raise CannotStart(
        f"The private Valkey of {settings.data_dir} is not running; start it with `secretary valkey` (or everything with `secretary up`), "
        "or name a Redis in SECRETARY_REDIS_URL."
    )


def prepare_key(settings: Settings) -> FirstKey:
    """Enter the key that was set or is kept, or make the first one."""
    return asyncio.run(_prepare_key(settings))


async def _prepare_key(settings: Settings) -> FirstKey:
    database = Database(settings.sqlalchemy_url, pool_size=1)
    keys = Keys(database)
    try:
        if settings.api_key is not None:
            return await _enter_preset(keys, settings.api_key.get_secret_value())
        new = not settings.key_file.exists() and await _lacks_key(settings, keys)
        if new:
            write_once(settings.key_file, new_key().secret)
        secret = read_key(settings.key_file)
        if secret is not None and not await _enter(keys, new_key(secret)):
            secret = None
        return FirstKey(secret, new=new)
    finally:
        await database.close()


async def _lacks_key(settings: Settings, keys: Keys) -> bool:
    """A database of its own gets a key beside it; one that may serve many machines only when nobody could use it otherwise."""
    return settings.database_url is None or not any(
        row.is_admin and row.revoked_at is None for row in await keys.list()
    )


async def _enter_preset(keys: Keys, secret: str) -> FirstKey:
    if not await _enter(keys, new_key(secret)):
        raise CannotStart("SECRETARY_API_KEY is a key that was revoked; set another one, or unset it.")
    return FirstKey(secret, preset=True)


async def _enter(keys: Keys, key: NewKey) -> bool:
    """Whether the key is in force now; one that was revoked stays so."""
    await keys.add(key.id, user_id=FIRST_USER, is_admin=True, key_hash=key.key_hash, hint=key.hint)
    return await keys.find(hash_key(key.secret)) is not None
