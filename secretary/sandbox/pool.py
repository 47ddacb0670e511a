"""Warm children waiting: a task finds one ready in a millisecond, and one that failed is replaced."""

import asyncio
import logging
from typing import Final

from secretary.sandbox.child_process import ChildDied, ChildProcess
from secretary.sandbox.limits import ChildLimits

logger = logging.getLogger(__name__)

MAX_RESIDENT_BYTES: Final = 512 * 1024 * 1024


class Pool:
    """Up to `size` idle children. Each is replaced after `max_jobs` tasks, after a failure, or when it holds too much memory."""

    def __init__(self, size: int, limits: ChildLimits, *, max_jobs: int) -> None:
        self._size = size
        self._limits = limits
        self._max_jobs = max_jobs
        self._idle: list[ChildProcess] = []
        self._busy: set[ChildProcess] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._closed = False

    def warm(self) -> None:
        """Start what is missing, in the background."""
        missing = self._size - len(self._idle) - len(self._busy) - len(self._starting)
        for _ in range(0 if self._closed else missing):
            task = asyncio.create_task(self._start_idle())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def lease(self) -> ChildProcess:
        """A ready child, for this caller alone until `give_back` or `discard`; raises ChildDied when none can be started."""
        while not self._idle and self._starting:
            await asyncio.wait(self._starting, return_when=asyncio.FIRST_COMPLETED)
        child = None
        while self._idle and child is None:
            candidate = self._idle.pop()
            if candidate.alive:
                child = candidate
            else:
                await candidate.kill()
        child = child or await ChildProcess.start(self._limits)
        self._busy.add(child)
        return child

    async def give_back(self, child: ChildProcess, *, resident_bytes: int) -> None:
        """The task ended well; the child waits for the next unless it is worn out."""
        worn = child.jobs_done >= self._max_jobs or resident_bytes > MAX_RESIDENT_BYTES
        if worn or self._closed or not child.alive:
            await self.discard(child)
            return
        self._busy.discard(child)
        self._idle.append(child)

    async def discard(self, child: ChildProcess) -> None:
        """Kill the child and start another in its place."""
        self._busy.discard(child)
        await child.kill()
        self.warm()

    async def close(self) -> None:
        """Kill all children."""
        self._closed = True
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(child.kill() for child in (*self._idle, *self._busy)))
        self._idle.clear()
        self._busy.clear()

    async def _start_idle(self) -> None:
        try:
            child = await ChildProcess.start(self._limits)
        except (ChildDied, OSError) as error:
            # The next lease tries again and tells its job.
            logger.error("a child process could not be started: %s", error)
            return
        if self._closed:
            await child.kill()
        else:
            self._idle.append(child)
