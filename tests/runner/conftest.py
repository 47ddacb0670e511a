"""A store with an empty SQLite database and a bus over a real Valkey."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from secretary.migrations import migrate
from secretary.progress import ProgressBus
from secretary.store import Database, Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'secretary.db'}"
    migrate(url)
    opened = Store(Database(url))
    yield opened
    await opened.close()


@pytest.fixture
async def bus(clean_valkey_url: str) -> AsyncIterator[ProgressBus]:
    client = Redis.from_url(clean_valkey_url)
    yield ProgressBus(client)
    await client.aclose()
