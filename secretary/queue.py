"""The doorbell: a Dramatiq message that says "there is work in this queue" and nothing more.

The message names no job; the actor claims the best due row. A lost ring is made up by the sweeper, a doubled one finds nothing."""

import contextlib
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from copy import copy
from functools import partial
from typing import Final

import dramatiq
import redis
from dramatiq import Message
from dramatiq.broker import Consumer, MessageProxy
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import ConnectionClosed
from dramatiq.middleware import AsyncIO, Middleware
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

DEFAULT_QUEUE: Final = "default"
WEBHOOK_QUEUE: Final = "webhooks"
ACTORS: Final = {DEFAULT_QUEUE: "run_next_job", WEBHOOK_QUEUE: "deliver_webhook"}
"""Which actor hears the bells of which queue."""
NAMESPACE: Final = "secretary"
MAX_RINGS: Final = 1_000
"""Bells that wait at most. More would only take memory: the sweeper rings again for what is still due."""

_NUDGES: Final = f"{NAMESPACE}:nudges:"
_MAX_NUDGES: Final = 64
_IDLE_SECONDS: Final = 1.0
_SOCKET_SECONDS: Final = 2.0
_REST_SECONDS: Final = 1.0
_STOP_MILLISECONDS: Final = 8_000


class QueueUnavailable(Exception):
    """Redis does not answer; what is due waits in SQL."""


class Doorbell:
    """Rings for a queue; the web process and the sweeper hold one."""

    def __init__(self, broker: "DoorbellBroker") -> None:
        self._broker = broker
        self._try_again_at = 0.0

    def ring(self, queue: str, times: int = 1) -> None:
        """Send up to `times` bells, at most MAX_RINGS. A ring that fails is logged: the row waits, and the sweeper rings again."""
        if time.monotonic() < self._try_again_at:
            return
        try:
            self._broker.ring(queue, min(times, MAX_RINGS))
        except (redis.RedisError, OSError) as error:
            # The next rings do not wait for a Redis that hangs; the sweeper makes up for them.
            self._try_again_at = time.monotonic() + _REST_SECONDS
            logger.warning("the doorbell could not be rung, the sweeper will ring again: %s", error)

    def waiting(self, queue: str) -> int:
        """Bells not yet taken by a worker; raises QueueUnavailable."""
        try:
            return int(self._broker.client.llen(f"{NAMESPACE}:{queue}"))
        except (redis.RedisError, OSError) as error:
            raise QueueUnavailable(str(error)) from error


def open_broker(address: str, *, middleware: list[Middleware] | None = None) -> "DoorbellBroker":
    """The Dramatiq broker at this Redis address; `middleware` for a worker, none for those who only ring."""
    retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
    client = redis.Redis.from_url(
        address, socket_timeout=_SOCKET_SECONDS + _IDLE_SECONDS, socket_connect_timeout=_SOCKET_SECONDS, retry=retry
    )
    return DoorbellBroker(
        client=client,
        namespace=NAMESPACE,
        middleware=middleware or [],
        heartbeat_timeout=15_000,
        maintenance_chance=10_000,
    )


def worker_middleware(*extra: Middleware) -> list[Middleware]:
    """Only the event loop for async actors and ours: retries, time limits and delays live in SQL."""
    return [AsyncIO(), *extra]


class DoorbellBroker(RedisBroker):
    """A Redis broker whose idle consumers wait for a nudge rather than sleep: a ring is heard in a millisecond, not 150."""

    @property
    def consumer_class(self) -> type[Consumer]:
        return _NudgedConsumer

    def ring(self, queue: str, times: int) -> None:
        """Enqueue so many bells and nudge those who wait for them, in one round trip."""
        if times < 1:
            return
        nudges = _NUDGES + queue
        with self.client.pipeline(transaction=False) as pipeline:
            sender = copy(self)
            sender.scripts = {**self.scripts, "dispatch": partial(self.scripts["dispatch"], client=pipeline)}
            for _ in range(times):
                sender.enqueue(
                    Message(queue_name=queue, actor_name=ACTORS[queue], args=(queue,), kwargs={}, options={})
                )
            pipeline.lpush(nudges, *["1"] * min(times, _MAX_NUDGES))
            pipeline.ltrim(nudges, 0, _MAX_NUDGES - 1)
            pipeline.expire(nudges, 60)
            pipeline.execute()


class _NudgedConsumer(_RedisConsumer):
    """Fetches as Dramatiq does, then waits: for a nudge when the queue is empty, for a free hand when all are busy."""

    def __init__(self, broker: DoorbellBroker, queue_name: str, prefetch: int, timeout: int) -> None:  # noqa: ARG002
        # Dramatiq's own sleep after an empty fetch is cut to a millisecond, since this class does the waiting.
        super().__init__(broker, queue_name, prefetch, 1)  # type: ignore[no-untyped-call]
        self._delayed = queue_name.endswith(".DQ")
        self._hand_free = threading.Event()

    def ack(self, message: MessageProxy) -> None:
        with _connection_closed_by_timeout():
            super().ack(message)  # type: ignore[no-untyped-call]
        self._hand_free.set()

    def nack(self, message: MessageProxy) -> None:
        with _connection_closed_by_timeout():
            super().nack(message)  # type: ignore[no-untyped-call]
        self._hand_free.set()

    def __next__(self) -> MessageProxy | None:
        with _connection_closed_by_timeout():
            message: MessageProxy | None = super().__next__()  # type: ignore[no-untyped-call]
        if message is None:
            self._wait()
        return message

    def _wait(self) -> None:
        if self._delayed:
            # Nothing is ever delayed in Dramatiq here; the fetch before this was the worker's heartbeat.
            time.sleep(_IDLE_SECONDS / 2)
        elif self.outstanding_message_count >= self.prefetch:
            self._hand_free.wait(_IDLE_SECONDS / 2)
            self._hand_free.clear()
        else:
            self._wait_for_nudge()

    def _wait_for_nudge(self) -> None:
        try:
            self.broker.client.blpop([_NUDGES + self.queue_name], timeout=_IDLE_SECONDS)
        except (redis.RedisError, OSError) as error:
            raise ConnectionClosed(error) from None


class Listener:
    """Hears the bells of one queue with threads of its own, so that its work takes no hand from the jobs.

    Dramatiq advises against two workers in one process since they would share a broker and its middleware; this one has its
    own broker, without any, and its actor runs on the event loop that the first one's middleware keeps."""

    def __init__(self, address: str, queue: str, work: Callable[[str], Awaitable[None]], *, threads: int) -> None:
        broker = open_broker(address)
        dramatiq.actor(queue_name=queue, actor_name=ACTORS[queue], broker=broker)(work)
        self._worker = dramatiq.Worker(broker, worker_threads=threads)
        self._worker.queue_prefetch = threads

        self._stopping = threading.Thread(target=self._worker.stop, args=(_STOP_MILLISECONDS,), daemon=True)

    def start(self) -> None:
        self._worker.start()

    def begin_to_stop(self) -> None:
        """Take no more bells; what is being done goes on."""
        self._stopping.start()

    def stop(self) -> None:
        """Wait for what is being done."""
        self._stopping.join()


@contextlib.contextmanager
def _connection_closed_by_timeout() -> Iterator[None]:
    """Dramatiq knows refused connections; a Redis that hangs is the same to us."""
    try:
        yield
    except redis.TimeoutError as error:
        raise ConnectionClosed(error) from None
