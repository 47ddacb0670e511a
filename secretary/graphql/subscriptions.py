"""What a caller can watch: each stream tells the present state first, then every later one, and ends when there is nothing
more to come."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from enum import Enum
from typing import Annotated, Final, TypeVar, cast

import strawberry
from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from secretary.errors import BatchNotFound
from secretary.graphql.context import Info
from secretary.graphql.details import JobLog
from secretary.graphql.jobs import Batch, Job, JobProgress
from secretary.graphql.paging import number
from secretary.graphql.queries import Filter, wanted_jobs
from secretary.jobs import JobStatus
from secretary.models import JobRow, at
from secretary.service import BatchChange

Event = TypeVar("Event")

JobId = Annotated[strawberry.ID, strawberry.argument(description="The job's id.")]
BatchId = Annotated[strawberry.ID, strawberry.argument(description="The batch's id.")]
AfterSequence = Annotated[
    int | None, strawberry.argument(description="The last sequence already seen: only later states are told.")
]
AfterLine = Annotated[str | None, strawberry.argument(description="Id of the last line already seen.")]


class Sharing(Enum):
    """What equal subscriptions that share one execution are owed, whenever they join it."""

    NEWEST = "newest"
    """Each event says all there is to say: the newest first, then the later ones; a slow reader may miss some between."""
    EVERY = "every"
    """Every event since the first, however late one comes or reads."""
    LIVE = "live"
    """Every event from the joining on."""


SHARING: Final = {
    "jobProgress": Sharing.NEWEST,
    "batchProgress": Sharing.NEWEST,
    "jobLogs": Sharing.EVERY,
    "jobChanges": Sharing.LIVE,
}
"""How the executions of each subscription are shared."""


@strawberry.type(description="One state of a batch.")
class BatchProgress:
    batch_id: strawberry.ID = strawberry.field(description="The batch's id.")
    status: JobStatus = strawberry.field(description="Where the batch stands.")
    percent: float = strawberry.field(description="0 to 100: the mean over its jobs.")
    job_count: int = strawberry.field(description="How many jobs it has.")
    pending_count: int = strawberry.field(description="Jobs that wait.")
    processing_count: int = strawberry.field(description="Jobs that run.")
    completed_count: int = strawberry.field(description="Jobs that ended with results.")
    failed_count: int = strawberry.field(description="Jobs that ended with an error.")
    cancelled_count: int = strawberry.field(description="Jobs that were cancelled.")

    @strawberry.field(description="The batch as it is now.")
    async def batch(self, info: Info) -> Batch:
        row = await info.context.loaders.batches.load(self.batch_id)
        if row is None:
            raise BatchNotFound
        return Batch.from_row(row)

    @classmethod
    def from_change(cls, change: BatchChange) -> "BatchProgress":
        counts = change.state.counts
        return cls(
            batch_id=strawberry.ID(change.row.id),
            status=change.state.status,
            percent=change.state.percent,
            job_count=counts.total,
            pending_count=counts.pending,
            processing_count=counts.processing,
            completed_count=counts.completed,
            failed_count=counts.failed,
            cancelled_count=counts.cancelled,
        )


@strawberry.type(description="What a caller can watch.")
class Subscription:
    @strawberry.subscription(description="The job's present state, then every later one; ends when the job has ended.")
    async def job_progress(
        self, info: Info, job_id: JobId, after_sequence: AfterSequence = strawberry.UNSET
    ) -> AsyncGenerator[JobProgress, None]:
        seen = None if after_sequence is strawberry.UNSET else after_sequence
        service, viewer = info.context.service, info.context.viewer
        # The row is held as long as the subscription lives, so only where it is wanted.
        row: JobRow | None = await service.jobs.get(viewer, job_id, results=False) if _asks_for("job", info) else None
        async with _closing(service.watch.job(viewer, job_id, after_sequence=seen)) as stream:
            async for progress in stream:
                info.context.renew(progress.sequence)
                # The end of a job that is deleted at once is told too: with the job as it then was.
                yield JobProgress.from_progress(progress, row and at(row, progress))

    @strawberry.subscription(description="The batch's present state, then later ones; ends when all its jobs have.")
    async def batch_progress(self, info: Info, batch_id: BatchId) -> AsyncGenerator[BatchProgress, None]:
        async with _closing(info.context.service.watch.batch(info.context.viewer, batch_id)) as stream:
            async for change in stream:
                info.context.renew()
                yield BatchProgress.from_change(change)

    @strawberry.subscription(
        description="The lines of the job's log, those there and those to come; ends with the job."
    )
    async def job_logs(
        self, info: Info, job_id: JobId, after: AfterLine = strawberry.UNSET
    ) -> AsyncGenerator[JobLog, None]:
        place = number("after", after, 0)
        async with _closing(info.context.service.watch.logs(info.context.viewer, job_id, after=place)) as stream:
            async for row in stream:
                yield JobLog.from_row(row)

    @strawberry.subscription(description="Each visible job that changes from now on, as it then is; a live list.")
    async def job_changes(self, info: Info, wanted: Filter = strawberry.UNSET) -> AsyncGenerator[Job, None]:
        async with _closing(info.context.service.watch.jobs(info.context.viewer, wanted_jobs(wanted))) as stream:
            async for row in stream:
                info.context.renew()
                yield Job.from_row(row)


def _closing(events: AsyncIterator[Event]) -> contextlib.aclosing[AsyncGenerator[Event, None]]:
    """The stream, left at once when its reader leaves: only then does the watcher leave the hub."""
    return contextlib.aclosing(cast("AsyncGenerator[Event, None]", events))


def _asks_for(name: str, info: Info) -> bool:
    """Whether the field being resolved is asked for its field `name`. Read from the document, as what Strawberry makes of it is kept."""
    raw = info._raw_info  # noqa: SLF001
    return any(_selects(name, node.selection_set, raw.fragments) for node in raw.field_nodes)


def _selects(name: str, selected: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]) -> bool:
    for node in selected.selections if selected else ():
        if isinstance(node, FieldNode):
            found = node.name.value == name
        elif isinstance(node, FragmentSpreadNode):
            found = _selects(name, fragments[node.name.value].selection_set, fragments)
        else:
            found = _selects(name, cast("InlineFragmentNode", node).selection_set, fragments)
        if found:
            return True
    return False
