"""A store with an empty SQLite database, a bus over a real Valkey, and a runner of pdf jobs whose children are counted."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from secretary.fetching import OutboundClient, OutboundPolicy
from secretary.files import DownloadCache, FolderStorage, ProducedFolder, ResultCache
from secretary.job_types import load_job_types
from secretary.migrations import migrate
from secretary.models import JobRow
from secretary.progress import ProgressBus
from secretary.runner import Runner, RunnerLimits, SentInputs
from secretary.runner.attempt import TimeLimits
from secretary.runner.downloads import Downloads
from secretary.sandbox import ChildLimits, ChildProcess, Pool
from secretary.secrecy import Secrecy
from secretary.store import Database, Store
from tests.store.made import add, found

CHILD = ChildLimits(memory_bytes=512 * 1024**2, file_bytes=1024**3, job_seconds=60.0, max_pages=10)
SECRET_KEY = "c2VjcmV0cyBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVzISE="


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'secretary.db'}"
    migrate(url)
    opened = Store(Database(url))
    yield opened
    await opened.close()


@pytest.fixture
async def bus(clean_valkey_url: str) -> AsyncIterator[ProgressBus]:
    client = Redis.from_url(clean_valkey_url)
    yield ProgressBus(client)
    await client.aclose()


class CountingPool(Pool):
    """Knows how many jobs were given a child."""

    leases = 0

    async def lease(self) -> ChildProcess:
        self.leases += 1
        return await super().lease()


@pytest.fixture
async def counting_pool() -> AsyncIterator[CountingPool]:
    made = CountingPool(1, CHILD, max_jobs=50)
    yield made
    await made.close()


@pytest.fixture
def downloads(tmp_path: Path) -> Iterator[Downloads]:
    """May fetch from this machine."""
    client = OutboundClient(OutboundPolicy(allow_private_networks=True, connect_seconds=2.0, silence_seconds=5.0))
    cache = DownloadCache(tmp_path / "downloads", max_seconds=60.0, max_bytes=10**7)
    opened = Downloads(client, cache, max_bytes=10**7, at_once=2)
    yield opened
    opened.close()


@pytest.fixture
def pdf_runner(
    store: Store, bus: ProgressBus, counting_pool: CountingPool, downloads: Downloads, tmp_path: Path
) -> Runner:
    return Runner(
        worker_id="worker-1",
        claims=store.claims,
        bus=bus,
        pool=counting_pool,
        online_pool=counting_pool,
        produced=ProducedFolder(tmp_path / "produced"),
        job_types=load_job_types(),
        limits=RunnerLimits(TimeLimits(60.0, 60.0), retry_seconds=0.0, max_file_bytes=10**7, input_roots=(tmp_path,)),
        cache=ResultCache(tmp_path / "cache", max_seconds=60.0, max_bytes=10**7),
        downloads=downloads,
        sent=SentInputs(store.uploads, store.gone, FolderStorage(tmp_path / "uploads")),
        secrecy=Secrecy(lambda: [SECRET_KEY]),
        ring_webhooks=lambda: None,
    )


@pytest.fixture
def run(pdf_runner: Runner, store: Store, tmp_path: Path) -> Callable[..., Awaitable[JobRow]]:
    """Runs one pdf job to its end."""

    async def one(owner: str = "ursula", **parameters: Any) -> JobRow:
        [job_id] = await add(
            store, owner, job_type="pdf", parameters={"filename": str(tmp_path / "a.pdf"), **parameters}
        )
        assert await pdf_runner.run_next("default")
        return await found(store, job_id)

    return one
