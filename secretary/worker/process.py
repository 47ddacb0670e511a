"""The life of a worker as Dramatiq tells of it: what is opened when it boots, run for each bell, and closed when it ends."""

import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Final

from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware

from secretary.errors import Unavailable
from secretary.job_types import JobTypes
from secretary.jobs import new_id
from secretary.queue import DoorbellBroker
from secretary.settings import Settings
from secretary.worker.opened import Opened

logger = logging.getLogger(__name__)

DRAIN_SECONDS: Final = 5.0
"""Running jobs may take so long to end when the worker is told to stop; then they go back to the queue."""


class WorkerProcess(Middleware):
    """One worker. Whatever it opens lives on the actors' event loop; Dramatiq calls from threads of its own."""

    def __init__(self, settings: Settings, job_types: JobTypes) -> None:
        self._settings = settings
        self._job_types = job_types
        self.worker_id = new_id("worker")
        self._closing: threading.Timer | None = None
        self._opened: Opened

    def before_worker_boot(self, broker: Any, worker: Any) -> None:
        # A bell taken by a worker whose hands are full would wait there while another worker is idle.
        worker.queue_prefetch = self._settings.worker_threads
        self._on_loop(lambda: self._open(broker))
        self._opened.desk.start()

    def before_worker_shutdown(self, broker: Any, worker: Any) -> None:  # noqa: ARG002
        self._opened.runner.drain()
        self._opened.desk.begin_to_stop()
        self._closing = threading.Timer(DRAIN_SECONDS, self._interrupt)
        self._closing.daemon = True
        self._closing.start()

    def after_worker_shutdown(self, broker: Any, worker: Any) -> None:  # noqa: ARG002
        if self._closing:
            self._closing.cancel()
        self._opened.desk.stop(self._call_soon)
        self._on_loop(self._opened.close)

    async def run_next(self, queue: str) -> None:
        """The actor: run the best due job of `queue`. The database being away leaves the job to the sweeper."""
        try:
            await self._opened.runner.run_next(queue)
        except Unavailable as error:
            logger.warning("the doorbell was heard but the database does not answer: %s", error)

    async def _open(self, broker: DoorbellBroker) -> None:
        self._opened = Opened(self._settings, self._job_types, self.worker_id, broker)
        await self._opened.start()

    def _interrupt(self) -> None:
        self._call_soon(self._opened.runner.interrupt)
        self._call_soon(self._opened.desk.interrupt)

    def _call_soon(self, work: Callable[[], None]) -> None:
        loop = get_event_loop_thread()
        if loop is not None:
            loop.loop.call_soon_threadsafe(work)

    def _on_loop(self, work: Callable[[], Awaitable[None]]) -> None:
        loop = get_event_loop_thread()
        assert loop is not None, "the AsyncIO middleware comes first"
        loop.run_coroutine(work())
