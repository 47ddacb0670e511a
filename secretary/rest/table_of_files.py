"""The part of the table that is about files: those that callers send, and those that jobs produce."""

from typing import Final

from secretary.errors import (
    ArchiveNotAvailable,
    BodyTooLarge,
    Expired,
    Forbidden,
    InvalidParameters,
    JobNotFound,
    ProducedFileNotFound,
    UnsupportedMediaType,
)
from secretary.rest.answers import StillProcessing, Success, UploadedFile
from secretary.rest.files import Files
from secretary.rest.operations import Answered, Keyed, Operation
from secretary.rest.ranges import RangeNotSatisfiable
from secretary.rest.uploads import Uploads
from secretary.service import Service

_CACHED: Final = {
    "Range": "The bytes wanted, such as `bytes=0-99`.",
    "If-Range": "Send the range only if this is still the ETag.",
    "If-None-Match": "The ETag of what the caller has.",
}
_FILE_HEADERS: Final = {"Content-Disposition": "The file's name.", "ETag": "Changes with the file."}
_FILE: Final = {"type": "string", "contentMediaType": "application/octet-stream", "description": "The file."}
_FILE_FORM: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": _FILE,
        "user_id": {"type": "string", "description": "The owner; only an admin key may name another."},
    },
}
JOB_FORM: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": _FILE,
        "job_type": {"type": "string", "default": "pdf", "description": "The job type."},
        "parameters": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "Parameters as a JSON object.",
        },
    },
    "additionalProperties": {"type": "string", "description": "Any other field of a job, or one of its parameters."},
}


def uploaded(service: Service, uploads: Uploads) -> list[Operation]:
    return [
        Operation(
            method="POST",
            path="/api/files",
            also=("/api/files/",),
            name="uploadFile",
            summary="Send a PDF or text for later jobs",
            answer=Keyed(service.auth, uploads.create),
            form=_FILE_FORM,
            answers={200: Answered("The file; the same id for the same bytes and name.", Success[UploadedFile])},
            refusals=(Forbidden, InvalidParameters, BodyTooLarge, UnsupportedMediaType),
        )
    ]


def produced(service: Service, files: Files) -> list[Operation]:
    kept = {304: Answered("The caller has it already.")}
    return [
        Operation(
            method="GET",
            path="/api/jobs/{job_id}/download-archive",
            name="downloadArchive",
            summary="A ZIP file of everything the job produced",
            answer=Keyed(service.auth, files.archive),
            headers=_CACHED,
            answers={
                200: Answered("The archive.", media_type="application/zip", headers=_FILE_HEADERS),
                202: Answered("The job has not ended yet.", StillProcessing),
                206: Answered("The bytes asked for.", media_type="application/zip", headers=_FILE_HEADERS),
                **kept,
            },
            refusals=(JobNotFound, Expired, ArchiveNotAvailable, RangeNotSatisfiable),
        ),
        Operation(
            method="GET",
            path="/api/jobs/{job_id}/files/{name:path}",
            name="downloadFile",
            summary="One produced file",
            answer=Keyed(service.auth, files.one),
            headers=_CACHED,
            answers={
                200: Answered("The file.", media_type="*/*", headers=_FILE_HEADERS),
                206: Answered("The bytes asked for.", media_type="*/*", headers=_FILE_HEADERS),
                **kept,
            },
            refusals=(JobNotFound, Expired, ProducedFileNotFound, RangeNotSatisfiable),
        ),
    ]
