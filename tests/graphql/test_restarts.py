"""The web process is restarted while a job runs: whoever follows it comes back and misses nothing. Real processes throughout."""

import asyncio
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from tests.conftest import free_port
from tests.graphql.conftest import Socket, greeted_socket
from tests.installation import KEY, Installation

PROGRESS = """subscription ($id: ID!, $after: Int) {
    jobProgress(jobId: $id, afterSequence: $after) { sequence status percent job { results { __typename } } } }"""


@pytest.fixture
def installation(tmp_path: Path, short_dir: Path, inputs: Path) -> Iterator[Installation]:
    """Valkey, a worker and a web process."""
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    made = Installation(folder, inputs, None, free_port(), SECRETARY_SEND_SECONDS="2")
    made.start_valkey()
    made.start_worker()
    yield made
    made.stop_all()


def create_job(installation: Installation, job_type: str, **parameters: Any) -> str:
    answer = httpx.post(
        f"http://127.0.0.1:{installation.settings.port}/api/jobs/",
        json={"job_type": job_type, "parameters": parameters},
        headers={"Authorization": f"Bearer {KEY}"},
        trust_env=False,
        timeout=30,
    )
    return str(answer.raise_for_status().json()["data"]["job_id"])


async def told_until_closed(socket: Socket, states: list[dict[str, Any]]) -> None:
    """Collects what a socket tells until it closes."""
    while True:
        states.append((await socket.event())["jobProgress"])


async def test_a_restarted_web_process_says_so_and_who_resumes_misses_nothing(installation: Installation) -> None:
    web = installation.start_web()
    base_url = f"http://127.0.0.1:{installation.settings.port}"
    job_id = create_job(installation, "sleep", seconds=4.0)
    states: list[dict[str, Any]] = []
    async with greeted_socket(base_url, KEY) as socket:
        await socket.subscribe(PROGRESS, id=job_id)
        while not states or states[-1]["percent"] < 10:
            states.append((await socket.event())["jobProgress"])
        web.send_signal(signal.SIGTERM)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await asyncio.wait_for(told_until_closed(socket, states), 5)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    assert await asyncio.to_thread(web.wait, 10) == 0
    assert states[-1]["status"] == "PROCESSING", "the job ended before the restart"

    installation.start_web()
    async with greeted_socket(base_url, KEY) as socket:
        await socket.subscribe(PROGRESS, id=job_id, after=states[-1]["sequence"])
        async with asyncio.timeout(30):
            states += [event["jobProgress"] for event in await socket.events_to_the_end()]
    sequences = [state["sequence"] for state in states]
    assert sequences == sorted(set(sequences))
    assert [state["status"] for state in states].count("COMPLETED") == 1
    assert (states[-1]["status"], states[-1]["percent"]) == ("COMPLETED", 100)
    assert states[-1]["job"]["results"] == {"__typename": "CustomResults"}
    log = (installation.folder / "processes.log").read_text()
    # A job type that cannot be loaded is one of the tests' own.
    assert log.count("Traceback") == log.count("is left out")
