"""What a worker holds open while it lives: the database, Redis, folders, pools of children, and what works with them."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from secretary.errors import Unavailable
from secretary.fetching import OutboundClient
from secretary.job_types import JobTypes
from secretary.progress import ProgressBus
from secretary.queue import WEBHOOK_QUEUE, Doorbell, DoorbellBroker
from secretary.resources import (
    download_cache,
    kept_texts,
    open_redis,
    open_storage,
    outbound_policy,
    produced_folder,
    result_cache,
    retention_of,
    secrecy_of,
)
from secretary.retention import Pruner
from secretary.runner import Runner, SentInputs
from secretary.runner.downloads import Downloads
from secretary.sandbox import Pool
from secretary.settings import Settings
from secretary.store import Database, Store
from secretary.sweeper import Sweeper
from secretary.webhooks import Composer, Desk
from secretary.worker.duties import Duties
from secretary.worker.limits import MEGABYTE, child_limits, runner_limits

ONLINE_SECONDS: Final = 3.0
"""Children that may reach the network, which session jobs, a language model and job types of other packages need, start when the
others are there."""


class Opened:
    """Opens on the event loop of the actors, and begins nothing before `start`."""

    def __init__(self, settings: Settings, job_types: JobTypes, worker_id: str, broker: DoorbellBroker) -> None:
        self._settings = settings
        self._job_types = job_types
        self._worker_id = worker_id
        self._store = Store(Database(settings.sqlalchemy_url, pool_size=settings.worker_threads + 4))
        self._redis = open_redis(settings.redis_address)
        self._listening_redis = open_redis(settings.redis_address, reads_for_long=True)
        self._bus = ProgressBus(self._redis)
        limits = child_limits(settings)
        self._online_pool = Pool(settings.worker_threads, limits, max_jobs=settings.child_jobs)
        self._pool = Pool(settings.worker_threads, replace(limits, network=False), max_jobs=settings.child_jobs)
        self._doorbell = Doorbell(broker)
        self._secrecy = secrecy_of(settings)
        self._cache, self._fetched = result_cache(settings), download_cache(settings)
        self._produced = produced_folder(settings, self._cache)
        self._uploads = open_storage(settings, "uploads")
        self._downloads = Downloads(
            OutboundClient(outbound_policy(settings)),
            self._fetched,
            max_bytes=settings.max_file_megabytes * MEGABYTE,
            at_once=settings.worker_threads,
        )
        self.desk = self._open_desk()
        self.runner = self._open_runner()
        listening_bus = ProgressBus(self._listening_redis)
        self._duties = Duties(worker_id, self._store.workers, self.runner, listening_bus, settings.lease_seconds)

    async def start(self) -> None:
        """Take the worker's lease, begin its duties and start children; raises Unavailable while the database is away."""
        pruner = Pruner(self._store, self._produced, self._uploads, retention_of(self._settings))
        await self._duties.start(self._sweeper().run, pruner.run)
        self._pool.warm()
        if self._settings.llm_model or any(job_type.network for job_type in self._job_types):
            asyncio.get_running_loop().call_later(ONLINE_SECONDS, self._online_pool.warm)

    async def close(self) -> None:
        await self._duties.close()
        await asyncio.gather(self._pool.close(), self._online_pool.close())
        self._downloads.close()
        with contextlib.suppress(Unavailable):
            await self._store.workers.leave(self._worker_id)
        await self.desk.aclose()
        await self._redis.aclose()
        await self._listening_redis.aclose()
        await self._store.close()

    def _open_desk(self) -> Desk:
        settings = self._settings
        composer = Composer(self._store, self._secrecy, self._job_types, settings.public_url)
        policy = outbound_policy(settings)
        return Desk(self._worker_id, self._store, composer, policy, redis_address=settings.redis_address)

    def _open_runner(self) -> Runner:
        return Runner(
            worker_id=self._worker_id,
            claims=self._store.claims,
            bus=self._bus,
            pool=self._pool,
            online_pool=self._online_pool,
            produced=self._produced,
            job_types=self._job_types,
            limits=runner_limits(self._settings),
            cache=self._cache,
            downloads=self._downloads,
            sent=SentInputs(self._store.uploads, self._store.gone, self._uploads),
            secrecy=self._secrecy,
            ring_webhooks=lambda: _in_background(self._doorbell.ring, WEBHOOK_QUEUE),
        )

    def _sweeper(self) -> Sweeper:
        return Sweeper(
            self._store,
            self._bus,
            self._doorbell,
            self._produced,
            (self._cache, self._fetched, kept_texts(self._settings)),
            lease_seconds=self._settings.lease_seconds,
            retry_seconds=self._settings.retry_seconds,
        )


def _in_background(ring: Callable[[str], None], queue: str) -> None:
    """Ring without waiting for Redis: a ring that fails says so in the log, and the sweeper makes up for it."""
    asyncio.get_running_loop().run_in_executor(None, ring, queue)
