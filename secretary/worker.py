"""The worker process: settings in, resources opened, the Dramatiq actor out, and the duties that keep its jobs its own."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

import dramatiq
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware

from secretary.errors import Unavailable
from secretary.fetching import OutboundClient
from secretary.job_types import JobTypes, load_job_types
from secretary.jobs import new_id
from secretary.progress import BusLost, ProgressBus
from secretary.queue import (
    ACTORS,
    DEFAULT_QUEUE,
    WEBHOOK_QUEUE,
    Doorbell,
    DoorbellBroker,
    open_broker,
    worker_middleware,
)
from secretary.resources import (
    download_cache,
    kept_texts,
    open_redis,
    open_storage,
    outbound_policy,
    produced_folder,
    providers_of,
    result_cache,
    retention_of,
    secrecy_of,
)
from secretary.retention import Pruner
from secretary.runner import Runner, RunnerLimits, SentInputs
from secretary.runner.attempt import TimeLimits
from secretary.runner.downloads import Downloads
from secretary.sandbox import ChildLimits, Pool
from secretary.settings import Settings, load_settings
from secretary.store import Database, Store
from secretary.sweeper import Sweeper
from secretary.webhooks import Composer, Desk

logger = logging.getLogger(__name__)

MEGABYTE: Final = 1024 * 1024
DRAIN_SECONDS: Final = 5.0
"""Running jobs may take so long to end when the worker is told to stop; then they go back to the queue."""
CHECK_SECONDS: Final = 1.0
ONLINE_SECONDS: Final = 3.0
"""Children that may reach the network, which session jobs, a language model and job types of other packages need, start when the
others are there."""
RECONNECT_SECONDS: Final = 0.5


class WorkerProcess(Middleware):
    """What one worker opens when it boots, does beside its jobs, and closes when it ends; all on the actors' event loop."""

    def __init__(self, settings: Settings, job_types: JobTypes) -> None:
        self._settings = settings
        self._job_types = job_types
        self.worker_id = new_id("worker")
        self._duties: list[asyncio.Task[None]] = []
        self._closing: threading.Timer | None = None
        self.runner: Runner
        self._desk: Desk

    def before_worker_boot(self, broker: Any, worker: Any) -> None:
        # A bell taken by a worker whose hands are full would wait there while another worker is idle.
        worker.queue_prefetch = self._settings.worker_threads
        self._on_loop(lambda: self._open(broker))
        self._desk.start()

    def before_worker_shutdown(self, broker: Any, worker: Any) -> None:  # noqa: ARG002
        self.runner.drain()
        self._desk.begin_to_stop()
        self._closing = threading.Timer(DRAIN_SECONDS, self._interrupt)
        self._closing.daemon = True
        self._closing.start()

    def after_worker_shutdown(self, broker: Any, worker: Any) -> None:  # noqa: ARG002
        if self._closing:
            self._closing.cancel()
        self._desk.stop(self._call_soon)
        self._on_loop(self._close)

    async def run_next(self, queue: str) -> None:
        """The actor: run the best due job of `queue`. The database being away leaves the job to the sweeper."""
        try:
            await self.runner.run_next(queue)
        except Unavailable as error:
            logger.warning("the doorbell was heard but the database does not answer: %s", error)

    async def _open(self, broker: DoorbellBroker) -> None:
        settings = self._settings
        self._store = Store(Database(settings.sqlalchemy_url, pool_size=settings.worker_threads + 4))
        self._redis = open_redis(settings.redis_address)
        self._listening_redis = open_redis(settings.redis_address, reads_for_long=True)
        self._bus = ProgressBus(self._redis)
        limits = child_limits(settings)
        self._online_pool = Pool(settings.worker_threads, limits, max_jobs=settings.child_jobs)
        self._pool = Pool(settings.worker_threads, replace(limits, network=False), max_jobs=settings.child_jobs)
        cache = result_cache(settings)
        fetched = download_cache(settings)
        self._downloads = Downloads(
            OutboundClient(outbound_policy(settings)),
            fetched,
            max_bytes=settings.max_file_megabytes * MEGABYTE,
            at_once=settings.worker_threads,
        )
        produced = produced_folder(settings, cache)
        doorbell = Doorbell(broker)
        secrecy = secrecy_of(settings)
        composer = Composer(self._store, secrecy, self._job_types, settings.public_url)
        self._desk = Desk(
            self.worker_id,
            self._store,
            composer,
            outbound_policy(settings),
            redis_address=settings.redis_address,
        )
        uploads = open_storage(settings, "uploads")
        self.runner = Runner(
            worker_id=self.worker_id,
            claims=self._store.claims,
            bus=self._bus,
            pool=self._pool,
            online_pool=self._online_pool,
            produced=produced,
            job_types=self._job_types,
            limits=runner_limits(settings),
            cache=cache,
            downloads=self._downloads,
            sent=SentInputs(self._store.uploads, self._store.gone, uploads),
            secrecy=secrecy,
            ring_webhooks=lambda: _in_background(doorbell.ring, WEBHOOK_QUEUE),
        )
        pruner = Pruner(self._store, produced, uploads, retention_of(settings))
        sweeper = Sweeper(
            self._store,
            self._bus,
            doorbell,
            produced,
            (cache, fetched, kept_texts(settings)),
            lease_seconds=settings.lease_seconds,
            retry_seconds=settings.retry_seconds,
        )
        await self._renew()
        self._pool.warm()
        if settings.llm_model or any(job_type.network for job_type in self._job_types):
            asyncio.get_running_loop().call_later(ONLINE_SECONDS, self._online_pool.warm)
        duties = (self._keep_renewing(), self._keep_checking(), self._listen_for_stops(), sweeper.run(), pruner.run())
        for duty in duties:
            task = asyncio.create_task(duty)
            task.add_done_callback(_end_with_duty)
            self._duties.append(task)

    async def _close(self) -> None:
        for duty in self._duties:
            duty.cancel()
        await asyncio.gather(*self._duties, return_exceptions=True)
        await asyncio.gather(self._pool.close(), self._online_pool.close())
        self._downloads.close()
        with contextlib.suppress(Unavailable):
            await self._store.workers.leave(self.worker_id)
        await self._desk.aclose()
        await self._redis.aclose()
        await self._listening_redis.aclose()
        await self._store.close()

    async def _renew(self) -> None:
        await self._store.workers.renew(self.worker_id, host=socket.gethostname(), pid=os.getpid())

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(self._settings.lease_seconds / 4)
            try:
                await self._renew()
            except Unavailable as error:
                logger.warning("the lease could not be renewed: %s", error)

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self._check_claims()

    async def _listen_for_stops(self) -> None:
        bus = ProgressBus(self._listening_redis)
        while True:
            try:
                async for job_ids in bus.listen_for_stops():
                    if self.runner.runs(job_ids):
                        await self._check_claims()
            except BusLost:
                # The check every second is the net under this.
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _check_claims(self) -> None:
        try:
            await self.runner.check_claims()
        except Unavailable as error:
            logger.warning("whether the claims still hold could not be read: %s", error)

    def _interrupt(self) -> None:
        self._call_soon(self.runner.interrupt)
        self._call_soon(self._desk.interrupt)

    def _call_soon(self, work: Callable[[], None]) -> None:
        loop = get_event_loop_thread()
        if loop is not None:
            loop.loop.call_soon_threadsafe(work)

    def _on_loop(self, work: Callable[[], Awaitable[None]]) -> None:
        loop = get_event_loop_thread()
        assert loop is not None, "the AsyncIO middleware comes first"
        loop.run_coroutine(work())


def _in_background(ring: Callable[[str], None], queue: str) -> None:
    """Ring without waiting for Redis: a ring that fails says so in the log, and the sweeper makes up for it."""
    asyncio.get_running_loop().run_in_executor(None, ring, queue)


def _end_with_duty(task: asyncio.Task[None]) -> None:
    # A worker that no longer renews or sweeps must not go on as if it did: it ends, and is started again.
    if not task.cancelled() and (error := task.exception()):
        logger.error("a duty of this worker failed, the worker ends", exc_info=error)
        os.kill(os.getpid(), signal.SIGTERM)


def child_limits(settings: Settings) -> ChildLimits:
    return ChildLimits(
        memory_bytes=settings.memory_megabytes * MEGABYTE,
        file_bytes=settings.output_megabytes * MEGABYTE,
        job_seconds=settings.job_seconds,
        max_pages=settings.max_pages,
        page_seconds=settings.page_seconds,
        max_file_bytes=settings.max_file_megabytes * MEGABYTE,
        media_bytes=min(settings.max_media_megabytes, settings.output_megabytes) * MEGABYTE,
    )


def runner_limits(settings: Settings) -> RunnerLimits:
    return RunnerLimits(
        time=TimeLimits(settings.job_seconds, settings.silence_seconds),
        retry_seconds=settings.retry_seconds,
        max_file_bytes=settings.max_file_megabytes * MEGABYTE,
        input_roots=settings.input_roots,
        providers=providers_of(settings),
        outbound=outbound_policy(settings),
        kept_texts=kept_texts(settings),
    )


def declare_actors(broker: RedisBroker, process: WorkerProcess) -> None:
    """Declare the actor of jobs; that of webhooks has a broker of its own. Dramatiq neither retries nor times it out: SQL does."""
    dramatiq.actor(queue_name=DEFAULT_QUEUE, actor_name=ACTORS[DEFAULT_QUEUE], broker=broker)(process.run_next)


def worker_broker(settings: Settings) -> RedisBroker:
    process = WorkerProcess(settings, load_job_types())
    broker = open_broker(settings.redis_address, middleware=worker_middleware(process))
    declare_actors(broker, process)
    return broker


def start() -> RedisBroker:
    """For Dramatiq's own command: `dramatiq secretary.worker:start --processes 1`."""
    broker = worker_broker(load_settings())
    dramatiq.set_broker(broker)
    return broker


def run_worker(settings: Settings) -> int:
    """Run one worker in this process until SIGTERM or SIGINT; a second signal ends it at once. Returns the exit code."""
    broker = worker_broker(settings)
    told_to_stop = threading.Event()

    def stop(number: int, _frame: object) -> None:
        if told_to_stop.is_set():
            os._exit(128 + number)
        told_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker = dramatiq.Worker(broker, worker_threads=settings.worker_threads)
    worker.start()
    # What has been loaded stays for good: without it, looking for garbage stops the worker for 2 ms rather than 50.
    gc.collect()
    gc.freeze()
    logger.info("worker ready, %s jobs at once", settings.worker_threads)
    told_to_stop.wait()
    worker.stop(timeout=8_000)
    return 0
