"""Connections to SQLite for short writes: only what may wait (the write lock, a commit) is handed to another thread. A transaction makes
some twenty calls of its driver, and to hand each of them over costs more than most of them do."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import aiosqlite

_ROWS_AT_ONCE: Final = 64
_MAY_WAIT: Final = frozenset({"commit", "rollback"})
_WAIT_FOR_LOCKS: Final = frozenset({"execute", "executemany", "executescript"})


class QuickConnection(aiosqlite.Connection):
    """A connection whose calls run where they are made once it holds the write lock: then nothing it is asked waits for anybody."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, _ROWS_AT_ONCE)
        self._thread.daemon = True
        self._handed_over: deque[None] = deque()

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # While the thread is at something whose caller was cancelled, the rest queues up behind it.
        if not self._handed_over and not self._may_wait(fn):
            return fn(*args, **kwargs)
        self._handed_over.append(None)
        return await super()._execute(self._in_thread, partial(fn, *args, **kwargs))  # type: ignore[no-untyped-call]

    def _may_wait(self, fn: Callable[..., Any]) -> bool:
        name = fn.__name__
        return name in _MAY_WAIT or (name in _WAIT_FOR_LOCKS and not self._conn.in_transaction)

    def _in_thread(self, function: Callable[[], Any]) -> Any:
        try:
            return function()
        finally:
            self._handed_over.popleft()


def quick_connections(path: str, *, timeout: float) -> Callable[[], "asyncio.Future[Any]"]:
    """What makes such connections to the database at `path`, as SQLAlchemy's `async_creator`; `timeout` in seconds for the write lock."""
    connector = partial(sqlite3.connect, path, timeout=timeout, check_same_thread=False)
    return lambda: QuickConnection(connector)  # type: ignore[return-value]  # it is awaitable
