"""What a document does to its reader ends its own job with the right code; the next job on the same worker completes."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.resources import Resources
from tests.chaos.test_nothing_lost_nothing_twice import create, follow, job
from tests.installation import VIEWER, Installation

# Isolation has nothing to do with the database: one is enough.
pytestmark = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)

CAN_LEAVE = "import sys; from secretary.confinement import leave_network; sys.exit(not leave_network())"


@pytest.mark.parametrize(
    ("job_type", "parameters", "code"),
    [
        ("die", {"signal_number": int(signal.SIGSEGV)}, ErrorCode.CRASHED),
        ("die", {"signal_number": int(signal.SIGABRT)}, ErrorCode.CRASHED),
        ("die", {"signal_number": int(signal.SIGKILL)}, ErrorCode.CRASHED),
        ("eat", {"megabytes": 4096}, ErrorCode.OUT_OF_MEMORY),
        ("spin", {"way": "loop"}, ErrorCode.TIMEOUT),
        ("spin", {"way": "regular expression"}, ErrorCode.TIMEOUT),
        ("broken", {}, ErrorCode.INTERNAL),
    ],
)
async def test_a_dangerous_job_fails_alone(
    installation: Installation, resources: Resources, job_type: str, parameters: dict[str, object], code: ErrorCode
) -> None:
    worker = installation.start_worker(
        SECRETARY_WORKER_THREADS="1", SECRETARY_SILENCE_SECONDS="2", SECRETARY_MEMORY_MEGABYTES="512"
    )
    dangerous = await create(resources, job_type, **parameters)
    harmless = await create(resources, "noop")
    assert (await follow(resources, dangerous))[-1].status is JobStatus.FAILED
    row = await job(resources, dangerous)
    assert (row.error_code, row.attempt) == (code, 1)
    assert "/srv/secret" not in f"{row.error_message}{row.error_details}"
    assert (await follow(resources, harmless))[-1].status is JobStatus.COMPLETED
    assert worker.poll() is None
    assert not (installation.settings.produced_dir / dangerous).exists()


async def test_a_job_that_reports_but_never_ends_is_stopped_at_its_time(
    installation: Installation, resources: Resources
) -> None:
    installation.start_worker(SECRETARY_JOB_SECONDS="2")
    begun = time.monotonic()
    job_id = await create(resources, "sleep", seconds=60.0)
    await follow(resources, job_id)
    assert (await job(resources, job_id)).error_code == ErrorCode.TIMEOUT
    assert time.monotonic() - begun < 20


async def test_prints_of_a_library_do_not_spoil_the_messages_and_every_text_is_fit_to_store(
    installation: Installation, resources: Resources
) -> None:
    installation.start_worker()
    job_id = await create(resources, "chatty", reports=500)
    states = await follow(resources, job_id)
    row = await job(resources, job_id)
    assert row.status is JobStatus.COMPLETED
    assert row.warnings == ["something was only partly possible"]
    assert [state.percent for state in states] == sorted(state.percent for state in states)
    messages = [line.message for line in await resources.service.jobs.logs(VIEWER, job_id)]
    assert messages == [
        "talking: report 0",
        "a line with NUL \ufffd and a lone surrogate ?",
        "something was only partly possible",
        "Completed",
    ]


async def test_a_child_is_replaced_after_its_number_of_jobs(installation: Installation, resources: Resources) -> None:
    installation.start_worker(SECRETARY_WORKER_THREADS="1", SECRETARY_CHILD_JOBS="2")
    pids = []
    for _ in range(4):
        job_id = await create(resources, "noop")
        await follow(resources, job_id)
        row = await job(resources, job_id)
        assert row.results is not None
        pids.append(row.results["pid"])
    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert os.getpid() not in pids


async def test_a_job_that_needs_no_network_has_none(installation: Installation, resources: Resources) -> None:
    if subprocess.run([sys.executable, "-c", CAN_LEAVE], check=False).returncode:
        pytest.skip("this system lets no process leave the network")
    installation.start_worker()
    with socket.create_server(("127.0.0.1", 0)) as server:
        answers = []
        for job_type in ("dial", "dial_offline"):
            job_id = await create(resources, job_type, port=server.getsockname()[1])
            await follow(resources, job_id)
            answers.append(((await job(resources, job_id)).results or {})["attempts"])
    assert answers[0] == 0
    assert answers[1] in {errno.ENETUNREACH, errno.ECONNREFUSED}
