"""Whether database and Redis can be reached, and one sentence when they cannot."""

import asyncio
import time
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from secretary.errors import Unavailable
from secretary.resources import open_redis
from secretary.settings import Settings
from secretary.store import Database

_BETWEEN_TRIES: Final = 0.1


def database_trouble(settings: Settings) -> str | None:
    """Why the database that was set cannot be used; None when it answers."""
    try:
        asyncio.run(_ping_database(settings.sqlalchemy_url))
    except Unavailable as error:
        return reason(error.__cause__ or error)
    except (SQLAlchemyError, ValueError) as error:
        return reason(error)
    return None


async def _ping_database(url: str) -> None:
    database = Database(url, pool_size=1)
    try:
        await database.ping()
    finally:
        await database.close()


def redis_trouble(settings: Settings, *, wait_seconds: float = 0.0) -> str | None:
    """Why Redis cannot be used, after trying for so long; None when it answers."""
    return asyncio.run(_redis_trouble(settings.redis_address, wait_seconds))


async def _redis_trouble(address: str, wait_seconds: float) -> str | None:
    deadline = time.monotonic() + wait_seconds
    try:
        redis = open_redis(address)
    except ValueError as error:
        return reason(error)
    try:
        while True:
            try:
                await redis.ping()
            except Exception as error:  # noqa: BLE001  # whatever the client cannot do is a reason to tell
                if time.monotonic() >= deadline:
                    return reason(error)
                await asyncio.sleep(_BETWEEN_TRIES)
            else:
                return None
    finally:
        await redis.aclose()


def reason(error: BaseException) -> str:
    """The first line of what a driver said, without SQLAlchemy's link and statement."""
    said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return said.splitlines()[0].rstrip(".")


def without_secrets(url: str) -> str:
    """An address that may be shown: scheme without driver, host, port and path only."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme.partition('+')[0]}://{host}{parts.path}"
