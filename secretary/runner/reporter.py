"""Reports of one attempt: each is published as it comes, within a budget, and written to SQL at most once a second."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from secretary.jobs import SEQUENCE_STRIDE, JobStatus, Progress
from secretary.models import JobRow
from secretary.progress import ProgressBus
from secretary.store import Claim, Claims, LogLine, ProgressReceiver

WRITE_SECONDS: Final = 1.0
FIRST_NEWS_SECONDS: Final = 0.5
"""So much earlier than others the first report of a job with a webhook is written."""
BURST: Final = 60
REPORTS_PER_SECOND: Final = 20
"""A job may publish BURST reports at once and so many a second after; what comes faster is told as its newest state."""
LOGGED_STEPS: Final = 50
"""A handler that gives each item a step of its own does not flood the log."""


class Reporter:
    """Holds the attempt's newest state and its number in the job's sequence."""

    def __init__(
        self, claim: Claim, row: JobRow, claims: Claims, bus: ProgressBus, ring_webhooks: Callable[[], None]
    ) -> None:
        self._claim = claim
        self._row = row
        self._claims = claims
        self._bus = bus
        self._ring_webhooks = ring_webhooks
        self._receiver = ProgressReceiver.of(row)
        self.sequence = row.sequence
        self._written_sequence = row.sequence
        # A receiver is told of the way of jobs of a second or so, too, but of those that are over in a moment only the end.
        self._written_at = time.monotonic() - (FIRST_NEWS_SECONDS if self._receiver else 0.0)
        self._step = row.step
        self._percent = 0
        self._message = row.message
        self._unpublished = False
        self._budget = float(BURST)
        self._budget_at = time.monotonic()
        self._lines: list[LogLine] = []
        self._steps: set[str] = set()
        self.last_sign = time.monotonic()

    async def report(self, step: str, percent: int, message: str) -> None:
        """The handler stands here now. Percent never goes back within the attempt."""
        self.last_sign = time.monotonic()
        if step == "initializing" and self._percent:
            # A child begins when its input has been fetched, or begins anew; the job does not.
            return
        if (step, max(percent, self._percent), message) == (self._step, self._percent, self._message):
            return
        new_step = step != self._step
        self._step = step[:100]
        self._percent = max(self._percent, min(percent, 99))
        self._message = message[:2000]
        if new_step:
            self._log_step()
        self._unpublished = True
        await self._publish_within_budget(forced=new_step)

    def log(self, level: str, message: str) -> None:
        """Add a line, written with the next write."""
        self.last_sign = time.monotonic()
        self._lines.append(LogLine(datetime.now(UTC), level, message[:10_000]))

    def _log_step(self) -> None:
        """The log has each step once, as it begins."""
        if self._step not in self._steps and len(self._steps) < LOGGED_STEPS:
            self._steps.add(self._step)
            self.log("info", f"{self._step}: {self._message}")

    async def tick(self) -> bool:
        """Publish what is left over and write what is due; False when the claim is no longer held."""
        if self._unpublished:
            await self._publish_within_budget(forced=False)
        due = time.monotonic() - self._written_at >= WRITE_SECONDS
        if not due or (self.sequence == self._written_sequence and not self._lines):
            return True
        return await self._write()

    def take_lines(self) -> list[LogLine]:
        """The lines not yet written, for the write that ends the attempt."""
        lines, self._lines = self._lines, []
        return lines

    def next_sequence(self) -> int:
        self.sequence += 1
        return self.sequence

    async def publish_claim(self) -> None:
        """Tell that the attempt has begun."""
        await self._bus.publish(self._state(JobStatus.PROCESSING, self._row.updated_at))

    async def publish_end(
        self,
        status: JobStatus,
        at: datetime,
        *,
        step: str | None = None,
        percent: int | None = None,
        message: str,
        deliveries: int = 0,
    ) -> None:
        """Tell the attempt's end, once it is committed under the number `next_sequence` gave, with the row's own instant."""
        if deliveries:
            self._ring_webhooks()
        self._step = step or self._step
        self._percent = self._percent if percent is None else percent
        self._message = message
        await self._bus.publish(self._state(status, at))
        await self._bus.publish_log(self._row.id)

    @property
    def percent(self) -> int:
        return self._percent

    async def _publish_within_budget(self, *, forced: bool) -> None:
        now = time.monotonic()
        self._budget = min(BURST, self._budget + (now - self._budget_at) * REPORTS_PER_SECOND)
        self._budget_at = now
        # The number must stay below what a cancel adds to the written one, or the cancel would look older than a report.
        room = self.sequence - self._written_sequence < SEQUENCE_STRIDE - 2
        if room and (forced or self._budget >= 1):
            self._budget -= 1
            self._unpublished = False
            self.sequence += 1
            await self._bus.publish(self._state(JobStatus.PROCESSING))

    async def _write(self) -> bool:
        self._written_at = time.monotonic()
        values: dict[str, Any] = {
            "step": self._step,
            "percent": self._percent,
            "message": self._message,
            "sequence": self.sequence,
        }
        lines = self.take_lines()
        sequence = self.sequence
        if await self._claims.record(self._claim, values, lines, receiver=self._receiver) is None:
            return False
        if self._receiver is not None:
            self._ring_webhooks()
        self._written_sequence = sequence
        if lines:
            await self._bus.publish_log(self._row.id)
        return True

    def _state(self, status: JobStatus, at: datetime | None = None) -> Progress:
        return Progress(
            job_id=self._row.id,
            sequence=self.sequence,
            attempt=self._row.attempt,
            status=status,
            step=self._step,
            percent=self._percent,
            message=self._message,
            timestamp=at or datetime.now(UTC),
            owner=self._row.owner,
            job_type=self._row.job_type,
            batch_id=self._row.batch_id,
        )
