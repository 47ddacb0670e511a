"""Statuses, moves and numbers of jobs and batches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.jobs import JobStatus, StatusCounts, new_id, retry_delay

COUNTS = st.builds(StatusCounts, *[st.integers(0, 3)] * 5).filter(lambda counts: counts.total > 0)


@given(COUNTS)
def test_a_batchs_status_follows_the_contract(counts: StatusCounts) -> None:
    if counts.pending == counts.total:
        expected = JobStatus.PENDING
    elif counts.pending or counts.processing:
        expected = JobStatus.PROCESSING
    elif counts.completed:
        expected = JobStatus.COMPLETED
    elif counts.failed:
        expected = JobStatus.FAILED
    else:
        expected = JobStatus.CANCELLED
    assert counts.status is expected


def test_a_batch_whose_jobs_were_all_deleted_has_ended() -> None:
    assert StatusCounts().status is JobStatus.CANCELLED


def test_ids_sort_by_the_time_they_were_made() -> None:
    ids = [new_id("job") for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert ids[0].startswith("job-")
    assert ids[0][4 + 14] == "7"


@given(st.integers(1, 20), st.floats(0.01, 300))
def test_retries_wait_longer_each_time_with_jitter_and_a_cap(attempt: int, base: float) -> None:
    whole = min(base * 2 ** (attempt - 1), 300.0)
    assert whole / 2 <= retry_delay(attempt, base=base) <= whole


@pytest.mark.parametrize("status", list(JobStatus))
def test_three_statuses_are_ends(status: JobStatus) -> None:
    assert status.ended == (status.value in {"completed", "failed", "cancelled"})
