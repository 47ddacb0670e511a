"""What a job produced: its archive, and its files one by one."""

from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response

from secretary.auth import Viewer
from secretary.rest.answers import JsonAnswer, StillProcessing
from secretary.rest.downloads import Download, download_answer
from secretary.rest.jobs import job_id_of
from secretary.service import Service


class Files:
    """What a caller can fetch."""

    def __init__(self, service: Service) -> None:
        self._jobs = service.jobs

    async def archive(self, request: Request, viewer: Viewer) -> Response:
        job_id = job_id_of(request)
        stored = await self._jobs.archive(viewer, job_id)
        if stored is None:
            waiting = StillProcessing(status="processing", message="The job has not ended yet; ask again later.")
            return JsonAnswer(waiting, 202)
        return download_answer(request, Download(stored, "application/zip", f"{job_id}.zip", saved=True))

    async def one(self, request: Request, viewer: Viewer) -> Response:
        name = str(request.path_params["name"])
        stored, media_type = await self._jobs.file(viewer, job_id_of(request), name)
        return download_answer(request, Download(stored, media_type, PurePosixPath(name).name))
