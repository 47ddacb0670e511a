"""Jobs and batches with webhooks, and what their store has to tell, for the store's tests."""

from typing import Any

from secretary.deliveries import DeliveryRow
from secretary.jobs import new_id
from secretary.models import JobRow
from secretary.store import Claim, Delivery, DeliveryClaim, NewBatch, Outcome, ProgressReceiver, Store
from tests.store.made import add

HOOK = {"url": "https://example.org/hook"}
ARRIVED = Outcome(0.1, 204)
SENDER = "worker-1"


def refused(again_in: float | None = 0.0, **given: Any) -> Outcome:
    return Outcome(0.1, 500, "no", again_in, **given)


async def add_told(store: Store, count: int = 1, **columns: Any) -> list[str]:
    """Jobs whose owner is told."""
    return await add(store, count=count, **{"parameters": {"webhook": HOOK}, **columns})


async def add_batch(store: Store, count: int, webhook: dict[str, Any] | None = HOOK) -> tuple[str, list[str]]:
    """A batch whose owner is told of its end, and the ids of its jobs."""
    batch = NewBatch(new_id("batch"), None, webhook)
    row = {"job_type": "noop", "owner": "ursula", "parameters": {}, "batch_id": batch.id}
    jobs = [{**row, "id": new_id("job"), "batch_index": index} for index in range(count)]
    await store.jobs.add("ursula", jobs, batch=batch)
    return batch.id, [str(job["id"]) for job in jobs]


async def told(store: Store, target_id: str) -> list[Delivery]:
    return (await store.delivery_log.of_targets([target_id]))[target_id]


async def words(store: Store, target_id: str) -> list[str]:
    """`phase status` of each delivery of a job or batch."""
    return [f"{delivery.row.phase} {delivery.row.status}" for delivery in await told(store, target_id)]


async def take(store: Store, worker_id: str = SENDER) -> tuple[DeliveryClaim, DeliveryRow]:
    """Claim the best due delivery; there must be one."""
    claimed = await store.deliveries.claim(worker_id)
    assert claimed is not None
    return claimed


async def nothing_due(store: Store) -> bool:
    return await store.deliveries.claim(SENDER) is None


async def report(store: Store, held: Claim, row: JobRow, percent: int) -> None:
    """The running job has come so far, and its owner is to be told."""
    values = {"percent": percent, "message": f"{percent} %", "sequence": row.sequence + percent}
    assert await store.claims.record(held, values, receiver=ProgressReceiver.of(row))
