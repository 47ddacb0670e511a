"""Kills, losses and races against real processes: every job ends once, and subscribers get the end."""

import asyncio
import itertools
import os
import signal
import time
from pathlib import Path

import pytest

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus, Progress
from secretary.models import JobRow
from secretary.parameters import BatchRequest, JobRequest
from secretary.resources import Resources
from tests.installation import VIEWER, Installation, children_of, until


async def create(resources: Resources, job_type: str, max_attempts: int = 3, **parameters: object) -> str:
    request = JobRequest(job_type=job_type, parameters=parameters, max_attempts=max_attempts)
    return (await resources.service.jobs.create(VIEWER, request)).job.id


async def job(resources: Resources, job_id: str) -> JobRow:
    return await resources.service.jobs.get(VIEWER, job_id)


async def wait_for(resources: Resources, job_id: str, status: JobStatus, seconds: float = 20.0) -> JobRow:
    deadline = time.monotonic() + seconds
    while (row := await job(resources, job_id)).status is not status:
        assert time.monotonic() < deadline, f"within {seconds} s the job was {row.status} and not {status}: {row}"
        await asyncio.sleep(0.05)
    return row


async def follow(resources: Resources, job_id: str, seconds: float = 30.0) -> list[Progress]:
    async with asyncio.timeout(seconds):
        return [progress async for progress in resources.service.watch.job(VIEWER, job_id)]


async def wait_for_mark(mark: Path) -> None:
    def began() -> bool:
        # A file is there before its first line is.
        return mark.exists() and mark.read_text().endswith("\n")

    await asyncio.to_thread(until, began, seconds=30, what="the job began")


def assert_in_order(states: list[Progress], *, end: JobStatus) -> None:
    sequences = [state.sequence for state in states]
    assert sequences == sorted(set(sequences))
    assert states[-1].status is end
    assert all(not state.status.ended for state in states[:-1])
    for earlier, later in itertools.pairwise(states):
        assert later.attempt >= earlier.attempt
        if later.attempt == earlier.attempt and later.status is earlier.status:
            assert later.percent >= earlier.percent


async def test_a_job_of_a_worker_killed_in_the_middle_runs_again_within_15_seconds_and_ends_once(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    first = installation.start_worker()
    job_id = await create(resources, "sleep", seconds=2.0, mark=str(mark))
    following = asyncio.create_task(follow(resources, job_id))
    await wait_for_mark(mark)
    children = children_of(first)
    first.kill()
    killed_at = time.monotonic()
    installation.start_worker()
    await asyncio.to_thread(until, lambda: mark.read_text().count("begin") == 2, seconds=15, what="the job ran again")
    assert time.monotonic() - killed_at < 15
    states = await following
    row = await job(resources, job_id)
    assert (row.status, row.attempt) == (JobStatus.COMPLETED, 2)
    assert mark.read_text().count("end") == 1
    assert_in_order(states, end=JobStatus.COMPLETED)
    assert not any(child.is_running() for child in children)
    assert "fell silent" in "".join(line.message for line in await resources.service.jobs.logs(VIEWER, job_id))


async def test_a_killed_child_fails_its_job_and_the_worker_lives(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    worker = installation.start_worker()
    job_id = await create(resources, "sleep", seconds=30.0, mark=str(mark))
    await wait_for_mark(mark)
    os.kill(int(mark.read_text().split()[1]), signal.SIGKILL)
    row = await wait_for(resources, job_id, JobStatus.FAILED, seconds=5.0)
    assert row.error_code == ErrorCode.CRASHED
    assert worker.poll() is None
    after = await create(resources, "noop")
    assert (await wait_for(resources, after, JobStatus.COMPLETED)).attempt == 1


async def test_jobs_accepted_while_valkey_is_away_run_when_it_is_back_and_subscribers_get_the_end(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    installation.start_worker()
    before = await create(resources, "sleep", seconds=3.0, mark=str(mark))
    await wait_for_mark(mark)
    following_before = asyncio.create_task(follow(resources, before))
    installation.kill_valkey()
    meanwhile = [await create(resources, "noop") for _ in range(5)]
    following = [asyncio.create_task(follow(resources, job_id)) for job_id in meanwhile]
    await asyncio.sleep(1.0)
    installation.start_valkey()
    for task in following:
        assert_in_order(await task, end=JobStatus.COMPLETED)
    assert_in_order(await following_before, end=JobStatus.COMPLETED)
    assert mark.read_text().count("begin") == 1


async def test_flushing_redis_loses_no_job(installation: Installation, resources: Resources) -> None:
    worker = installation.start_worker()
    os.kill(worker.pid, signal.SIGSTOP)
    jobs = [await create(resources, "noop") for _ in range(20)]
    installation.flush_all()
    os.kill(worker.pid, signal.SIGCONT)
    for job_id in jobs:
        assert_in_order(await follow(resources, job_id), end=JobStatus.COMPLETED)
        assert (await job(resources, job_id)).attempt == 1


async def test_workers_racing_for_jobs_run_each_once(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    for _ in range(2):
        installation.start_worker(SECRETARY_WORKER_THREADS="4")
    marks = [tmp_path / f"mark-{number}" for number in range(40)]
    jobs = [{"job_type": "sleep", "parameters": {"seconds": 0.01, "mark": str(mark)}} for mark in marks]
    batch = await resources.service.batches.create(VIEWER, BatchRequest(jobs=jobs))
    async with asyncio.timeout(40):
        changes = [change async for change in resources.service.watch.batch(VIEWER, batch.row.id)]
    assert changes[-1].state.counts.completed == 40
    assert changes[-1].state.percent == 100
    assert [mark.read_text().count("begin") for mark in marks] == [1] * 40


async def test_a_doubled_bell_and_a_lost_one_change_nothing(installation: Installation, resources: Resources) -> None:
    from secretary.queue import DEFAULT_QUEUE, Doorbell, open_broker

    installation.start_worker()
    job_id = await create(resources, "noop")
    Doorbell(open_broker(installation.settings.redis_address)).ring(DEFAULT_QUEUE, 30)
    assert_in_order(await follow(resources, job_id), end=JobStatus.COMPLETED)
    await asyncio.sleep(1.0)
    row = await job(resources, job_id)
    assert (row.status, row.attempt) == (JobStatus.COMPLETED, 1)


async def test_a_zombie_that_wakes_after_its_lease_changes_nothing(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    zombie = installation.start_worker(SECRETARY_LEASE_SECONDS="2")
    job_id = await create(resources, "sleep", seconds=4.0, mark=str(mark))
    await wait_for_mark(mark)
    os.kill(zombie.pid, signal.SIGSTOP)
    installation.start_worker(SECRETARY_LEASE_SECONDS="2")
    await asyncio.to_thread(until, lambda: mark.read_text().count("begin") == 2, seconds=15, what="it ran again")
    # The zombie's child goes on and ends its work; its answer waits in the pipe until the zombie wakes.
    await asyncio.sleep(3.0)
    before = await job(resources, job_id)
    os.kill(zombie.pid, signal.SIGCONT)
    await asyncio.sleep(1.5)
    row = await wait_for(resources, job_id, JobStatus.COMPLETED)
    assert row.attempt == before.attempt == 2
    assert row.target_dir is not None
    folders = list((installation.settings.produced_dir / job_id).iterdir())
    assert [str(folder / "files") for folder in folders] == [row.target_dir]
    assert (Path(row.target_dir) / "slept.md").read_text() == "I slept.\n"
    assert zombie.poll() is None


async def test_a_job_that_keeps_losing_its_worker_fails_after_its_last_attempt(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    job_id = await create(resources, "sleep", max_attempts=2, seconds=60.0, mark=str(mark))
    for attempt in (1, 2):
        worker = installation.start_worker(SECRETARY_LEASE_SECONDS="2")
        await asyncio.to_thread(
            until, lambda n=attempt: mark.exists() and mark.read_text().count("begin") == n, seconds=15, what="it ran"
        )
        worker.kill()
    installation.start_worker(SECRETARY_LEASE_SECONDS="2")
    row = await wait_for(resources, job_id, JobStatus.FAILED)
    assert (row.error_code, row.attempt) == (ErrorCode.WORKER_LOST, 2)


async def test_a_pending_job_is_cancelled_at_once_and_never_runs(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    job_id = await create(resources, "sleep", seconds=0.1, mark=str(mark))
    row = await resources.service.jobs.cancel(VIEWER, job_id)
    assert (row.status, row.error_code) == (JobStatus.CANCELLED, ErrorCode.JOB_CANCELLED)
    installation.start_worker()
    await wait_for(resources, await create(resources, "noop"), JobStatus.COMPLETED)
    assert not mark.exists()


@pytest.mark.parametrize("redis", ["there", "away"])
async def test_a_running_job_is_cancelled_within_2_seconds_by_killing_its_child(
    installation: Installation, resources: Resources, tmp_path: Path, redis: str
) -> None:
    mark = tmp_path / "mark"
    worker = installation.start_worker()
    job_id = await create(resources, "sleep", seconds=60.0, mark=str(mark))
    await wait_for_mark(mark)
    child = int(mark.read_text().split()[1])
    if redis == "away":
        installation.kill_valkey()
    row = await resources.service.jobs.cancel(VIEWER, job_id)
    assert row.status is JobStatus.CANCELLED
    await asyncio.to_thread(
        until, lambda: child not in [process.pid for process in children_of(worker)], seconds=2, what="the child died"
    )
    assert (await follow(resources, job_id))[-1].status is JobStatus.CANCELLED
    assert mark.read_text().count("end") == 0


async def test_a_transient_failure_is_tried_again_with_growing_delays(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    installation.start_worker()
    job_id = await create(resources, "flaky", counter=str(tmp_path / "counter"), failures=2)
    states = await follow(resources, job_id)
    assert_in_order(states, end=JobStatus.COMPLETED)
    row = await job(resources, job_id)
    assert row.attempt == 3
    assert row.results is not None
    assert row.results["attempts"] == 3


async def test_a_transient_failure_ends_the_job_after_max_attempts(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    installation.start_worker()
    job_id = await create(resources, "flaky", max_attempts=2, counter=str(tmp_path / "counter"), failures=9)
    await follow(resources, job_id)
    row = await job(resources, job_id)
    assert (row.status, row.attempt, row.error_code) == (JobStatus.FAILED, 2, ErrorCode.FETCH_FAILED)
    assert (tmp_path / "counter").read_text() == "2"


async def test_a_stopped_worker_gives_its_jobs_back_without_counting_the_attempt(
    installation: Installation, resources: Resources, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    first = installation.start_worker()
    job_id = await create(resources, "sleep", seconds=15.0, mark=str(mark))
    await wait_for_mark(mark)
    first.terminate()
    stopping_at = time.monotonic()
    assert await asyncio.to_thread(first.wait, 10) == 0
    assert time.monotonic() - stopping_at < 9
    row = await job(resources, job_id)
    assert (row.status, row.attempt) == (JobStatus.PENDING, 0)
    installation.start_worker()
    await wait_for(resources, job_id, JobStatus.PROCESSING)


async def test_the_web_process_can_be_killed_without_losing_state(
    installation: Installation, resources: Resources
) -> None:
    import httpx

    from tests.installation import KEY

    installation.start_worker()
    web = installation.start_web()
    base = f"http://127.0.0.1:{installation.settings.port}"
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False) as client:
        body = {"job_type": "sleep", "parameters": {"seconds": 1.0}}
        created = (await client.post("/api/jobs/", json=body)).json()["data"]["job_id"]
        web.kill()
        web.wait()
        installation.start_web()
        async with asyncio.timeout(20):
            while (found := (await client.get(f"/api/jobs/{created}")).json()["data"])["status"] != "completed":
                await asyncio.sleep(0.1)
    assert found["progress"] == {"step": "completed", "percent": 100, "message": "Completed"}
