"""The start of a worker: settings in, the Dramatiq actor of jobs out, and one process that runs until it is told to stop."""

import gc
import logging
import os
import signal
import threading

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from secretary.job_types import load_job_types
from secretary.queue import ACTORS, DEFAULT_QUEUE, open_broker, worker_middleware
from secretary.settings import Settings, load_settings
from secretary.worker.process import WorkerProcess

logger = logging.getLogger(__name__)


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
