"""Watching live: register in the hub, read the present state, yield it, then what is newer, until the end."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final

from secretary.auth import Viewer
from secretary.errors import BatchNotFound, Expired, JobNotFound
from secretary.jobs import JobStatus, Progress
from secretary.models import BatchRow, JobLogRow, JobRow, progress_of
from secretary.progress import Hub, ProgressBus
from secretary.service.jobs import visible
from secretary.service.telling import freshened
from secretary.store import JobFilter, Store
from secretary.store.batches import BatchState

QUIET_SECONDS: Final = 0.25
"""The shortest time between two states of a batch or a live list; what changes in between is told as one."""

BEFORE_SECONDS: Final = 30.0
REMEMBERED_JOBS: Final = 10_000
"""Jobs of which a live list knows what it told last, so that what the net brings again is not told again."""


@dataclass(frozen=True, slots=True)
class BatchChange:
    """A batch and how far it is now."""

    row: BatchRow
    state: BatchState


class Watching:
    """The live streams. Each ends by itself when there is nothing more to tell, and unregisters however it is left."""

    def __init__(self, store: Store, bus: ProgressBus, hub: Hub) -> None:
        self._store = store
        self._bus = bus
        self._hub = hub

    @property
    def watchers(self) -> int:
        """How many watch something in this process at the moment."""
        return self._hub.watchers

    @property
    def reconnections(self) -> int:
        """How often the progress bus was lost and looked for again."""
        return self._hub.reconnections

    async def job(self, viewer: Viewer, job_id: str, *, after_sequence: int | None = None) -> AsyncIterator[Progress]:
        """The job's present state, unless it is the one numbered `after_sequence`, then every later one; ends when the job has ended.

        Raises JobNotFound, also when the job is deleted meanwhile.
        """
        with self._hub.job(job_id) as mailbox:
            present = await self._state(viewer, job_id)
            told = _told(present, after_sequence)
            if present.sequence > told:
                yield present
                told = present.sequence
            ended = present.status.ended
            while not ended:
                news = await mailbox.take() or [await self._state(viewer, job_id)]
                for progress in news:
                    if progress.sequence > told and not ended:
                        present = _no_lower(present, progress)
                        yield present
                        told, ended = progress.sequence, progress.status.ended

    async def logs(self, viewer: Viewer, job_id: str, *, after: int = 0) -> AsyncIterator[JobLogRow]:
        """The lines of the job's log after the one numbered `after`, those there and those to come; ends when the job has ended."""
        with self._hub.logs(job_id) as mailbox:
            while True:
                # The state is read before the lines, so that the last lines of a job that ends in between are not missed.
                state = await self._state(viewer, job_id)
                while lines := await self._store.logs.after(job_id, after):
                    for line in lines:
                        yield line
                    after = lines[-1].id or after
                if state.status.ended:
                    return
                await mailbox.take()

    async def batch(self, viewer: Viewer, batch_id: str) -> AsyncIterator[BatchChange]:
        """The batch's present state, then each later one; ends when all its jobs have ended. Raises BatchNotFound."""
        with self._hub.batch(batch_id) as mailbox:
            row = await self._store.batches.get(batch_id, viewer.scope)
            if row is None:
                raise Expired if await self._store.gone.expired(batch_id, viewer.scope) else BatchNotFound
            told: BatchState | None = None
            while True:
                state = (await self._store.batches.states([batch_id]))[batch_id]
                if state != told:
                    yield BatchChange(row, state)
                    told = state
                if state.status.ended:
                    return
                await asyncio.sleep(QUIET_SECONDS)
                await mailbox.take()

    async def jobs(self, viewer: Viewer, wanted: JobFilter) -> AsyncIterator[JobRow]:
        """Each visible job that changes from now on, as it then is; never ends by itself."""
        narrowed = visible(viewer, wanted)
        told: OrderedDict[str, int] = OrderedDict()
        with self._hub.every_job() as mailbox:
            # The net brings what changed shortly before, too; a live list begins now.
            for row in await self._store.jobs.changed(BEFORE_SECONDS):
                _remember(told, row)
            while True:
                news = await mailbox.take()
                ids = [p.job_id for p in news if _may_match(p, narrowed) and p.sequence > told.get(p.job_id, 0)]
                for start in range(0, len(ids), 500):
                    rows = await self._store.jobs.get_many(ids[start : start + 500], viewer.scope)
                    for row in await freshened(self._bus, list(rows.values())):
                        if _matches(row, narrowed) and row.sequence > told.get(row.id, 0):
                            yield row
                            _remember(told, row)
                await asyncio.sleep(QUIET_SECONDS)

    async def _state(self, viewer: Viewer, job_id: str) -> Progress:
        row = await self._store.jobs.get(job_id, viewer.scope, results=False)
        if row is None:
            raise Expired if await self._store.gone.expired(job_id, viewer.scope) else JobNotFound
        return progress_of((await freshened(self._bus, [row]))[0])


def _remember(told: OrderedDict[str, int], row: JobRow) -> None:
    told[row.id] = row.sequence
    told.move_to_end(row.id)
    if len(told) > REMEMBERED_JOBS:
        told.popitem(last=False)


def _no_lower(before: Progress, after: Progress) -> Progress:
    """`after` with a percent that does not go back within the attempt: a cancel may have been written before the last report."""
    same = before.attempt == after.attempt and after.status is not JobStatus.PENDING
    return replace(after, percent=max(before.percent, after.percent)) if same else after


def _told(present: Progress, after_sequence: int | None) -> int:
    # A number the job has not reached yet was not made by this service (or before a restored backup): show where it stands.
    if after_sequence is None or after_sequence > present.sequence:
        return -1
    return after_sequence


def _may_match(progress: Progress, wanted: JobFilter) -> bool:
    checks = (
        (wanted.owner, progress.owner),
        (wanted.job_type, progress.job_type),
        (wanted.batch_id, progress.batch_id),
    )
    return all(asked is None or asked == value for asked, value in checks) and _status_matches(progress.status, wanted)


def _matches(row: JobRow, wanted: JobFilter) -> bool:
    named = wanted.name_contains is None or wanted.name_contains.lower() in (row.name or "").lower()
    return named and _status_matches(row.status, wanted)


def _status_matches(status: JobStatus, wanted: JobFilter) -> bool:
    return wanted.statuses is None or status in wanted.statuses
