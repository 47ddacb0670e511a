"""Webhook deliveries: what was told of a job or a batch, and telling it once more."""

from collections.abc import Sequence

from secretary.auth import Viewer
from secretary.deliveries import DeliveryStatus, Phase
from secretary.errors import DeliveryNotFound, IllegalTransition
from secretary.service.telling import Telling
from secretary.store import Delivery, Store


class DeliveryService:
    """What a caller can do with deliveries."""

    def __init__(self, store: Store, telling: Telling) -> None:
        self._store = store
        self._telling = telling

    async def of_targets(self, target_ids: Sequence[str]) -> dict[str, list[Delivery]]:
        """Deliveries of each of these jobs and batches, in two statements; for those the viewer has already been shown."""
        return await self._store.delivery_log.of_targets(target_ids)

    async def redeliver(self, viewer: Viewer, delivery_id: str) -> Delivery:
        """Send the news of an end again, under the same webhook-id, and for a day if need be.

        Raises DeliveryNotFound, also for another owner's, and IllegalTransition for progress: it would come after the end.
        """
        found = await self._required(viewer, delivery_id)
        if found.row.phase == Phase.PROCESSING.value:
            raise IllegalTransition("Progress is not sent again; redeliver the job's end.")
        if await self._store.deliveries.redeliver(delivery_id):
            await self._telling.deliveries_due()
        return await self._required(viewer, delivery_id)

    async def counts(self) -> dict[DeliveryStatus, int]:
        """How many deliveries of all owners are in each status."""
        return await self._store.delivery_log.counts()

    async def _required(self, viewer: Viewer, delivery_id: str) -> Delivery:
        found = await self._store.delivery_log.get(delivery_id, viewer.scope)
        if found is None:
            raise DeliveryNotFound
        return found
