"""Figures for Prometheus: what is open, who follows what, what was dropped and closed, and no label that a caller made up."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from secretary.graphql.subscribers import WAITING
from secretary.graphql.view import Door
from tests.graphql.conftest import Asking, Socket, greeted_socket, opened_socket

FOLLOW = "subscription JobProgress($jobId: ID!) { jobProgress(jobId: $jobId) { sequence } }"
OWN = "subscription MadeUpByMe($jobId: ID!) { jobProgress(jobId: $jobId) { sequence } }"


async def figures(client: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    text = (await client.get("/metrics")).raise_for_status().text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith(("secretary_graphql", "secretary_queue"))
    }


async def test_they_tell_what_is_open_and_who_follows_what(
    client: httpx.AsyncClient, ask: Asking, base_url: str, socket: Socket
) -> None:
    at_rest = await figures(client)
    assert at_rest["secretary_graphql_connections", "socket"] == 1
    assert at_rest["secretary_graphql_connections", "stream"] == 0
    assert at_rest["secretary_graphql_executions",] == at_rest["secretary_graphql_subscribers",] == 0
    job_id = await ask.create()
    async with greeted_socket(base_url) as other:
        for index, (follower, query) in enumerate(((socket, FOLLOW), (other, FOLLOW), (other, OWN))):
            await follower.subscribe(query, str(index), jobId=job_id)
            await follower.event()
        accept = {"Accept": "text/event-stream"}
        body = {"query": FOLLOW, "variables": {"jobId": job_id}}
        async with client.stream("POST", "/graphql", json=body, headers=accept, timeout=30) as answer:
            assert answer.status_code == 200
            found = await figures(client)
    assert (found["secretary_graphql_connections", "socket"], found["secretary_graphql_connections", "stream"]) == (
        2,
        1,
    )
    assert (found["secretary_graphql_executions",], found["secretary_graphql_subscribers",]) == (2, 4)
    assert found["secretary_graphql_operations_total", "JobProgress", "subscription"] == 3
    assert found["secretary_graphql_operations_total", "other", "subscription"] == 1
    assert "MadeUpByMe" not in str(found)


async def test_they_tell_of_closed_sockets_by_code(client: httpx.AsyncClient, base_url: str, door: Door) -> None:
    async with opened_socket(base_url) as socket:
        await socket.connection.send("no json")
        await socket.connection.wait_closed()
    for code in (1000, 4999):
        async with greeted_socket(base_url) as socket:
            await socket.connection.close(code)
        while len(door.streams):
            await socket.connection.wait_closed()
    found = await figures(client)
    closes = {key[1]: value for key, value in found.items() if key[0] == "secretary_graphql_socket_closes_total"}
    assert closes == {"4400": 1, "1000": 1, "other": 1}


async def test_they_tell_how_long_events_and_jobs_wait_and_what_was_dropped(
    client: httpx.AsyncClient, ask: Asking, claim: Any, door: Door, socket: Socket
) -> None:
    assert (await figures(client))["secretary_queue_lag_seconds",] == 0
    job_id = await ask.create()
    assert (await figures(client))["secretary_queue_lag_seconds",] > 0
    await socket.subscribe(FOLLOW, jobId=job_id)
    await socket.event()
    (execution,) = door.broadcasts._open.values()
    (follower,) = execution._followers
    newest = execution._newest
    assert newest is not None
    # All at once, so that the socket could take nothing in between.
    for number in range(100, 100 + max(WAITING.values())):
        follower.offer(replace_number(newest, number))
    assert door.broadcasts.longest_wait > 0
    found = await figures(client)
    assert found["secretary_graphql_dropped_events_total",] == max(WAITING.values()) - 64
    assert found["secretary_graphql_slow_readers_total",] == 0
    await claim()
    assert (await figures(client))["secretary_queue_lag_seconds",] == 0


def replace_number(told: Any, number: int) -> Any:
    return told._replace(number=number)


async def test_they_count_the_slow_that_were_cut(
    client: httpx.AsyncClient, socket: Socket, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    (handler,) = door.streams._all
    monkeypatch.setattr(handler, "_blocked_since", 0.0)
    door.streams.limits = replace(door.streams.limits, send_seconds=0.1)
    while len(door.streams):
        await socket.connection.wait_closed()
    assert (await figures(client))["secretary_graphql_slow_readers_total",] == 1
