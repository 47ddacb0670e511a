"""The table of everything this door does. The routes are built from it, and so is /api/openapi.json."""

from typing import Final

from starlette.routing import BaseRoute

from secretary.errors import (
    BatchNotFound,
    EmptyBatch,
    Expired,
    FileMissing,
    FileNotAllowed,
    FileTooLarge,
    Forbidden,
    IdempotencyConflict,
    IllegalTransition,
    InvalidFile,
    InvalidParameters,
    JobNotFound,
    ProviderNotConfigured,
    SecretaryError,
    UnknownJobType,
    UnknownTemplate,
    UploadExpired,
    UrlNotAllowed,
)
from secretary.parameters import BatchRequest, JobRequest
from secretary.rest.answers import (
    Batch,
    CreatedBatch,
    CreatedJob,
    Job,
    JobEvent,
    JobPage,
    Success,
)
from secretary.rest.batches import Batches
from secretary.rest.deliveries import Deliveries, told
from secretary.rest.events import HEARTBEAT_SECONDS, Events
from secretary.rest.files import Files
from secretary.rest.health import HealthChecks
from secretary.rest.jobs import Jobs
from secretary.rest.metrics import Metrics
from secretary.rest.operations import Answered, Keyed, Operation
from secretary.rest.queries import JobQuery
from secretary.rest.routing import routes_of
from secretary.rest.surroundings import description, surroundings
from secretary.rest.table_of_files import JOB_FORM, produced, uploaded
from secretary.rest.uploads import Uploads
from secretary.service import Service

_IDEMPOTENCY: Final = {
    "Idempotency-Key": "1 to 255 characters. The same key with the same body gives the same answer, with another body 409."
}
_RESUME: Final = {"Last-Event-ID": "The id of the last event received; the stream goes on after it."}
_REPLAYED: Final = {"Idempotency-Replayed": "`true` when the idempotency key had created it before."}
_NOT_CREATED: Final[tuple[type[SecretaryError], ...]] = (
    InvalidParameters,
    UnknownJobType,
    UnknownTemplate,
    ProviderNotConfigured,
    InvalidFile,
    Forbidden,
    FileNotAllowed,
    FileMissing,
    IdempotencyConflict,
    UploadExpired,
    FileTooLarge,
    UrlNotAllowed,
)
_STREAM: Final = """Server-Sent Events: `pending` while the job waits, `progress` while it runs, then `completed` or, for a \
failed, cancelled or deleted job, `error`; after that the stream ends. The first event is the job's present state. `id` is the \
job's sequence. A comment every 15 seconds keeps the connection alive."""


def routes(
    service: Service,
    *,
    max_body_bytes: int,
    metrics: Metrics | None = None,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> list[BaseRoute]:
    """The routes of this door; `max_body_bytes` is the largest body it takes, `metrics` what the application counts in."""
    operations = [
        # A fixed path comes before the pattern that it matches too.
        *_batches(service, Batches(service, max_body_bytes)),
        *_jobs(service, Jobs(service, max_body_bytes)),
        *uploaded(service, Uploads(service, max_body_bytes)),
        *produced(service, Files(service)),
        *told(service, Deliveries(service)),
        _stream(service, Events(service, heartbeat_seconds)),
        *surroundings(service, HealthChecks(service), metrics or Metrics(service)),
    ]
    return routes_of([*operations, description(operations, service.jobs.job_types)])


def _batches(service: Service, batches: Batches) -> list[Operation]:
    return [
        Operation(
            method="POST",
            path="/api/jobs/batch",
            also=("/api/jobs/batch/",),
            name="createBatch",
            summary="Create up to 10,000 jobs together, or none of them",
            answer=Keyed(service.auth, batches.create),
            body=BatchRequest,
            headers=_IDEMPOTENCY,
            answers={200: Answered("The batch and its jobs.", Success[CreatedBatch], headers=_REPLAYED)},
            refusals=(EmptyBatch, *_NOT_CREATED),
        ),
        Operation(
            method="GET",
            path="/api/jobs/batch/{batch_id}",
            name="getBatch",
            summary="A batch and its jobs",
            answer=Keyed(service.auth, batches.get),
            answers={200: Answered("The batch as it is.", Success[Batch])},
            refusals=(BatchNotFound, Expired),
        ),
    ]


def _jobs(service: Service, jobs: Jobs) -> list[Operation]:
    one = {200: Answered("The job as it then is.", Success[Job])}
    return [
        Operation(
            method="POST",
            path="/api/jobs/",
            also=("/api/jobs",),
            name="createJob",
            summary="Create a job",
            answer=Keyed(service.auth, jobs.create),
            body=JobRequest,
            form=JOB_FORM,
            headers=_IDEMPOTENCY,
            answers={200: Answered("The job.", Success[CreatedJob], headers=_REPLAYED)},
            refusals=_NOT_CREATED,
        ),
        Operation(
            method="GET",
            path="/api/jobs",
            also=("/api/jobs/",),
            name="listJobs",
            summary="A list of jobs, newest first",
            answer=Keyed(service.auth, jobs.list),
            query=JobQuery,
            answers={200: Answered("One page of the list.", Success[JobPage])},
            refusals=(InvalidParameters,),
        ),
        Operation(
            method="GET",
            path="/api/jobs/{job_id}",
            name="getJob",
            summary="A job",
            answer=Keyed(service.auth, jobs.get),
            answers=one,
            refusals=(JobNotFound, Expired),
        ),
        Operation(
            method="DELETE",
            path="/api/jobs/{job_id}",
            name="deleteJob",
            summary="Delete a job and what it produced, cancelling it first if need be",
            answer=Keyed(service.auth, jobs.delete),
            answers={200: Answered("The job as it last was.", Success[Job])},
            refusals=(JobNotFound, Expired),
        ),
        Operation(
            method="POST",
            path="/api/jobs/{job_id}/cancel",
            name="cancelJob",
            summary="Cancel a job that has not ended",
            answer=Keyed(service.auth, jobs.cancel),
            answers=one,
            refusals=(JobNotFound, Expired, IllegalTransition),
        ),
        Operation(
            method="POST",
            path="/api/jobs/{job_id}/retry",
            name="retryJob",
            summary="Run a failed or cancelled job again",
            answer=Keyed(service.auth, jobs.retry),
            answers=one,
            refusals=(JobNotFound, Expired, IllegalTransition),
        ),
    ]


def _stream(service: Service, events: Events) -> Operation:
    return Operation(
        method="GET",
        path="/api/jobs/{job_id}/stream",
        name="streamJob",
        summary="Follow a job live",
        answer=Keyed(service.auth, events.stream),
        headers=_RESUME,
        answers={
            200: Answered(_STREAM, JobEvent, media_type="text/event-stream"),
            204: Answered("The job has ended, and Last-Event-ID was its end: there is nothing more to tell."),
        },
        refusals=(JobNotFound, Expired),
    )
