"""The parts of a job: why it failed, what it produced, what it logged."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

import strawberry
from strawberry.scalars import JSON

from secretary.errors import ErrorCode
from secretary.graphql.paging import Connection, edges_of, page_info, piece_of
from secretary.graphql.scalars import Long
from secretary.models import JobLogRow, JobRow


@strawberry.type(description="Why a job failed or was cancelled.")
class JobError:
    code: ErrorCode = strawberry.field(description="What kind of error it is.")
    message: str = strawberry.field(description="A sentence that says what to do.")
    details: JSON | None = strawberry.field(description="More about it, as the code has it.")

    @classmethod
    def from_row(cls, row: JobRow) -> "JobError | None":
        if row.error_code is None:
            return None
        # A plug-in's handler may have failed with a code of its own, which the enum cannot show.
        code = ErrorCode(row.error_code) if row.error_code in set(ErrorCode) else ErrorCode.INTERNAL
        return cls(code=code, message=row.error_message or "", details=row.error_details)


@strawberry.type(description="A file that a job produced.")
class ProducedFile:
    name: str = strawberry.field(description="Its path inside the job's folder, with `/`.")
    media_type: str = strawberry.field(description="Its media type, such as text/markdown.")
    size: Long = strawberry.field(description="Bytes.")
    url: str = strawberry.field(description="Where to fetch it with the same key, relative to this server's address.")

    @classmethod
    def from_row(cls, job_id: str, file: dict[str, Any]) -> "ProducedFile":
        url = f"/api/jobs/{quote(job_id)}/files/{quote(file['name'])}"
        return cls(name=file["name"], media_type=file["media_type"], size=Long(file["size"]), url=url)


@strawberry.type(description="One line of a job's log.")
class JobLog:
    id: strawberry.ID = strawberry.field(description="The line's id, which is its cursor too.")
    timestamp: datetime = strawberry.field(description="When it was written.")
    level: str = strawberry.field(description="debug, info, warning or error.")
    message: str = strawberry.field(description="What happened.")

    @classmethod
    def from_row(cls, row: JobLogRow) -> "JobLog":
        return cls(id=strawberry.ID(str(row.id)), timestamp=row.timestamp, level=row.level, message=row.message)


def archive_url(row: JobRow) -> str | None:
    """Where the archive of everything the job produced is fetched, if there is one."""
    return f"/api/jobs/{quote(row.id)}/download-archive" if row.archive else None


def log_page(rows: list[JobLogRow], limit: int, *, has_previous: bool) -> Connection[JobLog]:
    """A page of a log from rows asked for with one more than `limit`."""
    kept, more = piece_of(rows, limit)
    edges = edges_of(kept, lambda row: str(row.id), JobLog.from_row)
    return Connection(edges=edges, page_info=page_info(edges, has_next=more, has_previous=has_previous))
