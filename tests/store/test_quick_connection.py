"""Short writes of SQLite run on the event loop's thread, and what may wait does not hold it up."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from secretary.errors import Unavailable
from secretary.store import database as database_module
from secretary.store.database import Database

WRITE = text("INSERT INTO word VALUES (:word)")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "words.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE word (word TEXT)")
    connection.close()
    return tmp_path / "words.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{path}")
    yield opened
    await opened.close()


@pytest.fixture
def others(path: Path) -> Iterator[sqlite3.Connection]:
    """Another process's connection, which holds the write lock until it commits."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


async def write(database: Database, word: str, *, then: Exception | None = None) -> None:
    async with database.write(quick=True) as session:
        await session.execute(WRITE, {"word": word})
        if then is not None:
            raise then


async def words(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.execute(text("SELECT word FROM word ORDER BY rowid"))).scalars())


async def longest_pause(work: "asyncio.Task[None]") -> float:
    """The longest time, in seconds, that the event loop was held up until the work was done."""
    longest, before = 0.0, time.monotonic()
    while not work.done():
        await asyncio.sleep(0.005)
        longest, before = max(longest, time.monotonic() - before), time.monotonic()
    return longest


async def test_what_needs_no_waiting_runs_where_it_is_asked_for(database: Database) -> None:
    threads: list[int] = []

    def with_a_witness(connection: object, _record: object) -> None:
        connection.create_function("witness", 0, lambda: threads.append(threading.get_ident()))  # type: ignore[attr-defined]

    for engine in (database.engine, database._quick):
        event.listen(engine.sync_engine, "connect", with_a_witness)
    async with database.write(quick=True) as session:
        await session.execute(text("SELECT witness()"))
    async with database.write() as session:
        await session.execute(text("SELECT witness()"))
    assert len(threads) == 2
    assert threads[0] == threading.get_ident() != threads[1]


async def test_a_quick_write_is_there_and_one_that_fails_is_not(database: Database) -> None:
    await write(database, "one")
    with pytest.raises(ZeroDivisionError):
        await write(database, "two", then=ZeroDivisionError())
    await write(database, "three")
    assert await words(database) == ["one", "three"]


async def test_nobody_is_held_up_while_others_write(database: Database, others: sqlite3.Connection) -> None:
    writing = asyncio.create_task(write(database, "mine"))
    asyncio.get_running_loop().call_later(0.6, others.execute, "COMMIT")
    assert await longest_pause(writing) < 0.4
    await writing
    assert await words(database) == ["mine"]


async def test_who_gives_up_waiting_holds_nobody_up_and_leaves_a_good_connection(
    database: Database, others: sqlite3.Connection
) -> None:
    waiting = asyncio.create_task(write(database, "given up"))
    await asyncio.sleep(0.1)
    waiting.cancel()
    asyncio.get_running_loop().call_later(0.6, others.execute, "COMMIT")
    assert await longest_pause(waiting) < 0.4
    assert waiting.cancelled()
    await write(database, "another")
    assert await words(database) == ["another"]


async def test_a_lock_that_is_never_given_back_is_told(
    path: Path, others: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MILLISECONDS", 200)
    impatient = Database(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(Unavailable):
        await write(impatient, "never")
    await impatient.close()
    others.execute("COMMIT")
