"""What a worker does beside its jobs for as long as it lives: show that it lives, and look whether its jobs are still its own."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Coroutine
from typing import Any, Final

from secretary.errors import Unavailable
from secretary.progress import BusLost, ProgressBus
from secretary.runner import Runner
from secretary.store import Workers

logger = logging.getLogger(__name__)

CHECK_SECONDS: Final = 1.0
RECONNECT_SECONDS: Final = 0.5


class Duties:
    """Tasks of the worker's event loop, each going on until `close`. One that fails ends the worker."""

    def __init__(
        self, worker_id: str, workers: Workers, runner: Runner, bus: ProgressBus, lease_seconds: float
    ) -> None:
        """`bus` is read from for as long as the worker lives."""
        self._worker_id = worker_id
        self._workers = workers
        self._runner = runner
        self._bus = bus
        self._lease_seconds = lease_seconds
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, *others: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Take the worker's lease and begin; `others` are duties that have modules of their own."""
        await self._renew()
        for duty in (self._keep_renewing, self._keep_checking, self._listen_for_stops, *others):
            task = asyncio.create_task(duty())
            task.add_done_callback(_end_with_duty)
            self._tasks.append(task)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _renew(self) -> None:
        await self._workers.renew(self._worker_id, host=socket.gethostname(), pid=os.getpid())

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(self._lease_seconds / 4)
            try:
                await self._renew()
            except Unavailable as error:
                logger.warning("the lease could not be renewed: %s", error)

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self._check_claims()

    async def _listen_for_stops(self) -> None:
        while True:
            try:
                async for job_ids in self._bus.listen_for_stops():
                    if self._runner.runs(job_ids):
                        await self._check_claims()
            except BusLost:
                # The check every second is the net under this.
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _check_claims(self) -> None:
        try:
            await self._runner.check_claims()
        except Unavailable as error:
            logger.warning("whether the claims still hold could not be read: %s", error)


def _end_with_duty(task: asyncio.Task[None]) -> None:
    # A worker that no longer renews or sweeps must not go on as if it did: it ends, and is started again.
    if not task.cancelled() and (error := task.exception()):
        logger.error("a duty of this worker failed, the worker ends", exc_info=error)
        os.kill(os.getpid(), signal.SIGTERM)
