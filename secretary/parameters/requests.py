"""What a caller asks for, the same for both doors: one job, or a batch of them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from secretary.jobs import MAX_ATTEMPTS, PRIORITY_LIMIT
from secretary.parameters.webhook import Webhook


class JobRequest(BaseModel):
    """One job to create."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    job_type: str = Field(min_length=1, max_length=100, description="The job type, such as pdf.")
    parameters: dict[str, Any] = Field(description="What this job type takes; see jobTypes.")
    job_name: str | None = Field(None, max_length=500, description="A name to find the job by.")
    user_id: str | None = Field(
        None, min_length=1, max_length=200, description="The owner; only an admin key may name another."
    )
    priority: int = Field(0, ge=-PRIORITY_LIMIT, le=PRIORITY_LIMIT, description="Higher runs earlier.")
    max_attempts: int = Field(3, ge=1, le=MAX_ATTEMPTS, description="How often a transient failure is tried in all.")


class BatchRequest(BaseModel):
    """A named set of jobs to create together, or not at all."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    batch_name: str | None = Field(None, max_length=500, description="A name to find the batch by.")
    webhook: Webhook | None = Field(None, description="Who is told, once, when the batch has ended.")
    jobs: list[Any] = Field(description="The jobs, each shaped like a single one; 1 to 10,000.")
