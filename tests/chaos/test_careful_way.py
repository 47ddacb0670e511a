"""The second, careful way of an attempt: its progress, its limits, and that nothing of it is left when it is stopped."""

import itertools
import subprocess
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.resources import Resources
from tests.chaos.test_nothing_lost_nothing_twice import assert_in_order, create, follow, job
from tests.hostile.bombs import one_bomb_among_good_pages
from tests.hostile.structures import reference_that_is_itself
from tests.installation import VIEWER, Installation, until

# What is tested has nothing to do with the database: one is enough.
pytestmark = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)


async def test_one_bad_page_costs_itself_and_progress_never_goes_back(
    installation: Installation, resources: Resources, inputs: Path
) -> None:
    (inputs / "a.pdf").write_bytes(one_bomb_among_good_pages())
    installation.start_worker(SECRETARY_MEMORY_MEGABYTES="512")
    job_id = await create(resources, "pdf", filename="a.pdf")
    states = await follow(resources, job_id, seconds=60.0)
    row = await job(resources, job_id)
    assert_in_order(states, end=JobStatus.COMPLETED)
    percents = [state.percent for state in states if state.status is not JobStatus.PENDING]
    assert all(before <= after for before, after in itertools.pairwise(percents))
    assert row.results is not None
    [failed] = row.results["structured_data"]["metadata"]["failed_pages"]
    assert (row.attempt, failed["page"], failed["code"]) == (1, 3, ErrorCode.OUT_OF_MEMORY)
    lines = [line.message for line in await resources.service.jobs.logs(VIEWER, job_id)]
    sentence = "Page 3: more memory needed than a page may use, left out of the results."
    assert lines == [
        "reading_file: Reading the file",
        "extracting_text: Page 1 of 5",
        "OUT_OF_MEMORY while reading the input; it is read once more, each page apart.",
        sentence,
        "finalizing: Writing the results",
        "Completed",
    ]
    assert row.warnings == [sentence]
    again = await create(resources, "pdf", filename="a.pdf")
    await follow(resources, again, seconds=60.0)
    assert not (await job(resources, again)).from_cache


async def test_a_cancel_ends_the_page_workers_at_once(
    installation: Installation, resources: Resources, inputs: Path
) -> None:
    worker, job_id = await _hanging_carefully(installation, resources, inputs, SECRETARY_PAGE_SECONDS="4")
    workers = page_workers(worker)
    await resources.service.jobs.cancel(VIEWER, job_id)
    until(lambda: not any(map(_lives, workers)), seconds=3, what="the page workers ended")
    assert (await job(resources, job_id)).status is JobStatus.CANCELLED
    harmless = await create(resources, "noop")
    assert (await follow(resources, harmless))[-1].status is JobStatus.COMPLETED


async def test_page_workers_do_not_outlive_a_worker_that_is_killed(
    installation: Installation, resources: Resources, inputs: Path
) -> None:
    worker, _ = await _hanging_carefully(installation, resources, inputs, SECRETARY_PAGE_SECONDS="4")
    workers = page_workers(worker)
    worker.kill()
    until(lambda: not any(map(_lives, workers)), seconds=3, what="the page workers ended")


async def test_both_ways_together_take_no_longer_than_a_job_may(
    installation: Installation, resources: Resources, inputs: Path
) -> None:
    worker, job_id = await _hanging_carefully(
        installation, resources, inputs, SECRETARY_PAGE_SECONDS="4", SECRETARY_JOB_SECONDS="6"
    )
    await follow(resources, job_id)
    row = await job(resources, job_id)
    assert row.error_code == ErrorCode.TIMEOUT
    assert row.error_message == "The job took longer than 6 seconds and was stopped."
    assert row.started_at is not None
    assert row.completed_at is not None
    assert timedelta(seconds=6) <= row.completed_at - row.started_at < timedelta(seconds=9)
    until(lambda: not page_workers(worker), seconds=3, what="the page workers ended")


async def _hanging_carefully(
    installation: Installation, resources: Resources, inputs: Path, **settings: str
) -> tuple[subprocess.Popen[bytes], str]:
    """A worker, and its job that is in its second way and will hang there for some seconds."""
    (inputs / "a.pdf").write_bytes(reference_that_is_itself())
    worker = installation.start_worker(**settings)
    job_id = await create(resources, "pdf", filename="a.pdf")
    until(lambda: page_workers(worker), seconds=60, what="the careful way began")
    return worker, job_id


def page_workers(worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        family = psutil.Process(worker.pid).children(recursive=True)
        return [child for child in family if _lives(child) and "secretary.documents.page_worker" in child.cmdline()]
    except psutil.NoSuchProcess:
        return []


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
