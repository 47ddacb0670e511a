"""What this door answers, as pydantic models: the answers are made from them, and so is their description in OpenAPI.

An optional key is left out when there is nothing to say; `progress`, `logs`, `files` and `parameters` are always there."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, Literal, TypeVar

from pydantic import BaseModel, Field
from starlette.responses import Response

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus

Data = TypeVar("Data")

JSON_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class RestStatus(StrEnum):
    """The four words this door knows; a cancelled job reads `failed`, with error.code JOB_CANCELLED."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @classmethod
    def of(cls, status: JobStatus) -> "RestStatus":
        return cls.FAILED if status is JobStatus.CANCELLED else cls(status.value)

    @property
    def meant(self) -> frozenset[JobStatus]:
        """The statuses of the service that read so here."""
        return frozenset(status for status in JobStatus if RestStatus.of(status) is self)


def absent(description: str) -> Any:
    """A field that is left out of the answer unless it is given."""
    return Field(None, description=description, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class JobProgress(BaseModel):
    """How far a job is."""

    step: str = Field(description="What is being done.")
    percent: int = Field(ge=0, le=100, description="Never goes back within an attempt.")
    message: str | None = Field(description="The same as a sentence.")


class JobLogLine(BaseModel):
    """One line of a job's log."""

    timestamp: datetime
    level: str
    message: str


class JobFile(BaseModel):
    """One file a job produced."""

    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    url: str = Field(description="Where to fetch it, from the root of this server; a key is needed there too.")


class JobError(BaseModel):
    """Why a job ended without results."""

    code: str
    message: str
    details: Any = Field(description="Null, or more about it.")


class JobEntry(BaseModel):
    """A job as lists and batches show it."""

    job_id: str
    job_type: str
    job_name: str = absent("The name it was given.")
    status: RestStatus
    created_at: datetime
    updated_at: datetime
    processing_started_at: datetime = absent("When its present attempt started.")
    completed_at: datetime = absent("When it ended, however it ended.")
    parameters: dict[str, Any] = Field(description="As given, in today's spelling; secrets read `***`.")
    progress: JobProgress
    error: JobError = absent("Why it failed.")
    batch_id: str = absent("The batch it was created in.")
    user_id: str = absent("Its owner.")
    from_cache: bool = absent("True when its results were taken from an equal earlier job.")
    attempt: int = Field(description="How often it was tried; 0 while it waits for its first.")
    files: list[JobFile]


class Job(JobEntry):
    """One job with its log and, once it has completed, its results."""

    results: dict[str, Any] = absent("The results of its job type.")
    logs: list[JobLogLine] = Field(description="The newest lines, at most 1,000, oldest first.")


class Batch(BaseModel):
    """A set of jobs created together."""

    batch_id: str
    batch_name: str = absent("The name it was given.")
    status: RestStatus
    job_count: int
    completed_count: int
    failed_count: int = Field(description="Failed and cancelled jobs.")
    jobs: list[JobEntry] = Field(description="In the order they were given, without results and logs.")


class JobEvent(BaseModel):
    """The data of one Server-Sent Event."""

    job_id: str
    status: RestStatus
    sequence: int = Field(description="Also the event's id; grows with every change.")
    timestamp: datetime
    progress: JobProgress
    results: dict[str, Any] = absent("In `completed`: the job's results.")
    error: JobError = absent("In `error`: why it ended.")


class CreatedJob(BaseModel):
    """A job just created, or the one its idempotency key created before."""

    job_id: str
    job: Job


class CreatedBatch(BaseModel):
    """A batch just created, or the one its idempotency key created before."""

    batch_id: str
    job_ids: list[str] = Field(description="In the order they were given.")
    batch: Batch


class JobPage(BaseModel):
    """One page of a list."""

    jobs: list[JobEntry]
    next_cursor: str | None = Field(description="Give it as `cursor` for the next page; null on the last.")


class UploadedFile(BaseModel):
    """A file that was sent."""

    file_id: str = Field(description="Serves as a job's `filename`, and always means this file.")
    filename: str = Field(description="Serves as a job's `filename`, too, and means the last file sent by this name.")
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="SHA-256 of its bytes, hexadecimal.")
    media_type: str = Field(description="What it is by its own first bytes.")


class Health(BaseModel):
    """Whether the service is alive or ready."""

    checks: dict[str, bool] = Field(description="What was looked at; none for the question whether it is alive.")


class Success(BaseModel, Generic[Data]):
    """What every successful answer in JSON is wrapped in."""

    status: Literal["success"]
    data: Data


class StillProcessing(BaseModel):
    """The answer for an archive that is not there yet."""

    status: Literal["processing"]
    message: str


class Fault(BaseModel):
    """What was wrong with a call."""

    code: ErrorCode
    message: str
    details: Any = Field(description="A list of {field, message} where fields are wrong, else null or more about it.")


class Refused(BaseModel):
    """What every answer that is an error looks like."""

    status: Literal["error"]
    error: Fault


class JsonAnswer(Response):
    """A model as JSON, with nothing in it that was not set."""

    media_type = "application/json"

    def __init__(self, model: BaseModel, status_code: int = 200, headers: Mapping[str, str] | None = None) -> None:
        body = model.model_dump_json(exclude_unset=True)
        super().__init__(body, status_code, {**JSON_HEADERS, **(headers or {})})


def success(data: BaseModel, headers: Mapping[str, str] | None = None) -> JsonAnswer:
    return JsonAnswer(Success[Any].model_construct(status="success", data=data), headers=headers)
