"""Calls that are refused at once, having changed nothing."""

from typing import ClassVar

from secretary.errors.base import FieldError, SecretaryError
from secretary.errors.codes import ErrorCode


class Refusal(SecretaryError):
    """The call was refused and changed nothing."""


class InvalidJson(Refusal):
    """The body is not valid JSON; send a JSON object."""

    code = ErrorCode.INVALID_JSON


class InvalidForm(Refusal):
    """The body is not a valid multipart form."""

    code = ErrorCode.INVALID_PARAMETERS


class FieldRefusal(Refusal):
    """A refusal that names the fields it is about."""

    def __init__(self, message: str | None = None, *, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message, details=[{"field": field.field, "message": field.message} for field in fields])
        self.fields = fields


class InvalidParameters(FieldRefusal):
    """Some parameters are wrong; `details` names each."""

    code = ErrorCode.INVALID_PARAMETERS


class UnknownJobType(FieldRefusal):
    """There is no such job type; `jobTypes` (GraphQL) lists them."""

    code = ErrorCode.UNKNOWN_JOB_TYPE


class UnknownTemplate(FieldRefusal):
    """There is no such template."""

    code = ErrorCode.UNKNOWN_TEMPLATE


class EmptyBatch(FieldRefusal):
    """A batch needs at least one job in `jobs`."""

    code = ErrorCode.EMPTY_BATCH


class Unauthorized(Refusal):
    """A valid API key is needed: send `Authorization: Bearer KEY` or `X-Secretary-Api-Key: KEY`."""

    code = ErrorCode.UNAUTHORIZED
    http_status = 401


class Forbidden(Refusal):
    """This key may not do that."""

    code = ErrorCode.FORBIDDEN
    http_status = 403


class RouteNotFound(Refusal):
    """There is no such route; GET /api/openapi.json describes them."""

    code = ErrorCode.NOT_FOUND
    http_status = 404


class MethodNotAllowed(Refusal):
    """This route does not take that method; the Allow header names those it takes."""

    code = ErrorCode.METHOD_NOT_ALLOWED
    http_status = 405


class NotFound(Refusal):
    """There is no such thing, or it belongs to another owner."""

    http_status = 404


class JobNotFound(NotFound):
    """There is no job with this id."""

    code = ErrorCode.JOB_NOT_FOUND


class BatchNotFound(NotFound):
    """There is no batch with this id."""

    code = ErrorCode.BATCH_NOT_FOUND


class DeliveryNotFound(NotFound):
    """There is no webhook delivery with this id."""

    code = ErrorCode.NOT_FOUND


class KeyNotFound(NotFound):
    """There is no API key with this id in force."""

    code = ErrorCode.NOT_FOUND


class ProducedFileNotFound(NotFound):
    """The job produced no file of this name; its `files` lists them."""

    code = ErrorCode.FILE_NOT_FOUND


class ArchiveNotAvailable(NotFound):
    """This job ended without an archive."""

    code = ErrorCode.ARCHIVE_NOT_AVAILABLE


class Expired(NotFound):
    """This was there and is kept no longer: jobs, their files and uploads expire."""

    code = ErrorCode.EXPIRED
    http_status = 410


class Conflict(Refusal):
    """The call contradicts what is already there."""

    http_status = 409

    def __init__(self, message: str | None = None, *, existing_id: str | None = None) -> None:
        super().__init__(message, details={"existing_id": existing_id} if existing_id else None)
        self.existing_id = existing_id


class IdempotencyConflict(Conflict):
    """This idempotency key was used before with another body; use a new key."""

    code = ErrorCode.IDEMPOTENCY_CONFLICT


class IllegalTransition(Conflict):
    """The job's status does not allow that."""

    code = ErrorCode.ILLEGAL_TRANSITION


class BodyTooLarge(Refusal):
    """The request body is larger than this server takes."""

    code = ErrorCode.TOO_LARGE
    http_status = 413


class UnsupportedMediaType(Refusal):
    """Send the body as `Content-Type: application/json`."""

    code = ErrorCode.UNSUPPORTED_MEDIA_TYPE
    http_status = 415


class NotADocument(UnsupportedMediaType):
    """The file is of a kind that no job reads; send a PDF or text."""

    code = ErrorCode.UNSUPPORTED_MEDIA_TYPE


class RateLimited(Refusal):
    """Too many requests; try again after the number of seconds in Retry-After."""

    code = ErrorCode.RATE_LIMITED
    http_status = 429

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The service cannot reach its database at the moment; try again shortly."""

    code = ErrorCode.UNAVAILABLE
    http_status = 503
    retry_after: ClassVar[int] = 2


class StorageUnavailable(Unavailable):
    """The service cannot reach its storage at the moment; try again shortly."""

    code = ErrorCode.UNAVAILABLE
