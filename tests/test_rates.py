"""Requests counted in a real Valkey: a minute's worth at once, then a steady rate, each owner for itself."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest
import redis
from redis.asyncio import Redis

from secretary.rates import RequestRates


@pytest.fixture
async def client(clean_valkey_url: str) -> AsyncIterator[Redis]:
    opened = Redis.from_url(clean_valkey_url)
    yield opened
    await opened.aclose()


async def test_a_minutes_worth_may_come_at_once_and_then_the_steady_rate_holds(client: Redis):
    rates = RequestRates(client, per_minute=6)
    waits = [await rates.count("ursula") for _ in range(8)]
    assert waits[:6] == [0.0] * 6
    assert all(0.0 < wait <= 10.0 for wait in waits[6:])
    assert await rates.count("otto") == 0.0


async def test_what_was_refused_was_not_counted_and_time_gives_room_again(client: Redis):
    rates = RequestRates(client, per_minute=120)
    counted = 0
    while not (wait := await rates.count("ursula")):
        counted += 1
    assert counted >= 120
    assert 0.0 < wait <= 0.5
    again = [await rates.count("ursula") for _ in range(5)]
    assert all(later <= wait for later in again)
    await asyncio.sleep(wait + 0.01)
    assert await rates.count("ursula") == 0.0


async def test_all_processes_count_together(client: Redis):
    rates = [RequestRates(client, per_minute=10) for _ in range(4)]
    waits = await asyncio.gather(*(rates[number % 4].count("ursula") for number in range(30)))
    assert waits.count(0.0) == 10


async def test_what_is_counted_is_forgotten_after_a_minute(client: Redis, clean_valkey_url: str):
    await RequestRates(client, per_minute=10).count("ursula")
    with redis.Redis.from_url(clean_valkey_url) as plain:
        assert [0 < plain.pttl(key) <= 60_000 for key in plain.keys("secretary:rate:*")] == [True]


async def test_no_limit_asks_nobody():
    nowhere = Redis(unix_socket_path="/nowhere")
    assert [await RequestRates(nowhere, per_minute=0).count("ursula") for _ in range(3)] == [0.0] * 3
    await nowhere.aclose()


async def test_while_redis_is_away_everybody_may_ask_and_the_log_says_so_once(caplog: pytest.LogCaptureFixture):
    nowhere = Redis(unix_socket_path="/nowhere")
    rates = RequestRates(nowhere, per_minute=1)
    with caplog.at_level(logging.WARNING):
        assert [await rates.count("ursula") for _ in range(5)] == [0.0] * 5
        rates._try_again_at = 0.0
        assert await rates.count("ursula") == 0.0
    assert len(caplog.records) == 1
    assert caplog.records[0].message.startswith("Redis does not answer; requests are not counted meanwhile")
    await nowhere.aclose()
