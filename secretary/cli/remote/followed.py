"""What is known of a job or batch that is being followed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

ENDED: Final = frozenset({"completed", "failed", "cancelled"})
COUNTS: Final = ("pending", "processing", "completed", "failed", "cancelled")


class Problem(NamedTuple):
    """Why something did not end well."""

    code: str
    message: str


@dataclass(slots=True, eq=False)
class Followed:
    """One job or batch, as the service told it last."""

    id: str
    name: str = ""
    status: str = ""
    step: str = ""
    percent: float = 0.0
    message: str = ""
    sequence: int | None = None
    timestamp: str | None = None
    problem: Problem | None = None
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_batch(self) -> bool:
        return self.id.startswith("batch-")

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def settled(self) -> bool:
        """Whether there is nothing more to be told of it, be it that it cannot be followed."""
        return self.ended or self.problem is not None

    @property
    def ended_well(self) -> bool:
        """A batch ends well when all its jobs do."""
        others = self.counts.get("failed", 0) + self.counts.get("cancelled", 0)
        return self.status == "completed" and not others and self.problem is None

    def take(self, data: Mapping[str, Any]) -> None:
        """What one event of its subscription says."""
        if self.is_batch:
            self._take_batch(data["batchProgress"])
        else:
            self._take_job(data["jobProgress"])

    def _take_job(self, state: Mapping[str, Any]) -> None:
        job = state["job"]
        self.status, self.percent = state["status"].lower(), state["percent"]
        self.sequence, self.timestamp = state["sequence"], state["timestamp"]
        self.step, self.message = state["step"], state["message"] or ""
        self.name, self.warnings = job["name"] or "", job["warnings"]
        if self.status in {"failed", "cancelled"}:
            error = job["error"] or {"code": "", "message": self.message or f"The job was {self.status}."}
            self.problem = Problem(error["code"], error["message"])

    def _take_batch(self, state: Mapping[str, Any]) -> None:
        self.status, self.percent = state["status"].lower(), state["percent"]
        self.name = state["batch"]["name"] or ""
        self.counts = {name: state[f"{name}Count"] for name in COUNTS}
        self.message = f"{self.counts['completed']} of {state['jobCount']} completed"
        if self.counts["failed"]:
            self.message += f", {self.counts['failed']} failed"

    def as_dict(self) -> dict[str, Any]:
        """For programs: what REST calls its fields, though a cancelled job reads `cancelled`."""
        about: dict[str, Any] = {"batch_id" if self.is_batch else "job_id": self.id}
        if self.name:
            about["name"] = self.name
        about |= {"status": self.status or None, "percent": self.percent}
        if self.is_batch:
            about |= {f"{name}_count": count for name, count in self.counts.items()}
        else:
            about |= {
                "step": self.step,
                "message": self.message,
                "sequence": self.sequence,
                "timestamp": self.timestamp,
            }
        if self.warnings:
            about["warnings"] = self.warnings
        if self.problem:
            about["error"] = self.problem._asdict()
        return about
