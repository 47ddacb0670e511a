"""What ends a job, or has it tried again."""

from typing import ClassVar

from secretary.errors.base import SecretaryError
from secretary.errors.codes import ErrorCode


class JobFailure(SecretaryError):
    """What a handler raises to end its job: a code, a sentence that says what to do, and whether trying again can help."""

    transient: ClassVar[bool] = False
    keeps_files: ClassVar[bool] = False
    """Whether what the handler has written by then stays as files of the failed job."""


class InvalidFile(JobFailure):
    """The file is not a readable document of the expected kind."""

    code = ErrorCode.INVALID_FILE


class FileMissing(JobFailure):
    """There is no file at this path."""

    code = ErrorCode.FILE_NOT_FOUND
    http_status = 404


class UploadExpired(JobFailure):
    """The uploaded file is kept no longer; send it again."""

    code = ErrorCode.EXPIRED
    http_status = 410


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


class OcrUnavailable(JobFailure):
    """This server cannot read pages by OCR; its operator installs `pip install 'secretary[ocr]'`."""

    code = ErrorCode.OCR_UNAVAILABLE


class ProviderFailed(JobFailure):
    """The remote service did not do what was asked of it."""

    code = ErrorCode.PROVIDER_FAILED


class ProviderBusy(ProviderFailed):
    """The remote service cannot do it at the moment."""

    code = ErrorCode.PROVIDER_FAILED
    transient = True


class OutputInvalid(JobFailure):
    """The language model did not answer as the template asks; the job's files hold what it said."""

    code = ErrorCode.OUTPUT_INVALID
    keeps_files = True


class TemplateError(JobFailure):
    """The template cannot be read; `secretary template check FILE` says where it is wrong."""

    code = ErrorCode.TEMPLATE_ERROR

    @classmethod
    def at(cls, sentence: str, *, name: str, line: int, column: int) -> "TemplateError":
        """What is wrong at this line and column, both counted from 1; `details` has them, too."""
        return cls(
            f'Template "{name}", line {line}, column {column}: {sentence}',
            details={"template": name, "line": line, "column": column},
        )


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


class SecretUnreadable(JobFailure):
    """A secret of this job cannot be decrypted here; the operator of this server sets the same SECRETARY_SECRET_KEY everywhere."""

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


class FetchRefused(FetchFailed):
    """What the job needs is not to be had at this address."""

    code = ErrorCode.FETCH_FAILED
    transient = False


class UrlNotAllowed(JobFailure):
    """This server does not open this address."""

    code = ErrorCode.URL_NOT_ALLOWED
