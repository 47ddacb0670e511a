"""A job followed live: each change one Server-Sent Event, until the job has ended."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from sse_starlette import ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from secretary.auth import Viewer, key_in_headers
from secretary.errors import JobNotFound, Unavailable
from secretary.jobs import JobStatus, Progress
from secretary.models import JobRow
from secretary.requests import log_internal_error
from secretary.rest.jobs import job_id_of
from secretary.rest.showing import shown_event
from secretary.service import Service
from secretary.streaming import SEND_SECONDS, EventStream

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS: Final = 15.0
CHECK_KEY_SECONDS: Final = 5.0

_EVENTS: Final = {
    JobStatus.PENDING: "pending",
    JobStatus.PROCESSING: "progress",
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "error",
    JobStatus.CANCELLED: "error",
}


class Events:
    """Streams of events, one per caller and job."""

    def __init__(self, service: Service, heartbeat_seconds: float) -> None:
        self._service = service
        self._heartbeat_seconds = heartbeat_seconds

    async def stream(self, request: Request, viewer: Viewer) -> Response:
        job_id = job_id_of(request)
        row = await self._service.jobs.get(viewer, job_id, results=False)
        after = _last_event_id(request)
        if row.status.ended and after == row.sequence:
            # The one answer after which a browser's EventSource does not connect again.
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        return EventStream(
            self._while_the_key_opens(self._told(viewer, job_id, after), key_in_headers(request.headers)),
            ping=self._heartbeat_seconds,
            ping_message_factory=_heartbeat,
            send_timeout=SEND_SECONDS,
            sep="\n",
            headers={"X-Content-Type-Options": "nosniff"},
        )

    async def _while_the_key_opens(
        self, events: AsyncIterator[ServerSentEvent], key: str | None
    ) -> AsyncIterator[ServerSentEvent]:
        """The events until the key they were asked for with is revoked."""
        async with aclosing(events):  # type: ignore[type-var]
            upcoming: asyncio.Task[ServerSentEvent | None] | None = None
            try:
                while await self._service.auth.still_opens(key):
                    upcoming = upcoming or asyncio.create_task(anext(events, None))
                    done, _ = await asyncio.wait({upcoming}, timeout=CHECK_KEY_SECONDS)
                    if done:
                        if (event := upcoming.result()) is None:
                            return
                        upcoming = None
                        yield event
            finally:
                if upcoming is not None:
                    upcoming.cancel()
                    await asyncio.wait({upcoming})

    async def _told(self, viewer: Viewer, job_id: str, after: int | None) -> AsyncIterator[ServerSentEvent]:
        told: Progress | None = None
        try:
            changes = self._service.watch.job(viewer, job_id, after_sequence=after)
            async with aclosing(changes):  # type: ignore[type-var]
                async for told in changes:
                    yield _event(told, await self._ended(viewer, told))
        except JobNotFound:
            if told is not None and not told.status.ended:
                yield _event(replace(told, status=JobStatus.CANCELLED, sequence=told.sequence + 1))
        except Unavailable:
            logger.warning("the database does not answer; the stream of %s ends, and its caller may resume it", job_id)
        except Exception as error:  # noqa: BLE001  # the status line is out; the caller resumes where it was
            log_internal_error(error)

    async def _ended(self, viewer: Viewer, progress: Progress) -> JobRow | None:
        if not progress.status.ended:
            return None
        try:
            return await self._service.jobs.get(viewer, progress.job_id)
        except JobNotFound:
            return None


def _event(progress: Progress, ended: JobRow | None = None) -> ServerSentEvent:
    data = shown_event(progress, ended).model_dump_json(exclude_unset=True)
    return ServerSentEvent(data, event=_EVENTS[progress.status], id=str(progress.sequence), sep="\n")


def _heartbeat() -> ServerSentEvent:
    return ServerSentEvent(comment="heartbeat", sep="\n")


def _last_event_id(request: Request) -> int | None:
    # An id that is none of ours is no reason to refuse: the caller is shown where the job stands.
    given = request.headers.get("last-event-id", "")
    return int(given) if given.isdecimal() and len(given) < 19 else None  # noqa: PLR2004  # digits of a 64-bit number
