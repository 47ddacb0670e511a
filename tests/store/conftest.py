"""The store's tests run on SQLite and on PostgreSQL alike."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from secretary.migrations import migrate
from secretary.store import Database, Store


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'secretary.db'}"
    server: str = request.getfixturevalue("postgres_url")
    name = f"store_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An empty database of the newest shape."""
    migrate(database_url)
    opened = Store(Database(database_url))
    yield opened
    await opened.close()
