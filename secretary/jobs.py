"""Statuses and moves of jobs and batches: the rules every other layer obeys, with no I/O."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import uuid_utils

MAX_BATCH_JOBS: Final = 10_000
MAX_ATTEMPTS: Final = 20
PRIORITY_LIMIT: Final = 1_000

SEQUENCE_STRIDE: Final = 100
"""How far a move made by somebody other than the running worker raises `sequence`.

The runner publishes reports between two SQL writes, so the row's number may lag behind what subscribers saw. It never
runs ahead by this much, so a cancel or a take-back that adds it is newer than anything published before."""


class JobStatus(StrEnum):
    """Where a job stands; a retry takes `failed` and `cancelled` back to `pending`."""

    PENDING = "pending"
    """Waiting for a worker, or for the delay before its next attempt."""
    PROCESSING = "processing"
    """Claimed by a worker that shows it is alive."""
    COMPLETED = "completed"
    """Ended with results."""
    FAILED = "failed"
    """Ended with an error; `retry` runs it again."""
    CANCELLED = "cancelled"
    """Ended by its owner; `retry` runs it again."""

    @property
    def ended(self) -> bool:
        return self in ENDED


ENDED: Final = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})
CANCELLABLE: Final = frozenset({JobStatus.PENDING, JobStatus.PROCESSING})
RETRYABLE: Final = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Progress:
    """One state of a job as subscribers see it: the event, the snapshot in Redis and the row all carry these fields.

    `percent` is 0-100 and never goes back within an attempt; `sequence` grows with every change of the job's life.
    """

    job_id: str
    sequence: int
    attempt: int
    status: JobStatus
    step: str
    percent: int
    message: str | None
    timestamp: datetime
    owner: str
    job_type: str
    batch_id: str | None

    def to_json(self) -> str:
        # Field by field: dataclasses.asdict copies deeply, which was half of announcing a batch.
        state = {name: getattr(self, name) for name in _PROGRESS_FIELDS}
        state["timestamp"] = self.timestamp.timestamp()
        return json.dumps(state, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Progress":
        """Read what `to_json` wrote; raises ValueError, KeyError or TypeError on anything else."""
        state = json.loads(text)
        state["timestamp"] = datetime.fromtimestamp(state["timestamp"], UTC)
        state["status"] = JobStatus(state["status"])
        return cls(**state)


_PROGRESS_FIELDS: Final = tuple(field.name for field in fields(Progress))


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many jobs of a batch are in each status."""

    pending: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0

    @classmethod
    def of(cls, counts: Mapping[JobStatus, int]) -> "StatusCounts":
        return cls(**{status.value: counts.get(status, 0) for status in JobStatus})

    @property
    def total(self) -> int:
        return self.pending + self.processing + self.ended

    @property
    def ended(self) -> int:
        return self.completed + self.failed + self.cancelled

    @property
    def status(self) -> JobStatus:
        """The batch's own status; contract section 1. A batch whose jobs were all deleted reads `cancelled`."""
        if self.pending and self.pending == self.total:
            return JobStatus.PENDING
        if self.ended < self.total:
            return JobStatus.PROCESSING
        if self.completed:
            return JobStatus.COMPLETED
        return JobStatus.CANCELLED if self.cancelled == self.total else JobStatus.FAILED


def new_id(kind: str) -> str:
    """A new identifier `kind-UUIDv7`: unique, and sorting by the time it was made (RFC 9562)."""
    return f"{kind}-{uuid_utils.uuid7()}"


def retry_delay(attempt: int, *, base: float) -> float:
    """Seconds to wait before the next attempt after `attempt` (from 1) failed: doubling from `base`, capped at 300, with jitter.

    The jitter of 50 to 100 % keeps jobs that failed together from coming back together.
    """
    return float(min(base * 2 ** (attempt - 1), 300.0) * random.uniform(0.5, 1.0))  # noqa: S311  # no secret
