"""Dramatiq as it comes, for baselines: a stock Redis broker and two actors. Loaded by Dramatiq's own command.

`wake` says when it was called; `work` makes the two updates of a job that does nothing, in plain SQL."""

import contextlib
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker

from benchmarks.bare_database import BareDatabase
from benchmarks.installation import started

WOKEN: Final = "benchmarks:woken"
"""The list that `wake` pushes its instants to."""
_REDIS: Final = "BENCHMARKS_REDIS"
_DATABASE: Final = "BENCHMARKS_DATABASE"

_local: Final = threading.local()


def wake() -> None:
    _own("client", lambda: redis.Redis.from_url(os.environ[_REDIS])).rpush(WOKEN, time.monotonic())


def work(job_id: int) -> None:
    database: BareDatabase = _own("database", lambda: BareDatabase(os.environ[_DATABASE]))
    database.begin_job(job_id)
    database.end_job(job_id)


class BareDramatiq:
    """The sending side: messages for a worker in its own process."""

    def __init__(self, address: str) -> None:
        self.broker = RedisBroker(url=address)
        self.wake = dramatiq.actor(queue_name="bare", broker=self.broker)(wake)
        self.work = dramatiq.actor(queue_name="bare", broker=self.broker)(work)


@contextlib.contextmanager
def running_worker(address: str, *, database: str = "") -> Iterator[BareDramatiq]:
    """One stock worker process with as many threads as ours has."""
    command = [sys.executable, "-m", "dramatiq", "benchmarks.bare_dramatiq:boot", "--processes", "1", "--threads", "2"]
    environment = {_REDIS: address, _DATABASE: database}
    with tempfile.TemporaryDirectory(prefix="sec-") as folder, started(command, environment, Path(folder) / "log"):
        sender = BareDramatiq(address)
        with redis.Redis.from_url(address) as client:
            sender.wake.send()
            if client.blpop([WOKEN], timeout=30) is None:
                raise TimeoutError("the bare worker did not start")
        yield sender


def boot() -> None:
    """For Dramatiq's own command."""
    dramatiq.set_broker(BareDramatiq(os.environ[_REDIS]).broker)


def _own(name: str, make: Any) -> Any:
    """This thread's own connection."""
    if not hasattr(_local, name):
        setattr(_local, name, make())
    return getattr(_local, name)
