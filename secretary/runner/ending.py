"""How an attempt ends: each way is one write that its claim fences, and is told once that is committed."""

import asyncio
import logging
from datetime import datetime
from typing import Any

from secretary.files import ProducedFolder, Published, WorkingFolder
from secretary.jobs import JobStatus, retry_delay
from secretary.models import JobRow
from secretary.runner.attempt import Failure
from secretary.runner.reporter import Reporter
from secretary.runner.writing import until_written
from secretary.sandbox import Done
from secretary.store import Claim, Claims

logger = logging.getLogger(__name__)


class Ending:
    """The end of one attempt."""

    def __init__(
        self,
        claim: Claim,
        row: JobRow,
        reporter: Reporter,
        claims: Claims,
        produced: ProducedFolder,
        *,
        retry_seconds: float,
    ) -> None:
        self._claim = claim
        self._row = row
        self._reporter = reporter
        self._claims = claims
        self._produced = produced
        self._retry_seconds = retry_seconds

    async def complete(self, done: Done, working: WorkingFolder, *, from_cache: bool = False) -> Published | None:
        """End it as completed. Where its files are now; None when the job was no longer this worker's."""
        published = await self._publish(working)
        self._reporter.log("info", "Completed with the results of an equal earlier job" if from_cache else "Completed")
        values = {
            "step": "completed",
            "percent": 100,
            "message": "Completed",
            "sequence": self._reporter.next_sequence(),
            "results": _placed(done, published),
            "warnings": done.warnings,
            "files": done.files,
            "stored_bytes": _size(done.files, published),
            "target_dir": published.target_dir,
            "archive": published.archive,
            "from_cache": from_cache,
        }
        lines = self._reporter.take_lines()
        ended = await until_written(lambda: self._claims.complete(self._claim, values, lines))
        if ended is None:
            logger.warning("job %s was no longer this worker's at its end; its results were dropped", self._row.id)
            await asyncio.to_thread(self._produced.withdraw, published)
            return None
        await self._reporter.publish_end(
            JobStatus.COMPLETED,
            ended.at,
            step="completed",
            percent=100,
            message="Completed",
            deliveries=ended.deliveries,
        )
        await asyncio.to_thread(self._produced.keep_only, self._row.id, published)
        return published

    async def fail(self, failure: Failure, working: WorkingFolder | None = None) -> None:
        """End it as failed, unless the job may be tried again; what a failed job keeps is in `working`."""
        if failure.transient and self._row.attempt < self._row.max_attempts:
            await self._try_again(failure)
            return
        self._reporter.log("error", f"{failure.code}: {failure.message}")
        values: dict[str, Any] = {
            "sequence": self._reporter.next_sequence(),
            "percent": self._reporter.percent,
            "message": failure.message,
            "error_code": failure.code,
            "error_message": failure.message,
            "error_details": failure.details,
        }
        published = None
        if failure.files and working is not None:
            published = await self._publish(working)
            values |= {
                "files": failure.files,
                "stored_bytes": _size(failure.files, published),
                "target_dir": published.target_dir,
            }
        lines = self._reporter.take_lines()
        ended = await until_written(lambda: self._claims.fail(self._claim, values, lines))
        if ended is not None:
            await self._reporter.publish_end(
                JobStatus.FAILED, ended.at, message=failure.message, deliveries=ended.deliveries
            )
        if published is not None:
            await asyncio.to_thread(self._settle, published, ended=ended is not None)

    async def give_back(self) -> None:
        """Leave the job to another worker, for this one ends; the attempt does not count."""
        self._reporter.log("info", "The worker was stopped; the job goes back to the queue.")
        sequence, lines = self._reporter.next_sequence(), self._reporter.take_lines()
        if given_at := await self._claims.give_back(self._claim, sequence, delay=0.0, lines=lines, uncount=True):
            await self._waits(given_at)

    async def _publish(self, working: WorkingFolder) -> Published:
        claim = self._claim
        return await asyncio.to_thread(self._produced.publish, working, self._row.id, claim.attempt, claim.token)

    def _settle(self, published: Published, *, ended: bool) -> None:
        if ended:
            self._produced.keep_only(self._row.id, published)
        else:
            self._produced.withdraw(published)

    async def _try_again(self, failure: Failure) -> None:
        delay = retry_delay(self._row.attempt, base=self._retry_seconds)
        tries = f"attempt {self._row.attempt} of {self._row.max_attempts}"
        self._reporter.log("warning", f"{failure.code} in {tries}: {failure.message} Trying again in {delay:.1f} s.")
        sequence, lines = self._reporter.next_sequence(), self._reporter.take_lines()
        if given_at := await until_written(
            lambda: self._claims.give_back(self._claim, sequence, delay=delay, lines=lines)
        ):
            await self._waits(given_at)

    async def _waits(self, since: datetime) -> None:
        message = "Waiting for the next attempt"
        await self._reporter.publish_end(JobStatus.PENDING, since, step="pending", percent=0, message=message)


def _placed(done: Done, published: Published) -> dict[str, Any]:
    """The results with where the files lie now: in a folder, paths in it; in a bucket, whole addresses."""
    placed = {**done.results, "target_dir": published.target_dir, "warnings": done.warnings}
    if "://" in published.target_dir and "assets" in placed:
        placed["assets"] = [f"{published.target_dir}/{name}" for name in placed["assets"]]
    return placed


def _size(files: list[dict[str, Any]], published: Published) -> int:
    """Bytes of what a job keeps, its archive included."""
    archive = published.local.archive
    return sum(int(file["size"]) for file in files) + (archive.stat().st_size if archive.exists() else 0)
