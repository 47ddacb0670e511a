"""Each chaos test runs on SQLite and on PostgreSQL alike."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from secretary.job_types import load_job_types
from secretary.resources import Resources, open_resources, opened
from tests.conftest import free_port
from tests.installation import Installation


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest, tmp_path: Path, short_dir: Path, inputs: Path
) -> Iterator[Installation]:
    """A running Valkey and an empty database; workers are started by the test."""
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    database = None
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgres_url")
        name = f"chaos_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        database = server.replace("/postgres?", f"/{name}?")
    made = Installation(folder, inputs, database, free_port())
    made.start_valkey()
    yield made
    made.stop_all()


@pytest.fixture
async def resources(installation: Installation) -> AsyncIterator[Resources]:
    """What the web process has, opened in this one: creates and watches jobs."""
    made = open_resources(installation.settings, load_job_types())
    async with opened(made):
        yield made
