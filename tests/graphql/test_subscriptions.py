"""Watching live: nothing is missed and nothing is told twice, however late one comes and whatever is lost on the way."""

import asyncio
from typing import Any

import httpx
import pytest
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport

from secretary.resources import Resources
from tests.conftest import OTHER_KEY, USER_KEY
from tests.graphql.conftest import Asking, Socket, greeted_socket

PROGRESS = """subscription ($id: ID!, $after: Int) { jobProgress(jobId: $id, afterSequence: $after) {
    sequence status percent job { status progress { sequence percent } results { __typename } } } }"""
BARE_PROGRESS = """subscription ($id: ID!, $after: Int) { jobProgress(jobId: $id, afterSequence: $after) {
    jobId sequence status step percent message timestamp } }"""
BATCH = """subscription ($id: ID!) { batchProgress(batchId: $id) { batchId status percent jobCount pendingCount
    processingCount completedCount failedCount cancelledCount batch { id status jobs { nodes { status } } } } }"""
LOGS = "subscription ($id: ID!, $after: String) { jobLogs(jobId: $id, after: $after) { id level message } }"
CHANGES = "subscription ($filter: JobFilter) { jobChanges(filter: $filter) { id status batch { id } } }"


async def nobody_watches(resources: Resources) -> None:
    async with asyncio.timeout(5):
        while resources.hub.watchers:
            await asyncio.sleep(0.01)


async def somebody_watches(resources: Resources) -> None:
    async with asyncio.timeout(5):
        while not resources.hub.watchers:
            await asyncio.sleep(0.01)


async def test_a_watcher_sees_every_state_from_the_present_to_the_end(ask: Asking, claim, socket: Socket) -> None:
    job_id = await ask.create()
    await socket.subscribe(PROGRESS, id=job_id)
    first = (await socket.event())["jobProgress"]
    assert (first["sequence"], first["status"], first["percent"]) == (1, "PENDING", 0)

    hands = await claim()
    seen = [(await socket.event())["jobProgress"]]
    for percent in (30, 60):
        await hands.report(percent)
        seen.append((await socket.event())["jobProgress"])
    await hands.complete()
    seen += [event["jobProgress"] for event in await socket.events_to_the_end()]

    assert [(event["sequence"], event["status"], event["percent"]) for event in seen] == [
        (2, "PROCESSING", 0),
        (3, "PROCESSING", 30),
        (4, "PROCESSING", 60),
        (5, "COMPLETED", 100),
    ]
    assert all(event["job"]["progress"]["sequence"] >= event["sequence"] for event in seen)
    assert seen[-1]["job"]["status"] == "COMPLETED"
    assert seen[-1]["job"]["results"] == {"__typename": "PdfResults"}


async def test_gql_follows_a_job_to_its_end(ask: Asking, claim, base_url: str) -> None:
    job_id = await ask.create()
    hands = await claim()
    transport = WebsocketsTransport(
        url=base_url.replace("http", "ws", 1) + "/graphql",
        init_payload={"authorization": f"Bearer {USER_KEY}"},
        subprotocols=["graphql-transport-ws"],
    )
    percents = []
    async with Client(transport=transport) as session:
        async for event in session.subscribe(GraphQLRequest(BARE_PROGRESS, variable_values={"id": job_id})):
            percents.append(event["jobProgress"]["percent"])
            if percents == [0]:
                await hands.report(50)
            elif percents == [0, 50]:
                await hands.complete()
    assert percents == [0, 50, 100]


async def test_a_late_watcher_is_told_the_present_state_and_an_ended_job_in_one_event(
    ask: Asking, claim, socket: Socket
) -> None:
    job_id = await ask.create()
    hands = await claim()
    await hands.report(40)
    await socket.subscribe(BARE_PROGRESS, id=job_id)
    assert (await socket.event())["jobProgress"]["percent"] == 40
    await hands.complete()
    assert [event["jobProgress"]["status"] for event in await socket.events_to_the_end()] == ["COMPLETED"]
    await socket.subscribe(BARE_PROGRESS, "2", id=job_id)
    assert [event["jobProgress"]["percent"] for event in await socket.events_to_the_end()] == [100]


async def test_who_comes_back_with_the_last_sequence_is_told_only_what_came_after(
    ask: Asking, claim, base_url: str
) -> None:
    job_id = await ask.create()
    hands = await claim()
    await hands.report(20)
    async with greeted_socket(base_url) as socket:
        await socket.subscribe(BARE_PROGRESS, id=job_id)
        seen = (await socket.event())["jobProgress"]["sequence"]
    async with greeted_socket(base_url) as socket:
        await socket.subscribe(BARE_PROGRESS, id=job_id, after=seen)
        await hands.report(60)
        assert (await socket.event())["jobProgress"]["percent"] == 60
    await hands.report(80)
    await hands.complete()
    async with greeted_socket(base_url) as socket:
        await socket.subscribe(BARE_PROGRESS, id=job_id, after=seen + 1)
        told = [event["jobProgress"]["status"] for event in await socket.events_to_the_end()]
        assert told == ["COMPLETED"]
        await socket.subscribe(BARE_PROGRESS, "2", id=job_id, after=seen + 3)
        assert await socket.events_to_the_end() == []


async def test_the_end_is_seen_though_the_message_of_it_was_lost(ask: Asking, claim, socket: Socket) -> None:
    job_id = await ask.create()
    hands = await claim()
    await socket.subscribe(PROGRESS, id=job_id)
    await socket.event()
    await hands.complete(told=False)
    async with asyncio.timeout(8):
        (end,) = await socket.events_to_the_end()
    assert (end["jobProgress"]["status"], end["jobProgress"]["job"]["status"]) == ("COMPLETED", "COMPLETED")


async def test_a_cancelled_job_ends_its_stream(ask: Asking, claim, socket: Socket) -> None:
    job_id = await ask.create()
    await claim()
    await socket.subscribe(PROGRESS, id=job_id)
    await socket.event()
    await ask("mutation ($id: ID!) { cancelJob(id: $id) { __typename } }", id=job_id)
    (end,) = await socket.events_to_the_end()
    assert end["jobProgress"]["job"] == {
        "status": "CANCELLED",
        "progress": {"sequence": end["jobProgress"]["sequence"], "percent": 0},
        "results": None,
    }


@pytest.mark.parametrize(
    ("query", "code"), [(BARE_PROGRESS, "JOB_NOT_FOUND"), (LOGS, "JOB_NOT_FOUND"), (BATCH, "BATCH_NOT_FOUND")]
)
async def test_what_is_not_there_or_anothers_is_an_error_of_that_operation(
    ask: Asking, base_url: str, resources: Resources, query: str, code: str
) -> None:
    theirs = await ask.create() if "job" in query else await ask.create_batch(1)
    async with greeted_socket(base_url, OTHER_KEY) as socket:
        for index, target in enumerate((theirs, "job-that-never-was")):
            await socket.subscribe(query, str(index), id=target)
            message = await socket.receive()
            assert (message["type"], message["id"]) == ("error", str(index))
            assert [error["extensions"]["code"] for error in message["payload"]] == [code]
        await socket.subscribe("{ viewer { userId } }", "3")
        assert await socket.event() == {"viewer": {"userId": "otto"}}
        assert resources.hub.watchers == 0


async def test_a_deleted_job_ends_its_stream_with_an_error_or_its_end(ask: Asking, socket: Socket) -> None:
    job_id = await ask.create()
    await socket.subscribe(BARE_PROGRESS, id=job_id)
    await socket.event()
    await ask("mutation ($id: ID!) { deleteJob(id: $id) { __typename } }", id=job_id)
    told = [event["jobProgress"]["status"] for event in await socket.events_to_the_end()]
    assert told == ["CANCELLED"]


async def test_leaving_unregisters_the_watcher(ask: Asking, base_url: str, resources: Resources) -> None:
    job_id, batch_id = await ask.create(), await ask.create_batch(1)
    for query, target in ((BARE_PROGRESS, job_id), (BATCH, batch_id), (LOGS, job_id), (CHANGES, None)):
        async with greeted_socket(base_url) as socket:
            await socket.subscribe(query, **({"id": target} if target else {}))
            await somebody_watches(resources)
            await socket.send(type="complete", id="1")
            await nobody_watches(resources)
            await socket.subscribe(query, "2", **({"id": target} if target else {}))
            await somebody_watches(resources)
        await nobody_watches(resources)
        async with greeted_socket(base_url) as socket:
            await socket.subscribe(query, **({"id": target} if target else {}))
            await somebody_watches(resources)
            socket.connection.transport.abort()
        await nobody_watches(resources)


async def test_a_batch_is_followed_until_all_its_jobs_have_ended(ask: Asking, claim, socket: Socket) -> None:
    batch_id = await ask.create_batch(2)
    await socket.subscribe(BATCH, id=batch_id)
    first = (await socket.event())["batchProgress"]
    assert first == {
        "batchId": batch_id,
        "status": "PENDING",
        "percent": 0.0,
        "jobCount": 2,
        "pendingCount": 2,
        "processingCount": 0,
        "completedCount": 0,
        "failedCount": 0,
        "cancelledCount": 0,
        "batch": {"id": batch_id, "status": "PENDING", "jobs": {"nodes": [{"status": "PENDING"}] * 2}},
    }
    for _ in range(2):
        await (await claim()).complete()
    last = (await socket.events_to_the_end())[-1]["batchProgress"]
    assert (last["status"], last["percent"], last["completedCount"], last["pendingCount"]) == ("COMPLETED", 100.0, 2, 0)
    assert last["batch"] == {"id": batch_id, "status": "COMPLETED", "jobs": {"nodes": [{"status": "COMPLETED"}] * 2}}


async def test_a_log_is_told_from_a_line_on_to_the_last(ask: Asking, claim, socket: Socket) -> None:
    job_id = await ask.create()
    hands = await claim()
    await hands.log("one")
    await socket.subscribe(LOGS, id=job_id)
    first = (await socket.event())["jobLogs"]
    assert (first["level"], first["message"]) == ("info", "one")
    await hands.log("two")
    assert (await socket.event())["jobLogs"]["message"] == "two"
    await hands.complete()
    assert await socket.events_to_the_end() == []
    await socket.subscribe(LOGS, "2", id=job_id, after=first["id"])
    assert [event["jobLogs"]["message"] for event in await socket.events_to_the_end()] == ["two"]
    await socket.subscribe(LOGS, "3", id=job_id, after="nonsense")
    message = await socket.receive()
    assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "BAD_USER_INPUT")


async def test_a_live_list_tells_of_visible_jobs_that_match(
    ask: Asking, claim, base_url: str, client: httpx.AsyncClient, resources: Resources
) -> None:
    async with greeted_socket(base_url) as all_mine, greeted_socket(base_url, OTHER_KEY) as others:
        await all_mine.subscribe(CHANGES, filter={"status": ["PENDING", "COMPLETED"]})
        await others.subscribe(CHANGES)
        async with asyncio.timeout(5):
            while resources.hub.watchers < 2:
                await asyncio.sleep(0.01)
        job_id = await ask.create()
        assert (await all_mine.event())["jobChanges"] == {"id": job_id, "status": "PENDING", "batch": None}
        hands = await claim()
        await hands.complete()
        assert (await all_mine.event())["jobChanges"]["status"] == "COMPLETED"

        client.headers["Authorization"] = f"Bearer {OTHER_KEY}"
        theirs = await ask.create()
        assert (await others.event())["jobChanges"]["id"] == theirs


async def test_each_event_is_answered_anew(ask: Asking, claim, socket: Socket) -> None:
    """The loaders of one event must not answer the next."""
    job_id = await ask.create()
    await socket.subscribe(PROGRESS, id=job_id)
    events: list[Any] = [(await socket.event())["jobProgress"]]
    hands = await claim()
    events.append((await socket.event())["jobProgress"])
    await hands.complete()
    events += [event["jobProgress"] for event in await socket.events_to_the_end()]
    assert [event["job"]["status"] for event in events] == ["PENDING", "PROCESSING", "COMPLETED"]
