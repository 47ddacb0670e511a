"""What a receiver reads is what the contract says; what is too large is replaced by where to fetch it."""

import json
from datetime import UTC, datetime
from typing import Any

from secretary.deliveries import DeliveryRow, Phase
from secretary.jobs import JobStatus, StatusCounts
from secretary.models import BatchRow, JobRow
from secretary.parameters import Webhook
from secretary.results import PdfResults, Results
from secretary.webhooks.payloads import (
    MAX_BYTES,
    encoded,
    main_results,
    of_batch,
    of_completed,
    of_error,
    of_progress,
    url_of,
)

HOOK = Webhook(url="https://example.org/")
NAMED = Webhook(url="https://example.org/", jobId="order-7")
ABOUT = {"schema_version": 1, "job": {"id": "job-1"}, "process": {"id": "job-1", "main_processor": "pdf"}}
NOW = datetime.now(UTC)


def job(job_id: str = "job-1", status: JobStatus = JobStatus.COMPLETED, **columns: Any) -> JobRow:
    dates = {"created_at": NOW, "updated_at": NOW, "run_at": NOW}
    return JobRow(id=job_id, job_type="pdf", owner="ursula", parameters={}, status=status, **dates, **columns)


def delivery(target_id: str = "job-1", **columns: Any) -> DeliveryRow:
    return DeliveryRow(id="delivery-1", target_id=target_id, owner="ursula", phase="processing", **columns)


def test_progress() -> None:
    body = of_progress(delivery(percent=50, message="Extracting text from PDF..."), job(), HOOK)
    assert body == {"phase": "processing", "progress": 50, "message": "Extracting text from PDF...", **ABOUT}


def test_the_end_of_a_pdf_job_has_its_text_and_metadata() -> None:
    structured = {"extracted_text": "Hello", "metadata": {"page_count": 1}, "tables": []}
    done = job(results={"structured_data": structured, "assets": [], "target_dir": "/srv/x", "warnings": ["w"]})
    assert of_completed(done, PdfResults, HOOK) == {
        "phase": "completed",
        "message": "Processing completed",
        "data": {**structured, "warnings": ["w"]},
        **ABOUT,
    }


def test_the_end_of_another_type_has_its_results_but_not_where_they_lie() -> None:
    done = job(results={"words": 3, "assets": ["a.png"], "target_dir": "/srv/x", "warnings": []})
    for kind in (Results, None):
        assert main_results(done, kind) == {"words": 3, "assets": ["a.png"], "warnings": []}


def test_an_error() -> None:
    error = {"code": "INVALID_FILE", "message": "No document.", "details": None}
    body = of_error(error, job(), NAMED)
    assert body == {
        "phase": "error",
        "message": "No document.",
        "error": error,
        "data": None,
        **ABOUT,
        "job": {"id": "order-7"},
    }


def test_a_batch() -> None:
    batch = BatchRow(id="batch-1", name="Minutes", owner="ursula", job_count=2, created_at=NOW)
    jobs = [job("job-1"), job("job-2", JobStatus.CANCELLED)]
    body = of_batch(Phase.COMPLETED, batch, StatusCounts(completed=1, cancelled=1), jobs, HOOK)
    assert body == {
        "phase": "completed",
        "message": "1 of 2 jobs completed",
        "data": {
            "batch_id": "batch-1",
            "batch_name": "Minutes",
            "status": "completed",
            "job_count": 2,
            "completed_count": 1,
            "failed_count": 0,
            "cancelled_count": 1,
            "jobs": [{"job_id": "job-1", "status": "completed"}, {"job_id": "job-2", "status": "cancelled"}],
        },
        "schema_version": 1,
        "job": {"id": "batch-1"},
        "process": {"id": "batch-1", "main_processor": "batch"},
    }


def test_a_batch_of_which_nothing_completed() -> None:
    batch = BatchRow(id="batch-1", owner="ursula", job_count=1, created_at=NOW)
    cancelled = of_batch(Phase.ERROR, batch, StatusCounts(cancelled=1), [job(status=JobStatus.CANCELLED)], HOOK)
    assert (cancelled["phase"], cancelled["error"]["code"]) == ("error", "JOB_CANCELLED")
    assert cancelled["data"]["status"] == "cancelled"
    failed = of_batch(
        Phase.ERROR, batch, StatusCounts(failed=1), [job(status=JobStatus.FAILED, error_code="TIMEOUT")], HOOK
    )
    assert failed["error"]["code"] == "TIMEOUT"


def test_a_large_text_is_replaced_by_where_to_fetch_it_and_the_rest_stays() -> None:
    pages = [{"page": number, "content": "x" * 1000} for number in range(1200)]
    data = {"extracted_text": "y" * 1_200_000, "metadata": {"page_count": 1200, "text_contents": pages}, "tables": []}
    content = encoded({"phase": "completed", "data": data}, "https://host/api/jobs/job-1")
    assert len(content) < MAX_BYTES
    assert json.loads(content) == {
        "phase": "completed",
        "data": {
            "extracted_text_url": "https://host/api/jobs/job-1",
            "metadata": {"page_count": 1200, "text_contents_url": "https://host/api/jobs/job-1"},
            "tables": [],
        },
    }
    assert data["extracted_text"].startswith("y"), "the caller's own is left as it was"


def test_a_text_that_fits_is_sent_whatever_its_letters() -> None:
    body = {"phase": "completed", "data": {"extracted_text": "ü" * 500_000}}
    assert json.loads(encoded(body, "/x")) == body


def test_ten_thousand_jobs_of_a_batch_fit() -> None:
    batch = BatchRow(id="batch-1", owner="ursula", job_count=10_000, created_at=NOW)
    ids = [f"job-01a20a2d-d61c-746a-9f6f-{number:012x}" for number in range(10_000)]
    body = of_batch(Phase.COMPLETED, batch, StatusCounts(completed=10_000), [job(one) for one in ids], HOOK)
    assert [entry["job_id"] for entry in json.loads(encoded(body, "/x"))["data"]["jobs"]] == ids


def test_where_to_fetch_is_a_whole_address_when_the_servers_is_known() -> None:
    assert url_of(delivery(), None) == "/api/jobs/job-1"
    assert url_of(delivery("batch-1"), "https://host") == "https://host/api/jobs/batch/batch-1"
