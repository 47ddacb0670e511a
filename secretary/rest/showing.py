"""From the service's rows to what this door answers."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from secretary.errors import ErrorCode, Internal, JobCancelled
from secretary.jobs import JobStatus, Progress
from secretary.models import JobLogRow, JobRow
from secretary.rest.answers import (
    Batch,
    Job,
    JobEntry,
    JobError,
    JobEvent,
    JobFile,
    JobLogLine,
    JobProgress,
    RestStatus,
)
from secretary.service import BatchView, JobService

JOBS_PATH: Final = "/api/jobs"


def shown_entry(jobs: JobService, row: JobRow) -> JobEntry:
    """A job in a list or a batch; it needs no further statement, so that 10,000 of them stay cheap."""
    return JobEntry(**_entry(jobs, row))


def shown_job(jobs: JobService, row: JobRow, logs: Sequence[JobLogRow], *, results: bool) -> Job:
    """One job whole; `results` says whether the row was read with them."""
    more = _given(results=row.results) if results else {}
    lines = [JobLogLine(timestamp=line.timestamp, level=line.level, message=line.message) for line in logs]
    return Job(**_entry(jobs, row), **more, logs=lines)


def shown_batch(jobs: JobService, view: BatchView, rows: Sequence[JobRow]) -> Batch:
    """A batch whose counts add up over the jobs it still has, so that who waits for the last one is not kept waiting by a deleted one."""
    counts = view.state.counts
    return Batch(
        **_given(batch_name=view.row.name),
        batch_id=view.row.id,
        status=RestStatus.of(view.state.status),
        job_count=counts.total,
        completed_count=counts.completed,
        failed_count=counts.failed + counts.cancelled,
        jobs=[shown_entry(jobs, row) for row in rows],
    )


def shown_event(progress: Progress, row: JobRow | None = None) -> JobEvent:
    """One change of a job; `row` is the job after its end, for the results or the error it ended with."""
    return JobEvent(
        **_outcome(progress, row),
        job_id=progress.job_id,
        status=RestStatus.of(progress.status),
        sequence=progress.sequence,
        timestamp=progress.timestamp,
        progress=JobProgress(step=progress.step, percent=progress.percent, message=progress.message),
    )


def _entry(jobs: JobService, row: JobRow) -> dict[str, Any]:
    return {
        "job_id": row.id,
        "job_type": row.job_type,
        "status": RestStatus.of(row.status),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "parameters": jobs.shown_parameters(row),
        "progress": JobProgress(step=row.step, percent=row.percent, message=row.message),
        "user_id": row.owner,
        "attempt": row.attempt,
        "files": [_file(row.id, file) for file in row.files],
        **_given(
            job_name=row.name,
            processing_started_at=row.started_at,
            completed_at=row.completed_at,
            error=_error(row),
            batch_id=row.batch_id,
            from_cache=row.from_cache or None,
        ),
    }


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _error(row: JobRow) -> JobError | None:
    if row.error_code is None:
        return None
    return JobError(code=row.error_code, message=row.error_message or "", details=row.error_details)


def _file(job_id: str, file: dict[str, Any]) -> JobFile:
    url = f"{JOBS_PATH}/{job_id}/files/{quote(file['name'])}"
    return JobFile(name=file["name"], media_type=file["media_type"], size=file["size"], url=url)


def _outcome(progress: Progress, row: JobRow | None) -> dict[str, Any]:
    if progress.status is JobStatus.COMPLETED:
        return _given(results=row and row.results)
    if progress.status.ended:
        # The job may have been deleted or tried again since; its end is still told with what is known of it.
        return {"error": (row and _error(row)) or _presumed_error(progress)}
    return {}


def _presumed_error(progress: Progress) -> JobError:
    if progress.status is JobStatus.CANCELLED:
        return JobError(code=ErrorCode.JOB_CANCELLED, message=JobCancelled().message, details=None)
    return JobError(code=ErrorCode.INTERNAL, message=progress.message or Internal().message, details=None)
