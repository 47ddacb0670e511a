"""The runner: the best due job of a queue, from its claim to its end."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from secretary.errors import ErrorCode, JobFailure, SecretaryError, Unavailable
from secretary.files import ProducedFolder, WorkingFolder, resolve_input
from secretary.job_types import JobTypes
from secretary.jobs import JobStatus, retry_delay
from secretary.models import JobRow, progress_of
from secretary.progress import ProgressBus
from secretary.providers import Providers
from secretary.runner.attempt import Attempt, ClaimLost, Failure, Interrupted, TimeLimits, internal_failure
from secretary.runner.reporter import Reporter
from secretary.sandbox import Done, Pool, Task
from secretary.store import Claim, Claims

logger = logging.getLogger(__name__)

END_SECONDS: Final = 120.0
"""How long the end of an attempt is tried to be written while the database is away. After that the lease is long gone."""


@dataclass(frozen=True, slots=True)
class RunnerLimits:
    """What jobs on this worker may use, and when a failed one is tried again."""

    time: TimeLimits
    retry_seconds: float
    max_file_bytes: int
    input_roots: tuple[Path, ...]
    providers: Providers = field(default_factory=Providers)


class Runner:
    """Runs jobs of one worker, several at once."""

    def __init__(
        self,
        *,
        worker_id: str,
        claims: Claims,
        bus: ProgressBus,
        pool: Pool,
        produced: ProducedFolder,
        job_types: JobTypes,
        limits: RunnerLimits,
    ) -> None:
        self._worker_id = worker_id
        self._claims = claims
        self._bus = bus
        self._pool = pool
        self._produced = produced
        self._job_types = job_types
        self._limits = limits
        self._running: dict[str, Attempt] = {}
        self._unknown: set[str] = set()
        self._draining = False

    async def run_next(self, queue: str) -> bool:
        """Claim the best due job and run it to the end of this attempt; False when nothing is due or the worker ends."""
        if self._draining:
            return False
        claimed = await self._claims.claim(queue, self._worker_id)
        if claimed is None:
            return False
        claim, row = claimed
        reporter = Reporter(claim, row, self._claims, self._bus)
        attempt = Attempt(row.id, reporter, self._pool, self._limits.time)
        self._running[claim.token] = attempt
        try:
            await reporter.publish_claim()
            await self._run(attempt, claim, row, reporter)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001
            # Whatever goes wrong here (a full disk, say) must end the job: nobody else will while this worker lives.
            failure = internal_failure(row.id, traceback.format_exc())
            await self._fail(claim, row, reporter, failure)
        finally:
            del self._running[claim.token]
        return True

    async def check_claims(self) -> None:
        """Stop the attempts whose claim is gone: cancelled, deleted, or taken back while this worker was silent.

        A claim held by this worker twice in a row without being run here is given back: its answer never arrived.
        """
        before = dict(self._running)
        held = await self._claims.held_by(self._worker_id)
        for token, attempt in before.items():
            if token not in held:
                attempt.stop(ClaimLost())
        unknown = held - before.keys() - self._running.keys()
        if forgotten := unknown & self._unknown:
            delay = retry_delay(1, base=self._limits.retry_seconds)
            for row in await self._claims.disown(self._worker_id, sorted(forgotten), delay=delay):
                logger.warning("job %s was claimed without this worker knowing and was given back", row.id)
                await self._bus.publish(progress_of(row))
        self._unknown = unknown

    def runs(self, job_ids: set[str]) -> bool:
        """Whether any of these jobs runs here."""
        return any(attempt.job_id in job_ids for attempt in self._running.values())

    def drain(self) -> None:
        """Take no more jobs."""
        self._draining = True

    def interrupt(self) -> None:
        """Give the running jobs back to the queue."""
        for attempt in self._running.values():
            attempt.stop(Interrupted())

    async def _run(self, attempt: Attempt, claim: Claim, row: JobRow, reporter: Reporter) -> None:
        working = await asyncio.to_thread(self._produced.begin, row.id, claim.attempt, claim.token)
        try:
            outcome = await attempt.run(self._task(row, working), start_over=self._starting_over(row, working))
            if isinstance(outcome, Done):
                await self._complete(claim, row, reporter, outcome, working)
                return
            await self._fail(claim, row, reporter, outcome)
        except ClaimLost:
            logger.info("job %s is no longer this worker's; its attempt %s was stopped", row.id, claim.attempt)
        except Interrupted:
            await self._give_back(claim, reporter)
        except JobFailure as failure:
            await self._fail(claim, row, reporter, Failure.of(failure))
        except SecretaryError as error:
            await self._fail(claim, row, reporter, Failure(error.code, error.message, error.details, transient=False))
        finally:
            await asyncio.to_thread(self._produced.discard, working)

    def _task(self, row: JobRow, working: WorkingFolder) -> Task:
        job_type = self._job_types.get(row.job_type)
        filename = row.parameters.get(job_type.parameters.input_field or "")
        source = filename and resolve_input(filename, self._limits.input_roots, max_bytes=self._limits.max_file_bytes)
        return Task(
            row.job_type,
            row.parameters,
            str(source) if source else None,
            str(working.files),
            str(working.archive),
            self._limits.providers.model_dump(),
        )

    def _starting_over(self, row: JobRow, working: WorkingFolder) -> Callable[[], Awaitable[None]] | None:
        if not self._job_types.get(row.job_type).careful:
            return None
        return lambda: asyncio.to_thread(self._produced.empty, working)

    async def _complete(
        self, claim: Claim, row: JobRow, reporter: Reporter, done: Done, working: WorkingFolder
    ) -> None:
        published = await asyncio.to_thread(self._produced.publish, working, row.id, claim.attempt, claim.token)
        reporter.log("info", "Completed")
        values = {
            "step": "completed",
            "percent": 100,
            "message": "Completed",
            "sequence": reporter.next_sequence(),
            "results": {**done.results, "target_dir": str(published.files), "warnings": done.warnings},
            "warnings": done.warnings,
            "files": done.files,
            "target_dir": str(published.files),
            "archive": str(published.archive),
        }
        lines = reporter.take_lines()
        if not await _until_written(lambda: self._claims.complete(claim, values, lines)):
            logger.warning("job %s was no longer this worker's at its end; its results were dropped", row.id)
            await asyncio.to_thread(self._produced.discard, published)
            return
        await reporter.publish_end(JobStatus.COMPLETED, step="completed", percent=100, message="Completed")
        await asyncio.to_thread(self._produced.keep_only, row.id, published)

    async def _fail(self, claim: Claim, row: JobRow, reporter: Reporter, failure: Failure) -> None:
        if failure.transient and row.attempt < row.max_attempts:
            await self._try_again(claim, row, reporter, failure)
            return
        reporter.log("error", f"{failure.code}: {failure.message}")
        values: dict[str, Any] = {
            "sequence": reporter.next_sequence(),
            "percent": reporter.percent,
            "message": failure.message,
            "error_code": failure.code,
            "error_message": failure.message,
            "error_details": failure.details,
        }
        lines = reporter.take_lines()
        if await _until_written(lambda: self._claims.fail(claim, values, lines)):
            await reporter.publish_end(JobStatus.FAILED, message=failure.message)

    async def _try_again(self, claim: Claim, row: JobRow, reporter: Reporter, failure: Failure) -> None:
        delay = retry_delay(row.attempt, base=self._limits.retry_seconds)
        tries = f"attempt {row.attempt} of {row.max_attempts}"
        reporter.log("warning", f"{failure.code} in {tries}: {failure.message} Trying again in {delay:.1f} s.")
        sequence, lines = reporter.next_sequence(), reporter.take_lines()
        if await _until_written(lambda: self._claims.give_back(claim, sequence, delay=delay, lines=lines)):
            await reporter.publish_end(
                JobStatus.PENDING, step="pending", percent=0, message="Waiting for the next attempt"
            )

    async def _give_back(self, claim: Claim, reporter: Reporter) -> None:
        reporter.log("info", "The worker was stopped; the job goes back to the queue.")
        sequence, lines = reporter.next_sequence(), reporter.take_lines()
        if await self._claims.give_back(claim, sequence, delay=0.0, lines=lines, uncount=True):
            await reporter.publish_end(
                JobStatus.PENDING, step="pending", percent=0, message="Waiting for the next attempt"
            )


async def _until_written(write: Any) -> bool:
    """Try a write until the database answers: finished work is not thrown away because it was away for a moment."""
    deadline = asyncio.get_running_loop().time() + END_SECONDS
    while True:
        try:
            return bool(await write())
        except Unavailable:
            if asyncio.get_running_loop().time() > deadline:
                raise
            logger.warning("the end of an attempt cannot be written yet: %s", ErrorCode.UNAVAILABLE)
            await asyncio.sleep(0.5)
