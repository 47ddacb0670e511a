"""Jobs, one at a time, and their list."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from secretary.auth import Viewer
from secretary.errors import JobNotFound
from secretary.forms import is_form
from secretary.models import JobRow
from secretary.parameters import JobRequest, parse
from secretary.rest.answers import CreatedJob, Job, JobPage, success
from secretary.rest.bodies import json_object
from secretary.rest.queries import JobQuery, query_of
from secretary.rest.showing import shown_entry, shown_job
from secretary.rest.uploads import Uploads
from secretary.service import Created, Service

MAX_LOG_LINES: Final = 1_000
REPLAYED: Final = {"Idempotency-Replayed": "true"}


class Jobs:
    """What a caller can do with a job."""

    def __init__(self, service: Service, max_body_bytes: int) -> None:
        self._jobs = service.jobs
        self._uploads = Uploads(service, max_body_bytes)
        self._max_body_bytes = max_body_bytes

    async def create(self, request: Request, viewer: Viewer) -> Response:
        created = await (self._uploads.create_job if is_form(request) else self._create)(request, viewer)
        if not created.replayed:
            job = shown_job(self._jobs, created.job, [], results=False)
            return success(CreatedJob(job_id=job.job_id, job=job))
        job = await self._whole(viewer, created.job, results=True)
        return success(CreatedJob(job_id=job.job_id, job=job), REPLAYED)

    async def _create(self, request: Request, viewer: Viewer) -> Created:
        asked = parse(JobRequest, await json_object(request, self._max_body_bytes))
        key = request.headers.get("idempotency-key")
        return await self._jobs.create(viewer, asked, idempotency_key=key)

    async def get(self, request: Request, viewer: Viewer) -> Response:
        row = await self._jobs.get(viewer, job_id_of(request))
        return success(await self._whole(viewer, row, results=True))

    async def list(self, request: Request, viewer: Viewer) -> Response:
        query = query_of(request, JobQuery)
        page = await self._jobs.page(viewer, query.wanted(self._jobs.job_types), query.page())
        cursor = page.cursors[-1].encode() if page.has_next else None
        return success(JobPage(jobs=[shown_entry(self._jobs, row) for row in page.rows], next_cursor=cursor))

    async def cancel(self, request: Request, viewer: Viewer) -> Response:
        row = await self._jobs.cancel(viewer, job_id_of(request))
        return success(await self._whole(viewer, row, results=False))

    async def retry(self, request: Request, viewer: Viewer) -> Response:
        row = await self._jobs.retry(viewer, job_id_of(request))
        return success(await self._whole(viewer, row, results=False))

    async def delete(self, request: Request, viewer: Viewer) -> Response:
        job_id = job_id_of(request)
        logs = await self._jobs.newest_logs(viewer, job_id, limit=MAX_LOG_LINES)
        row = await self._jobs.delete(viewer, job_id)
        return success(shown_job(self._jobs, row, logs, results=False))

    async def _whole(self, viewer: Viewer, row: JobRow, *, results: bool) -> Job:
        logs = await self._jobs.newest_logs(viewer, row.id, limit=MAX_LOG_LINES)
        return shown_job(self._jobs, row, logs, results=results)


def job_id_of(request: Request) -> str:
    """The job that the path names; raises JobNotFound for one that no database can be asked about."""
    job_id = str(request.path_params["job_id"])
    if "\0" in job_id:
        raise JobNotFound
    return job_id
