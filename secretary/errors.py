"""Every way a call or a job can be refused, as one tree with two doors: REST and GraphQL read code and status from the class.

SecretaryError
├── Refusal             the caller is told at once, nothing was created
│   ├── InvalidJson 400, Unauthorized 401, Forbidden 403, MethodNotAllowed 405
│   ├── FieldRefusal: InvalidParameters, UnknownJobType, UnknownTemplate, EmptyBatch                    400
│   ├── RouteNotFound; NotFound: JobNotFound, BatchNotFound, ProducedFileNotFound, ArchiveNotAvailable  404
│   ├── Conflict: IdempotencyConflict, IllegalTransition                                                409
│   └── BodyTooLarge 413, UnsupportedMediaType 415, RateLimited 429, Unavailable 503
└── JobFailure          ends a job; some of them also refuse a call at once
    ├── InvalidFile, FileMissing, FileNotAllowed, EncryptedFile, WrongPassword, FileTooLarge,
    │   TooManyPages, PageRange, ProviderNotConfigured
    ├── TimedOut, OutOfMemory, Crashed, JobCancelled, Internal
    └── WorkerLost, FetchFailed         transient: the job is tried again
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar


class ErrorCode(StrEnum):
    """The codes a caller may see; contract sections 2 and 5."""

    INVALID_JSON = "INVALID_JSON"
    INVALID_PARAMETERS = "INVALID_PARAMETERS"
    UNKNOWN_JOB_TYPE = "UNKNOWN_JOB_TYPE"
    UNKNOWN_TEMPLATE = "UNKNOWN_TEMPLATE"
    EMPTY_BATCH = "EMPTY_BATCH"
    UNAUTHORIZED = "UNAUTHORIZED"
    FORBIDDEN = "FORBIDDEN"
    JOB_NOT_FOUND = "JOB_NOT_FOUND"
    BATCH_NOT_FOUND = "BATCH_NOT_FOUND"
    FILE_NOT_FOUND = "FILE_NOT_FOUND"
    ARCHIVE_NOT_AVAILABLE = "ARCHIVE_NOT_AVAILABLE"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    ILLEGAL_TRANSITION = "ILLEGAL_TRANSITION"
    TOO_LARGE = "TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    RATE_LIMITED = "RATE_LIMITED"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    INTERNAL = "INTERNAL"
    UNAVAILABLE = "UNAVAILABLE"
    INVALID_FILE = "INVALID_FILE"
    FILE_NOT_ALLOWED = "FILE_NOT_ALLOWED"
    ENCRYPTED_FILE = "ENCRYPTED_FILE"
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105  # a code, no secret
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    PAGE_RANGE = "PAGE_RANGE"
    URL_NOT_ALLOWED = "URL_NOT_ALLOWED"
    FETCH_FAILED = "FETCH_FAILED"
    OCR_UNAVAILABLE = "OCR_UNAVAILABLE"
    PROVIDER_NOT_CONFIGURED = "PROVIDER_NOT_CONFIGURED"
    PROVIDER_FAILED = "PROVIDER_FAILED"
    TEMPLATE_ERROR = "TEMPLATE_ERROR"
    OUTPUT_INVALID = "OUTPUT_INVALID"
    TIMEOUT = "TIMEOUT"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    CRASHED = "CRASHED"
    WORKER_LOST = "WORKER_LOST"
    JOB_CANCELLED = "JOB_CANCELLED"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong input field: `path` from the root of the caller's input, and a sentence that says how to mend it."""

    path: tuple[str, ...]
    message: str

    @property
    def field(self) -> str:
        return ".".join(self.path)

    def under(self, *prefix: str) -> "FieldError":
        return FieldError((*prefix, *self.path), self.message)


class SecretaryError(Exception):
    """Something went wrong that a caller may read about."""

    code: ClassVar[ErrorCode]
    http_status: ClassVar[int] = 400

    def __init__(self, message: str | None = None, *, details: Any = None) -> None:
        self.message = message or (self.__doc__ or self.code).strip().splitlines()[0]
        self.details = details
        super().__init__(self.message)


class Refusal(SecretaryError):
    """The call was refused and changed nothing."""


class InvalidJson(Refusal):
    """The body is not valid JSON; send a JSON object."""

    code = ErrorCode.INVALID_JSON


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


class ProducedFileNotFound(NotFound):
    """The job produced no file of this name; its `files` lists them."""

    code = ErrorCode.FILE_NOT_FOUND


class ArchiveNotAvailable(NotFound):
    """This job ended without an archive."""

    code = ErrorCode.ARCHIVE_NOT_AVAILABLE


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


class RateLimited(Refusal):
    """Too many requests; try again after the number of seconds in Retry-After."""

    code = ErrorCode.RATE_LIMITED
    http_status = 429
    retry_after: ClassVar[int] = 1


class Unavailable(Refusal):
    """The service cannot reach its database at the moment; try again shortly."""

    code = ErrorCode.UNAVAILABLE
    http_status = 503
    retry_after: ClassVar[int] = 2


class JobFailure(SecretaryError):
    """What a handler raises to end its job: a code, a sentence that says what to do, and whether trying again can help."""

    transient: ClassVar[bool] = False


class InvalidFile(JobFailure):
    """The file is not a readable document of the expected kind."""

    code = ErrorCode.INVALID_FILE


class FileMissing(JobFailure):
    """There is no file at this path."""

    code = ErrorCode.FILE_NOT_FOUND
    http_status = 404


class FileNotAllowed(JobFailure):
    """This file is outside the folders this server may read (SECRETARY_INPUT_ROOTS)."""

    code = ErrorCode.FILE_NOT_ALLOWED
    http_status = 403


class EncryptedFile(JobFailure):
    """The document is encrypted; give its `password`."""

    code = ErrorCode.ENCRYPTED_FILE


class WrongPassword(JobFailure):
    """The `password` does not open this document."""

    code = ErrorCode.WRONG_PASSWORD


class FileTooLarge(JobFailure):
    """The file is larger than this server takes."""

    code = ErrorCode.TOO_LARGE
    http_status = 413


class TooManyPages(JobFailure):
    """The document has more pages than this server takes; ask for a part with `page_start` and `page_end`."""

    code = ErrorCode.TOO_MANY_PAGES


class PageRange(JobFailure):
    """`page_start` to `page_end` is not inside the document."""

    code = ErrorCode.PAGE_RANGE


class ProviderNotConfigured(JobFailure):
    """This needs a provider that is not configured on this server."""

    code = ErrorCode.PROVIDER_NOT_CONFIGURED


class TimedOut(JobFailure):
    """The job took longer than it may and was stopped."""

    code = ErrorCode.TIMEOUT


class OutOfMemory(JobFailure):
    """The document needs more memory than a job may use."""

    code = ErrorCode.OUT_OF_MEMORY


class Crashed(JobFailure):
    """The document made its reader crash."""

    code = ErrorCode.CRASHED


class JobCancelled(JobFailure):
    """The job was cancelled."""

    code = ErrorCode.JOB_CANCELLED


class Internal(JobFailure):
    """Something unforeseen happened; the server's log has it."""

    code = ErrorCode.INTERNAL
    http_status = 500


class WorkerLost(JobFailure):
    """The worker that ran this job fell silent."""

    code = ErrorCode.WORKER_LOST
    transient = True


class FetchFailed(JobFailure):
    """What the job needs could not be fetched at the moment."""

    code = ErrorCode.FETCH_FAILED
    transient = True
