"""Batches: created in one call, followed as one."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from secretary.auth import Viewer
from secretary.errors import BatchNotFound
from secretary.parameters import BatchRequest, parse
from secretary.rest.answers import Batch, CreatedBatch, success
from secretary.rest.bodies import json_object
from secretary.rest.jobs import REPLAYED
from secretary.rest.showing import shown_batch
from secretary.service import BatchView, Service


class Batches:
    """What a caller can do with a batch."""

    def __init__(self, service: Service, max_body_bytes: int) -> None:
        self._batches = service.batches
        self._jobs = service.jobs
        self._max_body_bytes = max_body_bytes

    async def create(self, request: Request, viewer: Viewer) -> Response:
        asked = parse(BatchRequest, await json_object(request, self._max_body_bytes))
        key = request.headers.get("idempotency-key")
        view = await self._batches.create(viewer, asked, idempotency_key=key)
        batch = await self._whole(viewer, view)
        job_ids = [job.job_id for job in batch.jobs]
        created = CreatedBatch(batch_id=batch.batch_id, job_ids=job_ids, batch=batch)
        return success(created, REPLAYED if view.replayed else None)

    async def get(self, request: Request, viewer: Viewer) -> Response:
        batch_id = str(request.path_params["batch_id"])
        if "\0" in batch_id:
            raise BatchNotFound
        return success(await self._whole(viewer, await self._batches.get(viewer, batch_id)))

    async def _whole(self, viewer: Viewer, view: BatchView) -> Batch:
        rows = await self._batches.jobs(viewer, view.row.id)
        # In a thread, since ten thousand jobs take long enough for live streams to stutter.
        return await asyncio.to_thread(shown_batch, self._jobs, view, rows)
