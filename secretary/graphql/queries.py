"""What a caller can ask."""

import asyncio
from collections.abc import Awaitable
from enum import StrEnum
from typing import Annotated

import strawberry
from graphql import FieldNode

from secretary.graphql.context import Info
from secretary.graphql.enums import show
from secretary.graphql.jobs import Batch, BatchConnection, Job, JobConnection, Node
from secretary.graphql.overview import JobType, Queue, Viewer
from secretary.graphql.paging import After, Before, First, Last, page_request
from secretary.graphql.statistics import DEFAULT_HOURS, Hours, Statistics, checked_hours
from secretary.graphql.templates import Template
from secretary.jobs import JobStatus
from secretary.store import JobFilter as Wanted
from secretary.store import OrderField
from secretary.store.paging import DEFAULT_PAGE

AnId = Annotated[strawberry.ID, strawberry.argument(name="id", description="Its id.")]


class Direction(StrEnum):
    """Which end of a list comes first."""

    ASC = "asc"
    """The oldest first."""
    DESC = "desc"
    """The newest first."""


show(Direction, "Which end of a list comes first.", name="OrderDirection")


def _given(value: str | None) -> str | None:
    """What was given, and be it an empty text, which no job has; only what was not given is no bound."""
    return None if value is strawberry.UNSET else value


@strawberry.input(description="Which jobs are wanted; what is not given is no bound.")
class JobFilter:
    status: list[JobStatus] | None = strawberry.field(default=strawberry.UNSET, description="In any of these statuses.")
    job_type: str | None = strawberry.field(default=strawberry.UNSET, description="Of this job type.")
    batch_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Of this batch.")
    user_id: str | None = strawberry.field(default=strawberry.UNSET, description="Of this owner.")
    name_contains: str | None = strawberry.field(
        default=strawberry.UNSET, description="With this in the name, in capitals or not."
    )

    def to_wanted(self) -> Wanted:
        return Wanted(
            owner=_given(self.user_id),
            statuses=frozenset(self.status)
            if self.status is not None and self.status is not strawberry.UNSET
            else None,
            job_type=_given(self.job_type),
            batch_id=_given(self.batch_id),
            name_contains=_given(self.name_contains) or None,
        )


@strawberry.input(description="How a list of jobs is ordered.")
class JobOrder:
    field: OrderField = strawberry.field(default=OrderField.CREATED_AT, description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Newest first, unless told otherwise.")


Filter = Annotated[JobFilter | None, strawberry.argument(name="filter", description="Which jobs are wanted.")]
Order = Annotated[JobOrder | None, strawberry.argument(description="Newest first, unless told otherwise.")]


def wanted_jobs(given: JobFilter | None) -> Wanted:
    return given.to_wanted() if given else Wanted()


@strawberry.type(description="What a caller can ask.")
class Query:
    @strawberry.field(
        description="The job of this id; null when there is none, or it is another owner's.", graphql_type=Job | None
    )
    def job(self, info: Info, job_id: AnId) -> Job | Awaitable[Job | None] | None:
        found = info.context.service.jobs.at_once(info.context.viewer, job_id) if _stands_alone(info) else None
        if found is None:
            return _loaded_job(info, job_id)
        return Job.from_row(found[0]) if found else None

    @strawberry.field(description="The jobs the caller may see.")
    async def jobs(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
        last: Last = strawberry.UNSET,
        before: Before = strawberry.UNSET,
        wanted: Filter = strawberry.UNSET,
        order_by: Order = strawberry.UNSET,
    ) -> JobConnection:
        service, viewer = info.context.service.jobs, info.context.viewer
        asked, order = wanted_jobs(wanted), order_by or JobOrder()
        request = page_request(first, after, last, before, descending=order.direction is Direction.DESC)
        page = await service.page(viewer, asked, request, order.field)
        return JobConnection.from_page(page, lambda: service.count(viewer, asked))

    @strawberry.field(description="The batch of this id; null when there is none, or it is another owner's.")
    async def batch(self, info: Info, batch_id: AnId) -> Batch | None:
        row = await info.context.loaders.batches.load(batch_id)
        return Batch.from_row(row) if row else None

    @strawberry.field(description="The batches the caller may see, newest first.")
    async def batches(
        self,
        info: Info,
        first: First = DEFAULT_PAGE,
        after: After = strawberry.UNSET,
        last: Last = strawberry.UNSET,
        before: Before = strawberry.UNSET,
    ) -> BatchConnection:
        service, viewer = info.context.service.batches, info.context.viewer
        page = await service.page(viewer, page_request(first, after, last, before))
        return BatchConnection.from_page(page, lambda: service.count(viewer))

    @strawberry.field(description="The kinds of work this server takes.")
    def job_types(self, info: Info) -> list[JobType]:
        return [JobType.from_registry(job_type) for job_type in info.context.service.jobs.job_types]

    @strawberry.field(description="The templates that can be asked for, by name.")
    async def templates(self, info: Info) -> list[Template]:
        listed = await asyncio.to_thread(info.context.service.templates.list)
        return [Template.from_listed(template) for template in listed]

    @strawberry.field(description="What waits, what runs, and who works.")
    async def queue(self, info: Info) -> Queue:
        return Queue.from_state(await info.context.service.overview.queue(info.context.viewer))

    @strawberry.field(description="How many jobs there were each hour, and how long they took.")
    async def statistics(self, info: Info, hours: Hours = DEFAULT_HOURS) -> Statistics:
        found = await info.context.service.overview.statistics(info.context.viewer, checked_hours(hours))
        return Statistics.from_store(found)

    @strawberry.field(description="Who is calling.")
    def viewer(self, info: Info) -> Viewer:
        return Viewer.from_key(info.context.viewer)

    @strawberry.field(description="The job or batch of this id; null when there is none, or it is another owner's.")
    async def node(self, info: Info, node_id: AnId) -> Node | None:
        if node_id.startswith("batch-"):
            row = await info.context.loaders.batches.load(node_id)
            return Batch.from_row(row) if row else None
        return await _loaded_job(info, node_id)


def _stands_alone(info: Info) -> bool:
    """Whether the operation asks for one thing only, so that waiting a round for others to look up with it gains nothing."""
    selections = info._raw_info.operation.selection_set.selections  # noqa: SLF001
    return len(selections) == 1 and isinstance(selections[0], FieldNode)


async def _loaded_job(info: Info, job_id: str) -> Job | None:
    row = await info.context.loaders.jobs.load(job_id)
    return Job.from_row(row) if row else None
