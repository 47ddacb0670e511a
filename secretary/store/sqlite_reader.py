"""Reads of SQLite that cost less than handing them to another thread: one read-only connection, used where the caller stands, and what
it read for as long as nobody has written."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from secretary.store.prepared import Model, Prepared

PATIENCE_SECONDS: Final = 0.05
"""A reader of a write-ahead log waits for nobody, but for moments such as the log's recovery; the event loop may wait this long."""


KEPT: Final = 1_000
"""How many answers are kept at most; then all are forgotten."""


class SqliteReader:
    """Answers on the event loop's own thread. Only for single rows found by an index, which take some tens of microseconds."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._version: int | None = None
        self._kept: dict[tuple[object, ...], list[dict[str, Any]]] = {}

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, opened by the first who asks. Raises sqlite3.Error."""
        if self._connection is None:
            # SQLite itself is built to be called from any thread; a service that is stopped may close it from another.
            opened = sqlite3.connect(
                self._path, timeout=PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
            )
            # Whatever a statement may say, nothing is written where nobody waits for the write lock.
            opened.execute("PRAGMA query_only=ON")
            self._connection = opened
        return self._connection

    def find(self, prepared: Prepared[Model], values: Mapping[str, object]) -> list[Model] | None:
        """What the statement finds; None when it cannot be told at once, so that somebody who may wait is asked."""
        try:
            self._forget_when_written()
            place = (prepared, *values.values())
            found = self._kept.get(place)
            if found is None:
                rows = self.connection.execute(prepared.sqlite_text, prepared.sqlite_values(values)).fetchall()
                found = [prepared.read_from_sqlite(row) for row in rows]
                if prepared.small:
                    self._kept[place] = found
        except sqlite3.Error:
            self.close()
            return None
        return [prepared.made(each) for each in found]

    def _forget_when_written(self) -> None:
        """SQLite counts what others commit, and tells the count for a tenth of what a read costs. What is read after that is no older
        than the count, so that it may be kept under it: https://www.sqlite.org/pragma.html#pragma_data_version"""
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        if version != self._version or len(self._kept) >= KEPT:
            self.forget()
            self._version = version

    def forget(self) -> None:
        """From now on everything is read anew."""
        self._kept.clear()

    def close(self) -> None:
        """Let go of the file; the next read opens it anew."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.forget()
