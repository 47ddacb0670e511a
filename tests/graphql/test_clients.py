"""The clients that people use follow a job from its start to its end, with the real server and a real worker, and come back once
when the line is cut in the middle."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportError
from gql.transport.websockets import WebsocketsTransport

from tests.conftest import free_port
from tests.cutting_proxy import CuttingProxy
from tests.installation import KEY, Installation
from tests.node import output_of

PROGRAM = Path(__file__).parent / "clients" / "follow.mjs"
NODE_CLIENTS = ["graphql-ws", "graphql-sse", "apollo socket", "apollo multipart", "urql socket"]
QUERY = """subscription ($id: ID!, $after: Int) {
    jobProgress(jobId: $id, afterSequence: $after) { sequence status percent job { id results { __typename } } } }"""
EVENTS_BEFORE_THE_CUT = 6
JOB_SECONDS = 3.0


@pytest.fixture
def installation(tmp_path: Path, short_dir: Path, inputs: Path) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    made = Installation(folder, inputs, None, free_port(), SECRETARY_WORKER_THREADS="8")
    made.start_valkey()
    made.start_web()
    yield made
    made.stop_all()


async def create_job(installation: Installation) -> str:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        answer = await client.post(
            f"http://127.0.0.1:{installation.settings.port}/api/jobs/",
            json={"job_type": "sleep", "parameters": {"seconds": JOB_SECONDS}},
            headers={"Authorization": f"Bearer {KEY}"},
        )
    return str(answer.raise_for_status().json()["data"]["job_id"])


def assert_followed_to_the_end(name: str, lines: list[dict[str, Any]], job_id: str) -> None:
    *states, end = lines
    assert end == {"end": "complete"}, (name, lines)
    assert {state["job"]["id"] for state in states} == {job_id}
    sequences = [state["sequence"] for state in states]
    # A client that cannot say what it has seen is told the present state once more.
    assert sequences == sorted(sequences), name
    assert len(sequences) - len(set(sequences)) <= 1, (name, sequences)
    assert [state["status"] for state in states].count("COMPLETED") == 1, (name, lines)
    assert (states[-1]["status"], states[-1]["percent"]) == ("COMPLETED", 100)
    assert states[-1]["job"]["results"]["__typename"] == "CustomResults"
    assert len(states) > EVENTS_BEFORE_THE_CUT


async def followed_by_node(installation: Installation, proxy: CuttingProxy, name: str, *, cut: bool) -> None:
    async with proxy:
        job_id = await create_job(installation)
        address = f"http://127.0.0.1:{proxy.port}/graphql"
        said = await output_of(PROGRAM, ADDRESS=address, KEY=KEY, JOB=job_id, CLIENT=name)
        assert_followed_to_the_end(name, [json.loads(line) for line in said.splitlines()], job_id)
        assert (proxy.cut, proxy.connections >= 2) == (cut, cut), name


async def states_by_gql(address: str, job_id: str) -> AsyncIterator[dict[str, Any]]:
    """Comes back with the last sequence whenever the connection is lost."""
    after: int | None = None
    while True:
        transport = WebsocketsTransport(
            url=address, init_payload={"apiKey": KEY}, subprotocols=["graphql-transport-ws"], close_timeout=1
        )
        with suppress(TransportError, OSError):
            async with Client(transport=transport) as session:
                request = GraphQLRequest(QUERY, variable_values={"id": job_id, "after": after})
                async for result in session.subscribe(request):
                    after = result["jobProgress"]["sequence"]
                    yield result["jobProgress"]
                return


async def followed_by_gql(installation: Installation, proxy: CuttingProxy) -> None:
    async with proxy:
        job_id = await create_job(installation)
        lines = [state async for state in states_by_gql(f"ws://127.0.0.1:{proxy.port}/graphql", job_id)]
        assert_followed_to_the_end("gql", [*lines, {"end": "complete"}], job_id)
        assert proxy.cut


async def test_every_client_follows_a_job_to_its_end_over_a_line_that_is_cut(installation: Installation) -> None:
    port = installation.settings.port
    proxies = [CuttingProxy(port, EVENTS_BEFORE_THE_CUT) for _ in (*NODE_CLIENTS, "gql")]
    uncut = CuttingProxy(port, None)
    async with asyncio.TaskGroup() as clients:
        for name, proxy in zip(NODE_CLIENTS, proxies, strict=False):
            clients.create_task(followed_by_node(installation, proxy, name, cut=True))
        clients.create_task(followed_by_gql(installation, proxies[-1]))
        # urql takes the end of an event stream for the end of the operation, so it comes back over sockets only.
        clients.create_task(followed_by_node(installation, uncut, "urql events", cut=False))
        # The work begins when all of them have been told that it is to come.
        async with asyncio.timeout(60):
            while not all(proxy.told for proxy in (*proxies, uncut)):
                await asyncio.sleep(0.05)
        installation.start_worker()
