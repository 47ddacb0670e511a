"""The connection to the database: SQLite or PostgreSQL, one short transaction at a time."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from secretary.errors import Unavailable
from secretary.models import UtcDateTime
from secretary.store.prepared import Model, Prepared
from secretary.store.quick_connection import quick_connections
from secretary.store.sqlite_reader import SqliteReader

BUSY_TIMEOUT_MILLISECONDS: Final = 30_000


class after_now(FunctionElement[datetime]):  # noqa: N801  # reads as the SQL function it is
    """The database's clock plus a number of seconds, so that machines whose clocks differ agree on what is due."""

    type = UtcDateTime()
    inherit_cache = True
    name = "after_now"

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(seconds)


@compiles(after_now, "sqlite")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _sqlite_now(element: after_now, compiler: SQLCompiler, **kwargs: Any) -> str:
    # The same text form that SQLAlchemy stores, so that instants compare as text; SQLite knows milliseconds only.
    seconds = compiler.process(element.clauses, **kwargs)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({seconds}) || ' seconds')"


@compiles(after_now, "postgresql")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _postgresql_now(element: after_now, compiler: SQLCompiler, **kwargs: Any) -> str:
    seconds = compiler.process(element.clauses, **kwargs)
    return f"(clock_timestamp() + make_interval(secs => CAST({seconds} AS double precision)))"


class Database:
    """Opens the engine; `read()` and `write()` give one transaction each, `find()` what a prepared statement finds. Anything the database
    cannot answer is Unavailable."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.engine: AsyncEngine = create_async_engine(url, **_pool_options(pool_size, sqlite=self.is_sqlite))
        self._quick = self.engine
        if self.is_sqlite:
            connections = quick_connections(self.engine.url.database or "", timeout=BUSY_TIMEOUT_MILLISECONDS / 1000)
            self._quick = create_async_engine(url, async_creator=connections, **_pool_options(pool_size, sqlite=True))
            for engine in (self.engine.sync_engine, self._quick.sync_engine):
                event.listen(engine, "connect", _configure_sqlite)
                event.listen(engine, "begin", _begin_sqlite)
        self._reading = self.engine.execution_options(sqlite_reads_only=True)
        self._single = self.engine.execution_options(isolation_level="AUTOCOMMIT", sqlite_reads_only=True)
        self.reader = SqliteReader(self.engine.url.database or "") if self.is_sqlite else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads."""
        with _unavailable_when_down():
            async with AsyncSession(self._reading, expire_on_commit=False) as session, session.begin():
                yield session

    @asynccontextmanager
    async def write(self, *, quick: bool = False) -> AsyncIterator[AsyncSession]:
        """A transaction that writes; committed at the end, rolled back by an exception. `quick` for few rows found by an index: on SQLite
        it runs on the event loop's own thread once it holds the write lock."""
        with _unavailable_when_down():
            engine = self._quick if quick else self.engine
            async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
                yield session

    async def find(self, prepared: Prepared[Model], **values: object) -> Sequence[Model]:
        """What a prepared statement finds, without a transaction or a session around it: for the few reads that nearly every call
        makes (docs/decisions/0027)."""
        found = self.find_at_once(prepared, **values)
        if found is not None:
            return found
        with _unavailable_when_down():
            async with self._single.connect() as connection:
                rows = (await connection.execute(prepared.statement, values)).all()
        return [prepared.loaded(row) for row in rows]

    def find_at_once(self, prepared: Prepared[Model], **values: object) -> Sequence[Model] | None:
        """What `find` would find; None when that cannot be told without waiting."""
        return None if self.reader is None else self.reader.find(prepared, values)

    async def ping(self) -> None:
        """Raises Unavailable when the database does not answer."""
        async with self.read() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        if self.reader is not None:
            self.reader.close()
        await self.engine.dispose()
        await self._quick.dispose()


class _unavailable_when_down:  # noqa: N801  # a context manager, named as what it does
    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (OperationalError, InterfaceError, PoolTimeout)) or (
            isinstance(error, DBAPIError) and error.connection_invalidated
        ):
            raise Unavailable from error


def _pool_options(size: int, *, sqlite: bool) -> dict[str, Any]:
    # A statement that fails must not put its parameters, a password among them, into the log.
    options: dict[str, Any] = {"hide_parameters": True, "pool_size": size, "max_overflow": size, "pool_timeout": 30}
    if sqlite:
        return {**options, "connect_args": {"timeout": BUSY_TIMEOUT_MILLISECONDS / 1000}}
    return {**options, "pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


def _configure_sqlite(connection: Any, _record: object) -> None:
    # The driver's own BEGIN is deferred and comes too late; ours is sent by _begin_sqlite.
    connection.isolation_level = None
    # SQLite's own lower() knows ASCII only.
    connection.create_function("lower", 1, _lower, deterministic=True)
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another process wrote in between, whatever the
    # timeout; IMMEDIATE takes the write lock first and waits for it.
    reads = connection.get_execution_options().get("sqlite_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
