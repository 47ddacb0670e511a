"""Rows made for the store's tests."""

from typing import Any

from secretary.jobs import new_id
from secretary.models import JobRow
from secretary.store import Claim, Store


async def add(store: Store, owner: str = "ursula", count: int = 1, **columns: Any) -> list[str]:
    """Add `count` jobs of `owner` and return their ids."""
    jobs = [
        {"id": new_id("job"), "job_type": "noop", "owner": owner, "parameters": {}, **columns} for _ in range(count)
    ]
    await store.jobs.add(owner, jobs)
    return [str(job["id"]) for job in jobs]


async def claim(store: Store, worker_id: str = "worker-1") -> tuple[Claim, JobRow]:
    """Claim the best due job; there must be one."""
    claimed = await store.claims.claim("default", worker_id)
    assert claimed is not None
    return claimed


async def found(store: Store, job_id: str) -> JobRow:
    row = await store.jobs.get(job_id)
    assert row is not None
    return row
