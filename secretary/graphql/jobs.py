"""Jobs, batches and their progress as callers see them. They refer to each other, so they stand together."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from secretary.errors import JobNotFound
from secretary.graphql.context import Info, Piece
from secretary.graphql.details import JobError, JobLog, ProducedFile, archive_url, log_page
from secretary.graphql.paging import (
    After,
    Connection,
    First,
    edges_of,
    edges_of_page,
    info_of,
    number,
    page_info,
    piece_of,
    size,
)
from secretary.graphql.results import JobResults, results_of
from secretary.graphql.webhooks import WebhookDelivery
from secretary.jobs import JobStatus, Progress
from secretary.models import BatchRow, JobRow
from secretary.store import Page
from secretary.store.batches import BatchState
from secretary.store.paging import DEFAULT_PAGE, MAX_PAGE


@strawberry.interface(description="Something with an id of its own.")
class Node:
    id: strawberry.ID = strawberry.field(description="Its id, as every other field and the REST door say it.")


@strawberry.type(description="One state of a job.")
class JobProgress:
    job_id: strawberry.ID = strawberry.field(description="The job's id.")
    sequence: int = strawberry.field(description="Grows with every change of the job; resume with afterSequence.")
    status: JobStatus = strawberry.field(description="Where the job stands.")
    step: str = strawberry.field(description="What the job is doing, by the names of its job type.")
    percent: int = strawberry.field(description="0 to 100; never goes back within an attempt.")
    message: str | None = strawberry.field(description="What it is doing, in a sentence.")
    timestamp: datetime = strawberry.field(description="When the job came to this state.")
    last_row: strawberry.Private[JobRow | None] = None

    @strawberry.field(description="The job as it is now, never older than this state.")
    async def job(self, info: Info) -> "Job":
        row = await info.context.loaders.jobs.load(self.job_id) or self.last_row
        if row is None:
            raise JobNotFound
        return Job.from_row(row)

    @classmethod
    def from_progress(cls, progress: Progress, last_row: JobRow | None = None) -> "JobProgress":
        return cls(
            last_row=last_row,
            job_id=strawberry.ID(progress.job_id),
            sequence=progress.sequence,
            status=progress.status,
            step=progress.step,
            percent=progress.percent,
            message=progress.message,
            timestamp=progress.timestamp,
        )

    @classmethod
    def from_row(cls, row: JobRow) -> "JobProgress":
        return cls(
            job_id=strawberry.ID(row.id),
            sequence=row.sequence,
            status=row.status,
            step=row.step,
            percent=row.percent,
            message=row.message,
            timestamp=row.updated_at,
        )


@strawberry.type(description="One piece of work: parameters in, results out.")
class Job(Node):
    row: strawberry.Private[JobRow]
    job_type: str = strawberry.field(description="What kind of work it is; see jobTypes.")
    name: str | None = strawberry.field(description="The name it was given.")
    status: JobStatus = strawberry.field(description="Where it stands.")
    progress: JobProgress = strawberry.field(description="How far it is.")
    error: JobError | None = strawberry.field(description="Why it failed or was cancelled.")
    warnings: list[str] = strawberry.field(description="What was only partly possible.")
    files: list[ProducedFile] = strawberry.field(description="The files it produced.")
    archive_url: str | None = strawberry.field(
        description="Where to fetch a ZIP of all its files, relative to this server."
    )
    user_id: str | None = strawberry.field(description="Its owner.")
    attempt: int = strawberry.field(description="Which try is running or was the last, from 1; 0 before the first.")
    max_attempts: int = strawberry.field(description="How often a transient failure is tried in all.")
    priority: int = strawberry.field(description="Higher runs earlier.")
    from_cache: bool = strawberry.field(description="Whether its results were taken from an equal earlier job.")
    created_at: datetime = strawberry.field(description="When it was created.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    started_at: datetime | None = strawberry.field(description="When its last attempt started.")
    completed_at: datetime | None = strawberry.field(description="When it ended, however it ended.")

    @strawberry.field(description="What it was given, as its job type names it; secrets read `***`.")
    def parameters(self, info: Info) -> JSON:
        return JSON(info.context.service.jobs.shown_parameters(self.row))

    @strawberry.field(description="What it hands out; null until it has completed.")
    async def results(self, info: Info) -> JobResults | None:
        if self.status is not JobStatus.COMPLETED:
            return None
        stored = await info.context.loaders.results.load(self.id)
        return results_of(self.job_type, stored) if stored is not None else None

    @strawberry.field(description="Its log, oldest line first.")
    async def logs(self, info: Info, first: First = MAX_PAGE, after: After = strawberry.UNSET) -> Connection[JobLog]:
        limit, place = size("first", first), number("after", after, 0)
        rows = await info.context.loaders.logs.load(Piece(self.id, place, limit + 1))
        return log_page(rows, limit, has_previous=place > 0)

    @strawberry.field(description="The batch it was created in.")
    async def batch(self, info: Info) -> "Batch | None":
        row = await info.context.loaders.batches.load(self.row.batch_id) if self.row.batch_id else None
        return Batch.from_row(row) if row else None

    @strawberry.field(description="What its webhook was told or is to be told, oldest first; the newest 50.")
    async def webhook_deliveries(self, info: Info) -> list[WebhookDelivery]:
        return [WebhookDelivery.from_delivery(found) for found in await info.context.loaders.deliveries.load(self.id)]

    @classmethod
    def from_row(cls, row: JobRow) -> "Job":
        return cls(
            row=row,
            id=strawberry.ID(row.id),
            job_type=row.job_type,
            name=row.name,
            status=row.status,
            progress=JobProgress.from_row(row),
            error=JobError.from_row(row),
            warnings=row.warnings,
            files=[ProducedFile.from_row(row.id, file) for file in row.files],
            archive_url=archive_url(row),
            user_id=row.owner,
            attempt=row.attempt,
            max_attempts=row.max_attempts,
            priority=row.priority,
            from_cache=row.from_cache,
            created_at=row.created_at,
            updated_at=row.updated_at,
            started_at=row.started_at,
            completed_at=row.completed_at,
        )


@strawberry.type(description="One page of a list of jobs.")
class JobConnection(Connection[Job]):
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are on all pages; counted only when asked for.")
    async def total_count(self) -> int:
        return await self.count()

    @classmethod
    def from_page(cls, page: Page[JobRow], count: Callable[[], Awaitable[int]]) -> "JobConnection":
        edges = edges_of_page(page, Job.from_row)
        return cls(edges=edges, page_info=info_of(page, edges), count=count)


@strawberry.type(description="A named set of jobs created together and followed together.")
class Batch(Node):
    name: str | None = strawberry.field(description="The name it was given.")
    user_id: str = strawberry.field(description="Its owner.")
    created_at: datetime = strawberry.field(description="When it was created.")

    @strawberry.field(description="How many jobs it has.")
    async def job_count(self, info: Info) -> int:
        return (await self._state(info)).counts.total

    @strawberry.field(description="Where it stands: completed when all jobs ended and at least one completed.")
    async def status(self, info: Info) -> JobStatus:
        return (await self._state(info)).status

    @strawberry.field(description="0 to 100: the mean over its jobs.")
    async def percent(self, info: Info) -> float:
        return (await self._state(info)).percent

    @strawberry.field(description="Jobs that wait.")
    async def pending_count(self, info: Info) -> int:
        return (await self._state(info)).counts.pending

    @strawberry.field(description="Jobs that run.")
    async def processing_count(self, info: Info) -> int:
        return (await self._state(info)).counts.processing

    @strawberry.field(description="Jobs that ended with results.")
    async def completed_count(self, info: Info) -> int:
        return (await self._state(info)).counts.completed

    @strawberry.field(description="Jobs that ended with an error.")
    async def failed_count(self, info: Info) -> int:
        return (await self._state(info)).counts.failed

    @strawberry.field(description="Jobs that were cancelled.")
    async def cancelled_count(self, info: Info) -> int:
        return (await self._state(info)).counts.cancelled

    @strawberry.field(description="Its jobs, in the order they were given.")
    async def jobs(self, info: Info, first: First = DEFAULT_PAGE, after: After = strawberry.UNSET) -> JobConnection:
        limit, place = size("first", first), number("after", after, -1)
        rows = await info.context.loaders.jobs_of_batch.load(Piece(self.id, place, limit + 1))
        kept, more = piece_of(rows, limit)
        edges = edges_of(kept, lambda row: str(row.batch_index), Job.from_row)
        info_of_page = page_info(edges, has_next=more, has_previous=place >= 0)

        async def count() -> int:
            return (await self._state(info)).counts.total

        return JobConnection(edges=edges, page_info=info_of_page, count=count)

    @strawberry.field(description="What its webhook was told or is to be told, oldest first; the newest 50.")
    async def webhook_deliveries(self, info: Info) -> list[WebhookDelivery]:
        return [WebhookDelivery.from_delivery(found) for found in await info.context.loaders.deliveries.load(self.id)]

    async def _state(self, info: Info) -> BatchState:
        return await info.context.loaders.states.load(self.id)

    @classmethod
    def from_row(cls, row: BatchRow) -> "Batch":
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            user_id=row.owner,
            created_at=row.created_at,
        )


@strawberry.type(description="One page of a list of batches.")
class BatchConnection(Connection[Batch]):
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are on all pages; counted only when asked for.")
    async def total_count(self) -> int:
        return await self.count()

    @classmethod
    def from_page(cls, page: Page[BatchRow], count: Callable[[], Awaitable[int]]) -> "BatchConnection":
        edges = edges_of_page(page, Batch.from_row)
        return cls(edges=edges, page_info=info_of(page, edges), count=count)
