"""One attempt at a job: its child, its limits of time, and whether the claim is still held."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from secretary.errors import ErrorCode, JobFailure, TimedOut, Unavailable
from secretary.jobs import new_id
from secretary.runner.reporter import Reporter
from secretary.sandbox import ChildDied, ChildProcess, Done, Failed, Logged, Pool, Reported, Task

logger = logging.getLogger(__name__)

T = TypeVar("T")

TICK_SECONDS: Final = 0.1


class ClaimLost(Exception):
    """The job was cancelled, deleted or taken back: whatever this attempt still does, it may not write."""


class Interrupted(Exception):
    """This worker ends; the job goes back to the queue."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed, as its owner may read it."""

    code: str
    message: str
    details: Any
    transient: bool
    by_input: bool = False
    """The input ended the process that read it, or held it up: a handler that knows a careful way may try that."""
    files: list[dict[str, Any]] = field(default_factory=list)
    """What the failed job keeps of the files it wrote."""

    @classmethod
    def of(cls, error: JobFailure, *, by_input: bool = False) -> "Failure":
        return cls(error.code, error.message, error.details, error.transient, by_input)


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds a job may take in all, and seconds it may be silent."""

    job_seconds: float
    silence_seconds: float


class Attempt:
    """Runs one task in a child and ends with Done or a Failure; raises ClaimLost or Interrupted, the child dead by then."""

    def __init__(self, job_id: str, reporter: Reporter, limits: TimeLimits) -> None:
        self.job_id = job_id
        self._reporter = reporter
        self._limits = limits
        self._begun = time.monotonic()
        self._stopped: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    def stop(self, reason: Exception) -> None:
        """End the attempt with `reason`, a ClaimLost or Interrupted."""
        if not self._stopped.done():
            self._stopped.set_result(reason)

    async def report(self, step: str, percent: int, message: str) -> None:
        """Tell where the attempt stands."""
        await self._reporter.report(step, percent, message)

    async def here(self, work: Coroutine[Any, Any, T]) -> T | Failure:
        """Do work of this process as a part of the attempt: cancelled when that is stopped, and ended by its limits of time."""
        working = asyncio.create_task(work)
        ticking = asyncio.create_task(self._tick())
        try:
            waiting: set[asyncio.Future[Any]] = {working, ticking, self._stopped}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return self._outcome(working, ticking)
        finally:
            working.cancel()
            ticking.cancel()
            await asyncio.gather(working, ticking, return_exceptions=True)

    async def run(
        self, task: Task, pool: Pool, *, start_over: Callable[[], Awaitable[None]] | None = None
    ) -> Done | Failure:
        """Run the task; with `start_over`, which undoes what was written, an input that ended its process is read carefully."""
        outcome = await self._try(task, pool)
        if start_over is None or not (isinstance(outcome, Failure) and outcome.by_input):
            return outcome
        self._reporter.log("warning", f"{outcome.code} while reading the input; it is read once more, each page apart.")
        await start_over()
        self._reporter.last_sign = time.monotonic()
        return await self._try(replace(task, careful=True), pool)

    async def _try(self, task: Task, pool: Pool) -> Done | Failure:
        try:
            child = await pool.lease()
        except ChildDied as died:
            return Failure.of(self._told(died))
        reading = asyncio.create_task(self._read(child, task))
        ticking = asyncio.create_task(self._tick())
        try:
            waiting: set[asyncio.Future[Any]] = {reading, ticking, self._stopped}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return self._outcome(reading, ticking)
        finally:
            await self._let_go(pool, child, reading, ticking)

    def _outcome(self, working: asyncio.Task[T], ticking: asyncio.Task[Failure]) -> T | Failure:
        if self._stopped.done():
            raise self._stopped.result()
        if working.done():
            return working.result()
        return ticking.result()

    async def _let_go(
        self,
        pool: Pool,
        child: ChildProcess,
        reading: asyncio.Task[Done | Failure],
        ticking: asyncio.Task[Failure],
    ) -> None:
        ended_well = (
            reading.done() and not reading.cancelled() and reading.exception() is None and not self._stopped.done()
        )
        result = reading.result() if ended_well else None
        for task in (reading, ticking):
            task.cancel()
        await asyncio.gather(reading, ticking, return_exceptions=True)
        if isinstance(result, Done):
            await pool.give_back(child, resident_bytes=result.resident_bytes)
        elif isinstance(result, Failure) and child.alive and result.code not in _DANGEROUS:
            await pool.give_back(child, resident_bytes=0)
        else:
            await pool.discard(child)

    async def _read(self, child: ChildProcess, task: Task) -> Done | Failure:
        try:
            async with contextlib.aclosing(child.run(task)) as messages:  # type: ignore[type-var]
                async for message in messages:
                    if isinstance(message, Reported):
                        await self._reporter.report(message.step, message.percent, message.message)
                    elif isinstance(message, Logged):
                        self._reporter.log(message.level, message.message)
                    elif isinstance(message, Failed):
                        return self._failed(message)
                    elif isinstance(message, Done):
                        return message
        except ChildDied as died:
            return Failure.of(self._told(died), by_input=True)
        raise AssertionError("a child's messages end with Done, Failed or its death")

    def _failed(self, failed: Failed) -> Failure:
        if failed.code == ErrorCode.INTERNAL:
            return internal_failure(self.job_id, failed.traceback or "")
        if failed.traceback:
            logger.warning("%s of job %s:\n%s", failed.code, self.job_id, failed.traceback)
        # A handler that read carefully says so in its own words, and its process is as good as before.
        by_input = not failed.reusable and failed.code in (ErrorCode.OUT_OF_MEMORY, ErrorCode.CRASHED)
        return Failure(failed.code, failed.message, failed.details, failed.transient, by_input, failed.files)

    def _told(self, died: ChildDied) -> JobFailure:
        logger.warning("the child of job %s ended with %s: %s", self.job_id, died.failure.code, died.last_words.strip())
        return died.failure

    async def _tick(self) -> Failure:
        """Ends only when a limit of time is reached, and says which."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            now = time.monotonic()
            if now - self._begun > self._limits.job_seconds:
                sentence = f"The job took longer than {self._limits.job_seconds:g} seconds and was stopped."
                return Failure.of(TimedOut(sentence))
            if now - self._reporter.last_sign > self._limits.silence_seconds:
                sentence = f"The job made no progress for {self._limits.silence_seconds:g} seconds and was stopped."
                return Failure.of(TimedOut(sentence), by_input=True)
            try:
                if not await self._reporter.tick():
                    self.stop(ClaimLost())
            except Unavailable as error:
                logger.warning("progress of job %s could not be written: %s", self.job_id, error)


def internal_failure(job_id: str, trace: str) -> Failure:
    """Log what nobody foresaw under an id, and tell the owner one sentence with that id."""
    error_id = new_id("error")
    logger.error("unforeseen error %s in job %s:\n%s", error_id, job_id, trace)
    message = f"Something unforeseen happened; the server's log has it under {error_id}."
    return Failure(ErrorCode.INTERNAL, message, {"error_id": error_id}, transient=False)


_DANGEROUS: Final = frozenset({ErrorCode.INTERNAL, ErrorCode.OUT_OF_MEMORY, ErrorCode.CRASHED, ErrorCode.TOO_LARGE})
