"""Jobs, one at a time: create, find, list, cancel, retry, delete."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from secretary.auth import Viewer
from secretary.errors import (
    ArchiveNotAvailable,
    Expired,
    IdempotencyConflict,
    IllegalTransition,
    JobNotFound,
    NotFound,
    ProducedFileNotFound,
    Unavailable,
)
from secretary.files import DownloadCache, ProducedFolder, StoredFile
from secretary.job_types import JobTypes
from secretary.jobs import JobStatus
from secretary.models import IdempotencyRow, JobLogRow, JobRow
from secretary.parameters import JobRequest
from secretary.progress import ProgressBus
from secretary.service.idempotency import idempotency_of
from secretary.service.policy import Policy, new_job, owner_for, room_for, shown_parameters
from secretary.service.telling import Telling, freshened
from secretary.service.uploads import UploadService
from secretary.store import JobFilter, Page, PageRequest, Store
from secretary.store.jobs import Idempotency, OrderField

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Created:
    """A job that was created, or the one an idempotency key created before (`replayed`)."""

    job: JobRow
    replayed: bool


class JobService:
    """What a caller can do with a job."""

    def __init__(
        self,
        store: Store,
        bus: ProgressBus,
        telling: Telling,
        produced: ProducedFolder,
        policy: Policy,
        uploads: UploadService,
        downloads: DownloadCache,
    ) -> None:
        self._store = store
        self._bus = bus
        self._telling = telling
        self._produced = produced
        self._policy = policy
        self._uploads = uploads
        self._downloads = downloads

    @property
    def job_types(self) -> JobTypes:
        return self._policy.job_types

    async def create(self, viewer: Viewer, request: JobRequest, *, idempotency_key: str | None = None) -> Created:
        """Create one job and ring for it.

        Raises what `policy.new_job` raises, IdempotencyConflict and RateLimited; then nothing was created.
        """
        body = request.model_dump(mode="json")
        idempotency = idempotency_of(self._policy.secrecy, idempotency_key, body)
        if idempotency is not None:
            # Before the input is looked at: the same call gives the same job, also when its file has gone since.
            earlier = await self._store.jobs.earlier(owner_for(viewer, request.user_id), idempotency.key)
            if earlier is not None:
                return Created(await self._replayed(viewer, earlier, idempotency), replayed=True)
        sent = await self._uploads.sent_for(owner_for(viewer, request.user_id), [request.model_dump()])
        job = new_job(self._policy, viewer, request, sent)
        earlier = await self._store.jobs.add(
            str(job["owner"]), [job], idempotency=idempotency, room=room_for(self._policy, viewer)
        )
        if earlier is not None and idempotency is not None:
            return Created(await self._replayed(viewer, earlier, idempotency), replayed=True)
        await self._uploads.used([job])
        row = await self._required(viewer, str(job["id"]))
        await self._telling.created([row])
        return Created(row, replayed=False)

    async def get(self, viewer: Viewer, job_id: str, *, results: bool = True) -> JobRow:
        """The job with its newest progress; raises JobNotFound, also for another owner's job."""
        row = await self._store.jobs.get(job_id, viewer.scope, results=results)
        if row is None:
            raise await self._not_there(viewer, job_id)
        return (await freshened(self._bus, [row]))[0]

    async def get_many(self, viewer: Viewer, job_ids: Sequence[str], *, results: bool = False) -> dict[str, JobRow]:
        """Those of these jobs that the viewer may see."""
        rows = await self._store.jobs.get_many(job_ids, viewer.scope, results=results)
        return {row.id: row for row in await freshened(self._bus, list(rows.values()))}

    def at_once(self, viewer: Viewer, job_id: str) -> list[JobRow] | None:
        """The job, or nothing, as `get_many` has it; None when that cannot be told without waiting, as while it runs."""
        rows = self._store.jobs.at_once(job_id, viewer.scope)
        running = rows is not None and any(row.status is JobStatus.PROCESSING for row in rows)
        return None if running else rows

    async def page(
        self, viewer: Viewer, wanted: JobFilter, request: PageRequest, order: OrderField = OrderField.CREATED_AT
    ) -> Page[JobRow]:
        """One page of the jobs the viewer may see, without their results."""
        page = await self._store.jobs.page(visible(viewer, wanted), request, order)
        return replace(page, rows=await freshened(self._bus, page.rows))

    async def count(self, viewer: Viewer, wanted: JobFilter) -> int:
        return await self._store.jobs.count(visible(viewer, wanted))

    async def logs(self, viewer: Viewer, job_id: str, *, after: int = 0, limit: int = 100) -> list[JobLogRow]:
        """Up to `limit` lines of the job's log after the line numbered `after`; raises JobNotFound."""
        await self._required(viewer, job_id)
        return await self._store.logs.after(job_id, after, limit)

    async def newest_logs(self, viewer: Viewer, job_id: str, *, limit: int) -> list[JobLogRow]:
        """The last `limit` lines of the job's log, oldest first; raises JobNotFound."""
        await self._required(viewer, job_id)
        return await self._store.logs.newest(job_id, limit)

    async def logs_of(self, job_ids: Sequence[str], *, after: int, limit: int) -> dict[str, list[JobLogRow]]:
        """Log lines of each of these jobs, in one statement; for jobs the viewer has already been shown."""
        return await self._store.logs.after_many(job_ids, after, limit)

    async def cancel(self, viewer: Viewer, job_id: str) -> JobRow:
        """Cancel a job that has not ended; raises JobNotFound or IllegalTransition."""
        row = await self._required(viewer, job_id)
        cancelled = await self._store.moves.cancel(job_id)
        if cancelled is None:
            raise IllegalTransition(f"The job is {row.status}; only a pending or processing job can be cancelled.")
        await self._telling.moved([cancelled])
        return cancelled

    async def retry(self, viewer: Viewer, job_id: str) -> JobRow:
        """Run a failed or cancelled job again; raises JobNotFound or IllegalTransition."""
        row = await self._required(viewer, job_id)
        retried = await self._store.moves.retry(job_id)
        if retried is None:
            raise IllegalTransition(f"The job is {row.status}; only a failed or cancelled job can be retried.")
        await self._telling.created([retried])
        return retried

    async def delete(self, viewer: Viewer, job_id: str) -> JobRow:
        """Remove a job and what it produced, cancelling it first if need be; the answer is the job as it last was. Raises JobNotFound."""
        row = await self._required(viewer, job_id)
        cancelled = await self._store.moves.cancel(job_id)
        if cancelled is not None:
            await self._telling.moved([cancelled])
        await self._store.gone.delete_job(job_id)
        await self._bus.forget(job_id)
        await self._remove_rest(job_id)
        await asyncio.to_thread(self._forget_download, row)
        return cancelled or row

    async def archive(self, viewer: Viewer, job_id: str) -> StoredFile | None:
        """The job's ZIP; None while the job has not ended. Raises JobNotFound or ArchiveNotAvailable."""
        row = await self._required(viewer, job_id)
        if not row.status.ended:
            return None
        found = await asyncio.to_thread(self._produced.find, row.archive)
        if row.status is not JobStatus.COMPLETED or found is None:
            raise ArchiveNotAvailable
        return found

    async def file(self, viewer: Viewer, job_id: str, name: str) -> tuple[StoredFile, str]:
        """A produced file and its media type; raises JobNotFound or ProducedFileNotFound. Only names the job lists are found."""
        row = await self._required(viewer, job_id)
        listed = next((file for file in row.files if file["name"] == name), None)
        if listed is None or row.target_dir is None:
            raise ProducedFileNotFound
        found = await asyncio.to_thread(self._produced.find, f"{row.target_dir}/{name}")
        if found is None:
            raise ProducedFileNotFound
        return found, listed["media_type"]

    def shown_parameters(self, row: JobRow) -> dict[str, object]:
        """The job's parameters without its secrets."""
        return shown_parameters(self._policy.job_types, row.job_type, row.parameters)

    def _forget_download(self, row: JobRow) -> None:
        """Who deletes a job also wants what it read to be gone; another job of the same URL fetches it again."""
        known = self._policy.job_types.known(row.job_type)
        name = known.parameters.url_field if known else None
        if name and (url := row.parameters.get(name)):
            self._downloads.forget_url(row.owner, str(url))

    async def _remove_rest(self, job_id: str) -> None:
        """Its log and files; what cannot be removed now is removed by a sweeper, for the tombstone says so."""
        try:
            await self._store.gone.remove_lines(job_id)
            await asyncio.to_thread(self._produced.remove, job_id)
            await self._store.gone.finish(job_id)
        except Unavailable as error:
            logger.warning("what is left of the deleted job %s has to wait: %s", job_id, error)

    async def _required(self, viewer: Viewer, job_id: str) -> JobRow:
        row = await self._store.jobs.get(job_id, viewer.scope, results=False)
        if row is None:
            raise await self._not_there(viewer, job_id)
        return row

    async def _not_there(self, viewer: Viewer, job_id: str) -> NotFound:
        return (
            Expired("This job is kept no longer.")
            if await self._store.gone.expired(job_id, viewer.scope)
            else JobNotFound()
        )

    async def _replayed(self, viewer: Viewer, earlier: IdempotencyRow, idempotency: Idempotency) -> JobRow:
        if not idempotency.is_of(earlier):
            raise IdempotencyConflict(existing_id=earlier.target_id)
        return await self.get(viewer, earlier.target_id)


def visible(viewer: Viewer, wanted: JobFilter) -> JobFilter:
    """`wanted` narrowed to what the viewer may see: another owner's jobs are simply not there."""
    if viewer.scope is None or wanted.owner == viewer.scope:
        return wanted
    return replace(wanted, owner=viewer.scope, statuses=wanted.statuses if wanted.owner is None else frozenset())
