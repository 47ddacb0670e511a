"""The database's shape through time: Alembic scripts, applied where a process starts."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

_LOCK_NUMBER: Final = 0x5EC2E7A7


def migrate(url: str) -> None:
    """Bring the database at `url` (with its driver) to the newest shape. Processes that start together wait for each other.

    Raises SQLAlchemy's errors when the database cannot be reached or written.
    """
    sync_url = url.replace("+aiosqlite", "")
    engine = create_engine(sync_url, hide_parameters=True)
    try:
        with _alone(sync_url), engine.connect() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK_NUMBER})
        connection.commit()
    try:
        command.upgrade(config, "head")
        connection.commit()
    finally:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK_NUMBER})
            connection.commit()


@contextlib.contextmanager
def _alone(url: str) -> Iterator[None]:
    path = url.partition(":///")[2]
    if not url.startswith("sqlite") or not path:
        yield
        return
    # SQLite cannot hold a lock over several transactions, so a file beside the database does.
    with Path(f"{path}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
