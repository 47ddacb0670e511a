"""Expected refusals as values: the error types of the result unions, made from the service's own errors."""

from collections.abc import Callable, Iterable
from typing import Annotated

import strawberry

from secretary import errors
from secretary.errors import ErrorCode, SecretaryError
from secretary.graphql.jobs import Batch, Job
from secretary.graphql.webhooks import WebhookDelivery
from secretary.service import refused_fields

Translate = Callable[[errors.FieldError], errors.FieldError]


@strawberry.interface(description="Why a call was refused; nothing was changed.")
class Error:
    code: ErrorCode = strawberry.field(description="What kind of refusal it is.")
    message: str = strawberry.field(description="A sentence that says how to mend it.")


@strawberry.type(description="One wrong field of the input.")
class FieldError:
    path: list[str] = strawberry.field(description="Where it stands in the input, list places as numbers from 0.")
    message: str = strawberry.field(description="What is wrong with it.")

    @classmethod
    def from_error(cls, error: errors.FieldError) -> "FieldError":
        return cls(path=list(error.path), message=error.message)


@strawberry.type(description="The input is wrong.")
class InvalidInputError(Error):
    fields: list[FieldError] = strawberry.field(description="Every wrong field, a hundred of a batch at most.")


@strawberry.type(description="The call contradicts what is already there.")
class ConflictError(Error):
    existing_id: strawberry.ID | None = strawberry.field(description="What it contradicts, where that has an id.")


@strawberry.type(description="Too many calls.")
class RateLimitedError(Error):
    retry_after_seconds: int = strawberry.field(description="When to try again.")


@strawberry.type(description="This key may not do that.")
class ForbiddenError(Error):
    pass


@strawberry.type(description="There is no such thing, or it belongs to another owner.")
class NotFoundError(Error):
    pass


@strawberry.type(description="The job that was created.")
class CreateJobPayload:
    job: Job = strawberry.field(description="The job.")
    replayed: bool = strawberry.field(description="Whether the idempotency key had created it before.")


@strawberry.type(description="The batch that was created.")
class CreateBatchPayload:
    batch: Batch = strawberry.field(description="The batch.")
    replayed: bool = strawberry.field(description="Whether the idempotency key had created it before.")


@strawberry.type(description="The job after the call.")
class JobPayload:
    job: Job = strawberry.field(description="The job.")


@strawberry.type(description="The batch after the call.")
class BatchPayload:
    batch: Batch = strawberry.field(description="The batch.")


@strawberry.type(description="The job that is gone.")
class DeleteJobPayload:
    deleted_job_id: strawberry.ID = strawberry.field(description="The id it had.")
    job: Job = strawberry.field(description="The job as it last was.")


@strawberry.type(description="The delivery that is sent again.")
class RedeliverWebhookPayload:
    delivery: WebhookDelivery = strawberry.field(description="The delivery.")


CreationRefusal = InvalidInputError | ConflictError | RateLimitedError | ForbiddenError
ChangeRefusal = NotFoundError | ConflictError

CreateJobResult = Annotated[
    CreateJobPayload | InvalidInputError | ConflictError | RateLimitedError | ForbiddenError,
    strawberry.union("CreateJobResult", description="The job, or why there is none."),
]
CreateBatchResult = Annotated[
    CreateBatchPayload | InvalidInputError | ConflictError | RateLimitedError | ForbiddenError,
    strawberry.union("CreateBatchResult", description="The batch, or why there is none."),
]
JobResult = Annotated[
    JobPayload | NotFoundError | ConflictError,
    strawberry.union("JobResult", description="The job, or why it was left as it was."),
]
BatchResult = Annotated[
    BatchPayload | NotFoundError,
    strawberry.union("BatchResult", description="The batch, or why it was left as it was."),
]
DeleteJobResult = Annotated[
    DeleteJobPayload | NotFoundError,
    strawberry.union("DeleteJobResult", description="The id of the job that is gone, or why it is not."),
]


RedeliverWebhookResult = Annotated[
    RedeliverWebhookPayload | NotFoundError | ConflictError,
    strawberry.union("RedeliverWebhookResult", description="The delivery, or why it is not sent again."),
]


def creation_refused(error: SecretaryError, translate: Translate) -> CreationRefusal:
    """The refusal as a value, its fields named as in the input; what is not expected is raised again."""
    fields = [translate(field) for field in refused_fields(error)]
    # A refusal with details speaks of fields by the names of the REST door, so its sentence is made anew.
    message = _summary(fields) if fields and error.details else translate(errors.FieldError((), error.message)).message
    if isinstance(error, errors.Forbidden | errors.FileNotAllowed):
        return ForbiddenError(code=error.code, message=message)
    if isinstance(error, errors.FieldRefusal | errors.JobFailure):
        wrong = [FieldError.from_error(field) for field in fields]
        return InvalidInputError(code=error.code, message=message, fields=wrong)
    if isinstance(error, errors.Conflict):
        return _conflict(error)
    if isinstance(error, errors.RateLimited):
        return RateLimitedError(code=error.code, message=message, retry_after_seconds=error.retry_after)
    raise error


def change_refused(error: errors.NotFound | errors.Conflict) -> ChangeRefusal:
    return _conflict(error) if isinstance(error, errors.Conflict) else not_found(error)


def not_found(error: errors.NotFound) -> NotFoundError:
    return NotFoundError(code=error.code, message=error.message)


def _conflict(error: errors.Conflict) -> ConflictError:
    existing = strawberry.ID(error.existing_id) if error.existing_id else None
    return ConflictError(code=error.code, message=error.message, existing_id=existing)


def _summary(fields: Iterable[errors.FieldError]) -> str:
    first, *others = fields
    more = f" (and {len(others)} more)" if others else ""
    return f"{first.field}: {first.message}{more}"
