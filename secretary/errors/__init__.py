"""Every way a call or a job can be refused, as one tree with two doors: REST and GraphQL read code and status from the class.

SecretaryError
├── Refusal             the caller is told at once, nothing was created
│   ├── InvalidJson 400, Unauthorized 401, Forbidden 403, MethodNotAllowed 405
│   ├── FieldRefusal: InvalidParameters, UnknownJobType, UnknownTemplate, EmptyBatch                    400
│   ├── RouteNotFound; NotFound: JobNotFound, BatchNotFound, ProducedFileNotFound, ArchiveNotAvailable  404; Expired 410
│   ├── Conflict: IdempotencyConflict, IllegalTransition                                                409
│   └── BodyTooLarge 413, UnsupportedMediaType 415, RateLimited 429, Unavailable: StorageUnavailable 503
└── JobFailure          ends a job; some of them also refuse a call at once
    ├── InvalidFile, FileMissing, FileNotAllowed, EncryptedFile, WrongPassword, FileTooLarge,
    │   TooManyPages, PageRange, UrlNotAllowed, FetchRefused,
    │   OcrUnavailable, ProviderNotConfigured, ProviderFailed, OutputInvalid
    ├── TemplateError, TimedOut, OutOfMemory, Crashed, JobCancelled, Internal, SecretUnreadable
    └── WorkerLost, FetchFailed, ProviderBusy   transient: the job is tried again
"""

from secretary.errors.base import (
    FieldError,
    SecretaryError,
)
from secretary.errors.codes import (
    ErrorCode,
)
from secretary.errors.failures import (
    Crashed,
    EncryptedFile,
    FetchFailed,
    FetchRefused,
    FileMissing,
    FileNotAllowed,
    FileTooLarge,
    Internal,
    InvalidFile,
    JobCancelled,
    JobFailure,
    OcrUnavailable,
    OutOfMemory,
    OutputInvalid,
    PageRange,
    ProviderBusy,
    ProviderFailed,
    ProviderNotConfigured,
    SecretUnreadable,
    TemplateError,
    TimedOut,
    TooManyPages,
    UrlNotAllowed,
    WorkerLost,
    WrongPassword,
)
from secretary.errors.refusals import (
    ArchiveNotAvailable,
    BatchNotFound,
    BodyTooLarge,
    Conflict,
    EmptyBatch,
    Expired,
    FieldRefusal,
    Forbidden,
    IdempotencyConflict,
    IllegalTransition,
    InvalidJson,
    InvalidParameters,
    JobNotFound,
    MethodNotAllowed,
    NotFound,
    ProducedFileNotFound,
    RateLimited,
    Refusal,
    RouteNotFound,
    StorageUnavailable,
    Unauthorized,
    Unavailable,
    UnknownJobType,
    UnknownTemplate,
    UnsupportedMediaType,
)

__all__ = [
    "ArchiveNotAvailable",
    "BatchNotFound",
    "BodyTooLarge",
    "Conflict",
    "Crashed",
    "EmptyBatch",
    "EncryptedFile",
    "ErrorCode",
    "Expired",
    "FetchFailed",
    "FetchRefused",
    "FieldError",
    "FieldRefusal",
    "FileMissing",
    "FileNotAllowed",
    "FileTooLarge",
    "Forbidden",
    "IdempotencyConflict",
    "IllegalTransition",
    "Internal",
    "InvalidFile",
    "InvalidJson",
    "InvalidParameters",
    "JobCancelled",
    "JobFailure",
    "JobNotFound",
    "MethodNotAllowed",
    "NotFound",
    "OcrUnavailable",
    "OutOfMemory",
    "OutputInvalid",
    "PageRange",
    "ProducedFileNotFound",
    "ProviderBusy",
    "ProviderFailed",
    "ProviderNotConfigured",
    "RateLimited",
    "Refusal",
    "RouteNotFound",
    "SecretUnreadable",
    "SecretaryError",
    "StorageUnavailable",
    "TemplateError",
    "TimedOut",
    "TooManyPages",
    "Unauthorized",
    "Unavailable",
    "UnknownJobType",
    "UnknownTemplate",
    "UnsupportedMediaType",
    "UrlNotAllowed",
    "WorkerLost",
    "WrongPassword",
]
