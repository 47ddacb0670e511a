"""The doorbell rings through a real Valkey; nothing it loses or doubles matters."""

import threading
import time

import dramatiq
import pytest
import redis

from secretary.queue import (
    ACTORS,
    DEFAULT_QUEUE,
    MAX_RINGS,
    Doorbell,
    QueueUnavailable,
    open_broker,
    worker_middleware,
)


def test_a_ring_waits_until_a_worker_takes_it(clean_valkey_url: str) -> None:
    doorbell = Doorbell(open_broker(clean_valkey_url))
    assert doorbell.waiting(DEFAULT_QUEUE) == 0
    doorbell.ring(DEFAULT_QUEUE, 3)
    assert doorbell.waiting(DEFAULT_QUEUE) == 3


def test_no_more_bells_wait_than_are_useful(clean_valkey_url: str) -> None:
    doorbell = Doorbell(open_broker(clean_valkey_url))
    doorbell.ring(DEFAULT_QUEUE, 10_000)
    assert doorbell.waiting(DEFAULT_QUEUE) == MAX_RINGS


def test_a_ring_that_fails_does_not_fail_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    doorbell = Doorbell(open_broker("unix:///nowhere/valkey.sock"))
    doorbell.ring(DEFAULT_QUEUE)
    assert "could not be rung" in caplog.text
    with pytest.raises(QueueUnavailable):
        doorbell.waiting(DEFAULT_QUEUE)


def test_an_idle_worker_hears_a_ring_at_once(clean_valkey_url: str) -> None:
    broker = open_broker(clean_valkey_url, middleware=worker_middleware())
    heard = threading.Event()
    rings: list[str] = []

    def listen(queue: str) -> None:
        rings.append(queue)
        heard.set()

    dramatiq.actor(queue_name=DEFAULT_QUEUE, actor_name=ACTORS[DEFAULT_QUEUE], broker=broker)(listen)
    worker = dramatiq.Worker(broker, worker_threads=1)
    worker.start()
    waits = []
    for _ in range(5):
        # Longer than the consumer's own sleep would have grown to.
        time.sleep(0.3)
        rung = time.monotonic()
        Doorbell(broker).ring(DEFAULT_QUEUE)
        assert heard.wait(2)
        waits.append(time.monotonic() - rung)
        heard.clear()
    worker.stop(timeout=5_000)
    assert rings == [DEFAULT_QUEUE] * 5
    # Without a nudge the consumer would look again after a second.
    assert sorted(waits)[2] < 0.5


def test_a_bell_carries_no_job(clean_valkey_url: str) -> None:
    Doorbell(open_broker(clean_valkey_url)).ring(DEFAULT_QUEUE)
    with redis.Redis.from_url(clean_valkey_url) as client:
        [message] = client.hvals("secretary:default.msgs")
    assert dramatiq.Message.decode(message).args == (DEFAULT_QUEUE,)
