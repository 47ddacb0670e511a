"""What a resolver is given: the service, who is calling, and loaders that turn many lookups into one statement."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import strawberry
from strawberry.dataloader import DataLoader

from secretary.auth import Viewer
from secretary.errors import RateLimited
from secretary.models import BatchRow, JobLogRow, JobRow
from secretary.service import Service
from secretary.store import Delivery
from secretary.store.batches import BatchState


class Piece(NamedTuple):
    """The first `limit` entries after a place, of the list that belongs to `id`."""

    id: str
    after: int
    limit: int


class Loaders:
    """One lookup for all rows of a list, whichever of them asked. Everything loaded is what this viewer may see."""

    def __init__(self, service: Service, viewer: Viewer) -> None:
        self._service = service
        self._viewer = viewer

    @cached_property
    def jobs(self) -> DataLoader[str, JobRow | None]:
        return DataLoader(self._jobs)

    @cached_property
    def results(self) -> DataLoader[str, dict[str, Any] | None]:
        return DataLoader(self._results)

    @cached_property
    def batches(self) -> DataLoader[str, BatchRow | None]:
        return DataLoader(self._batches)

    @cached_property
    def states(self) -> DataLoader[str, BatchState]:
        return DataLoader(self._states)

    @cached_property
    def jobs_of_batch(self) -> DataLoader[Piece, list[JobRow]]:
        return DataLoader(self._jobs_of_batches)

    @cached_property
    def deliveries(self) -> DataLoader[str, list[Delivery]]:
        return DataLoader(self._deliveries)

    @cached_property
    def logs(self) -> DataLoader[Piece, list[JobLogRow]]:
        return DataLoader(self._logs)

    async def _jobs(self, ids: list[str]) -> list[JobRow | None]:
        found = await self._service.jobs.get_many(self._viewer, ids)
        return [found.get(job_id) for job_id in ids]

    async def _results(self, ids: list[str]) -> list[dict[str, Any] | None]:
        found = await self._service.jobs.get_many(self._viewer, ids, results=True)
        return [found[job_id].results if job_id in found else None for job_id in ids]

    async def _batches(self, ids: list[str]) -> list[BatchRow | None]:
        found = await self._service.batches.get_many(self._viewer, ids)
        return [found.get(batch_id) for batch_id in ids]

    async def _states(self, ids: list[str]) -> list[BatchState]:
        found = await self._service.batches.states(ids)
        return [found[batch_id] for batch_id in ids]

    async def _jobs_of_batches(self, pieces: list[Piece]) -> list[list[JobRow]]:
        found: dict[Piece, list[JobRow]] = {}
        for (after, limit), ids in _by_place(pieces).items():
            rows = await self._service.batches.jobs_of(ids, after_index=after, limit=limit)
            found.update({Piece(batch_id, after, limit): rows[batch_id] for batch_id in ids})
        return [found[piece] for piece in pieces]

    async def _deliveries(self, ids: list[str]) -> list[list[Delivery]]:
        found = await self._service.deliveries.of_targets(ids)
        return [found[target_id] for target_id in ids]

    async def _logs(self, pieces: list[Piece]) -> list[list[JobLogRow]]:
        found: dict[Piece, list[JobLogRow]] = {}
        for (after, limit), ids in _by_place(pieces).items():
            rows = await self._service.jobs.logs_of(ids, after=after, limit=limit)
            found.update({Piece(job_id, after, limit): rows[job_id] for job_id in ids})
        return [found[piece] for piece in pieces]


class Context:
    """The context of one operation."""

    def __init__(self, service: Service, viewer: Viewer) -> None:
        self.service = service
        self.viewer = viewer
        self.number: int | None = None
        self._refusal: RateLimited | None = None
        self._loaders: Loaders | None = None

    @property
    def loaders(self) -> Loaders:
        """Made when they are first asked for, as most events need none."""
        if self._loaders is None:
            self._loaders = Loaders(self.service, self.viewer)
        return self._loaders

    async def count(self, *, as_value: bool) -> None:
        """Count the operation as a request of its owner. Raises RateLimited, unless its results can tell it `as_value`."""
        try:
            await self.service.auth.admit(self.viewer)
        except RateLimited as error:
            if not as_value:
                raise
            self._refusal = error

    def check_counted(self) -> None:
        """Raises the RateLimited that is to be told in a result."""
        if self._refusal is not None:
            raise self._refusal

    def renew(self, number: int | None = None) -> None:
        """Forget what was loaded: a later event, or what follows a change, must not be answered from before it.

        `number` is the event's own, in streams that number their states.
        """
        self._loaders = None
        self.number = number


Info = strawberry.Info[Context, None]


def _by_place(pieces: Sequence[Piece]) -> dict[tuple[int, int], list[str]]:
    places: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for piece in pieces:
        places[piece.after, piece.limit].append(piece.id)
    return places
