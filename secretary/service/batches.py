"""Batches: create all or nothing, follow as one, cancel and retry together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from secretary.auth import Viewer
from secretary.errors import (
    BatchNotFound,
    EmptyBatch,
    Expired,
    FieldError,
    FieldRefusal,
    IdempotencyConflict,
    InvalidParameters,
    JobFailure,
    NotFound,
    SecretaryError,
)
from secretary.jobs import MAX_BATCH_JOBS, JobStatus, Progress, new_id
from secretary.models import BatchRow, IdempotencyRow, JobRow
from secretary.parameters import BatchRequest, JobRequest, parse
from secretary.parameters.templating import TemplateWish
from secretary.progress import ProgressBus
from secretary.service.idempotency import idempotency_of
from secretary.service.policy import (
    Policy,
    new_job,
    owner_for,
    refused_fields,
    room_for,
    sealed_webhook,
)
from secretary.service.sent_files import SentFiles
from secretary.service.telling import Telling, freshened
from secretary.service.uploads import UploadService
from secretary.store import NewBatch, Page, PageRequest, Store
from secretary.store.batches import BatchState
from secretary.store.jobs import Idempotency

MAX_REPORTED_ERRORS = 100


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch and how far it is; `replayed` when an idempotency key had created it before."""

    row: BatchRow
    state: BatchState
    replayed: bool = False


class BatchService:
    """What a caller can do with a batch."""

    def __init__(
        self, store: Store, bus: ProgressBus, telling: Telling, policy: Policy, uploads: UploadService
    ) -> None:
        self._store = store
        self._bus = bus
        self._telling = telling
        self._policy = policy
        self._uploads = uploads

    async def create(self, viewer: Viewer, request: BatchRequest, *, idempotency_key: str | None = None) -> BatchView:
        """Create all jobs of the batch, or none.

        Raises EmptyBatch, IdempotencyConflict, RateLimited, Forbidden, or a refusal whose fields start with `jobs` and the job's index.
        """
        body = request.model_dump(mode="json")
        idempotency = idempotency_of(self._policy.secrecy, idempotency_key, body)
        if idempotency is not None and (earlier := await self._earlier(viewer, request, idempotency)):
            return earlier
        # Ten thousand jobs are most of a second of validating and looking at files; live streams must not wait for it.
        sent = await self._uploads.sent_for(_named_owner(viewer, request), request.jobs)
        jobs = await asyncio.to_thread(self._new_jobs, viewer, request, sent)
        batch = NewBatch(new_id("batch"), request.batch_name, sealed_webhook(self._policy, request.webhook))
        for index, job in enumerate(jobs):
            job.update(batch_id=batch.id, batch_index=index)
        owner = _one_owner(jobs)
        found = await self._store.jobs.add(
            owner, jobs, batch=batch, idempotency=idempotency, room=room_for(self._policy, viewer)
        )
        if found is not None and idempotency is not None:
            return await self._replayed(viewer, found, idempotency)
        await self._uploads.used(jobs)
        view = await self.get(viewer, batch.id)
        self._telling.created_many([_first_state(job, view.row) for job in jobs])
        return view

    async def get(self, viewer: Viewer, batch_id: str) -> BatchView:
        """Raises BatchNotFound, also for another owner's batch."""
        row = await self._store.batches.get(batch_id, viewer.scope)
        if row is None:
            raise await self._not_there(viewer, batch_id)
        return BatchView(row, (await self._store.batches.states([batch_id]))[batch_id])

    async def get_many(self, viewer: Viewer, batch_ids: Sequence[str]) -> dict[str, BatchRow]:
        """Those of these batches that the viewer may see."""
        return await self._store.batches.get_many(batch_ids, viewer.scope)

    async def jobs_of(self, batch_ids: Sequence[str], *, after_index: int, limit: int) -> dict[str, list[JobRow]]:
        """Up to `limit` jobs of each of these batches after a place, in one statement; for batches the viewer has already been shown."""
        found = await self._store.batches.jobs_of(batch_ids, after_index=after_index, limit=limit)
        await freshened(self._bus, [row for rows in found.values() for row in rows])
        return found

    async def states(self, batch_ids: Sequence[str]) -> dict[str, BatchState]:
        """How far each of these batches is, in one statement; for batches the viewer has already been shown."""
        return await self._store.batches.states(batch_ids)

    async def page(self, viewer: Viewer, request: PageRequest) -> Page[BatchRow]:
        return await self._store.batches.page(viewer.scope, request)

    async def count(self, viewer: Viewer) -> int:
        return await self._store.batches.count(viewer.scope)

    async def jobs(
        self, viewer: Viewer, batch_id: str, *, after_index: int = -1, limit: int = MAX_BATCH_JOBS
    ) -> list[JobRow]:
        """The batch's jobs in the order they were given, without their results; raises BatchNotFound."""
        if await self._store.batches.get(batch_id, viewer.scope) is None:
            raise await self._not_there(viewer, batch_id)
        return await freshened(
            self._bus, await self._store.batches.jobs(batch_id, after_index=after_index, limit=limit)
        )

    async def cancel(self, viewer: Viewer, batch_id: str) -> BatchView:
        """Cancel every job of the batch that has not ended; raises BatchNotFound."""
        await self.get(viewer, batch_id)
        await self._telling.moved(await self._store.moves.cancel_batch(batch_id))
        return await self.get(viewer, batch_id)

    async def retry(self, viewer: Viewer, batch_id: str, *, only_failed: bool = True) -> BatchView:
        """Run the batch's failed jobs again, and the cancelled ones too unless `only_failed`; raises BatchNotFound."""
        await self.get(viewer, batch_id)
        retried = await self._store.moves.retry_batch(batch_id, only_failed=only_failed)
        await self._telling.created(retried)
        return await self.get(viewer, batch_id)

    async def _earlier(self, viewer: Viewer, request: BatchRequest, idempotency: Idempotency) -> BatchView | None:
        """What this key created before, for the owner the batch names, if it names one that can be read."""
        found = await self._store.jobs.earlier(_named_owner(viewer, request), idempotency.key)
        return await self._replayed(viewer, found, idempotency) if found else None

    async def _not_there(self, viewer: Viewer, batch_id: str) -> NotFound:
        expired = await self._store.gone.expired(batch_id, viewer.scope)
        return Expired("This batch is kept no longer.") if expired else BatchNotFound()

    async def _replayed(self, viewer: Viewer, earlier: IdempotencyRow, idempotency: Idempotency) -> BatchView:
        if not idempotency.is_of(earlier):
            raise IdempotencyConflict(existing_id=earlier.target_id)
        return replace(await self.get(viewer, earlier.target_id), replayed=True)

    def _new_jobs(self, viewer: Viewer, request: BatchRequest, sent: SentFiles) -> list[dict[str, Any]]:
        _check_size(request)
        jobs: list[dict[str, Any]] = []
        wrong: list[tuple[SecretaryError, tuple[FieldError, ...]]] = []
        known: set[TemplateWish] = set()
        for index, job in enumerate(request.jobs):
            try:
                jobs.append(new_job(self._policy, viewer, parse(JobRequest, job), sent, known=known))
            except (FieldRefusal, JobFailure) as error:
                wrong.append((error, _fields_of(error, index)))
                if len(wrong) >= MAX_REPORTED_ERRORS:
                    break
        if wrong:
            raise _refusal(wrong)
        return jobs


def _check_size(request: BatchRequest) -> None:
    if not request.jobs:
        raise EmptyBatch(fields=(FieldError(("jobs",), "must hold at least one job"),))
    if len(request.jobs) > MAX_BATCH_JOBS:
        message = f"holds {len(request.jobs):,} jobs; a batch takes at most {MAX_BATCH_JOBS:,}"
        raise InvalidParameters(f"jobs: {message}", fields=(FieldError(("jobs",), message),))


def _fields_of(error: FieldRefusal | JobFailure, index: int) -> tuple[FieldError, ...]:
    return tuple(field.under("jobs", str(index)) for field in refused_fields(error))


def _refusal(wrong: Sequence[tuple[SecretaryError, tuple[FieldError, ...]]]) -> SecretaryError:
    """One refusal for the whole batch: the jobs' own when they all have the same code, else InvalidParameters."""
    fields = tuple(field for _, fields in wrong for field in fields)
    first = fields[0]
    message = f"{first.field}: {first.message}" + (f" (and {len(fields) - 1} more)" if len(fields) > 1 else "")
    kinds = {type(error) for error, _ in wrong}
    kind = kinds.pop() if len(kinds) == 1 else InvalidParameters
    if issubclass(kind, FieldRefusal):
        return kind(message, fields=fields)
    return kind(message, details=[{"field": field.field, "message": field.message} for field in fields])


def _named_owner(viewer: Viewer, request: BatchRequest) -> str:
    """Whose batch it would become, if it names an owner that can be read; raises Forbidden."""
    first = request.jobs[0] if request.jobs else None
    user_id = first.get("user_id") if isinstance(first, dict) else None
    return owner_for(viewer, user_id if isinstance(user_id, str) else None)


def _one_owner(jobs: Sequence[dict[str, Any]]) -> str:
    owners = {str(job["owner"]) for job in jobs}
    if len(owners) > 1:
        message = "all jobs of a batch must have the same user_id"
        raise InvalidParameters(f"jobs: {message}", fields=(FieldError(("jobs",), message),))
    return owners.pop()


def _first_state(job: dict[str, Any], batch: BatchRow) -> Progress:
    return Progress(
        job_id=job["id"],
        sequence=1,
        attempt=0,
        status=JobStatus.PENDING,
        step="pending",
        percent=0,
        message="Waiting for a worker",
        timestamp=batch.created_at,
        owner=job["owner"],
        job_type=job["job_type"],
        batch_id=batch.id,
    )
