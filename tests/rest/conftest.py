"""Callers of the REST door, and a worker played by hand: it claims, reports and ends jobs through the store as the real one does."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from secretary.files.archive import write_archive
from secretary.files.produced import list_files
from secretary.models import progress_of
from secretary.resources import Resources, produced_folder, result_cache
from secretary.settings import Settings
from secretary.store import Claim, LogLine, Store
from tests.conftest import ADMIN_KEY, OTHER_KEY


class HandWorker:
    """One worker, driven step by step."""

    def __init__(self, store: Store, resources: Resources, settings: Settings) -> None:
        self._store = store
        self._bus = resources.bus
        self._produced = produced_folder(settings, result_cache(settings))

    async def claim(self) -> Claim:
        await self._store.workers.renew("worker-1", host="here", pid=1)
        claimed = await self._store.claims.claim("default", "worker-1")
        assert claimed is not None, "no job was due"
        await self._publish(claimed[0])
        return claimed[0]

    async def report(self, claim: Claim, sequence: int, percent: int, step: str = "extracting_text") -> None:
        """What a handler says: published at once, written to the row later."""
        row = (await self._store.jobs.get_many([claim.job_id]))[claim.job_id]
        now = datetime.now(UTC)
        news = replace(
            progress_of(row), sequence=sequence, percent=percent, step=step, message="Working", timestamp=now
        )
        await self._bus.publish(news)

    async def complete(
        self, claim: Claim, *, files: Mapping[str, bytes], results: dict[str, Any], sequence: int = 50, lines: int = 1
    ) -> Path:
        """End the job with these files and results; the folder they lie in."""
        working = self._produced.begin(claim.job_id, claim.attempt, claim.token)
        for name, content in files.items():
            path = working.files / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        write_archive(working.files, working.archive)
        kept = self._produced.publish(working, claim.job_id, claim.attempt, claim.token)
        listed = [{"name": f.name, "media_type": f.media_type, "size": f.size} for f in list_files(kept.local.files)]
        values = {
            "step": "completed",
            "percent": 100,
            "message": "Completed",
            "sequence": sequence,
            "results": results,
            "files": listed,
            "target_dir": kept.target_dir,
            "archive": kept.archive,
        }
        said = [LogLine(datetime.now(UTC), "info", f"line {number}") for number in range(lines)]
        assert await self._store.claims.complete(claim, values, said)
        await self._publish(claim)
        return kept.local.files

    async def fail(self, claim: Claim, code: str, message: str) -> None:
        values = {"error_code": code, "error_message": message, "message": message, "sequence": 60}
        assert await self._store.claims.fail(claim, values)
        await self._publish(claim)

    async def _publish(self, claim: Claim) -> None:
        row = (await self._store.jobs.get_many([claim.job_id]))[claim.job_id]
        await self._bus.publish(progress_of(row))


class Caller:
    """What most tests say to the door, in one line each."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def create(self, **more: Any) -> str:
        asked = {"job_type": "pdf", "parameters": {"filename": "a.pdf"}, **more}
        answer = await self.client.post("/api/jobs/", json=asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["job_id"])

    async def job(self, job_id: str) -> dict[str, Any]:
        return dict((await self.client.get(f"/api/jobs/{job_id}")).json()["data"])


@pytest.fixture
def pdf(inputs: Path) -> Path:
    path = inputs / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    return path


@pytest.fixture
def worker(store: Store, resources: Resources, settings: Settings) -> HandWorker:
    return HandWorker(store, resources, settings)


@pytest.fixture
def caller(client: httpx.AsyncClient, pdf: Path) -> Caller:
    return Caller(client)


@pytest.fixture
async def admin(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(base_url, {"X-Secretary-Api-Key": ADMIN_KEY}) as opened:
        yield opened


@pytest.fixture
async def stranger(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """`otto`, who has a key and none of these jobs."""
    async with _client(base_url, {"Authorization": f"Bearer {OTHER_KEY}"}) as opened:
        yield opened


@pytest.fixture
async def anonymous(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(base_url, {}) as opened:
        yield opened


def _client(base_url: str, headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, headers=headers, trust_env=False)


async def nothing_created(store: Store) -> bool:
    return await store.jobs.status_counts() == {}
