"""What a receiver reads; contract section 6."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from secretary.deliveries import DeliveryRow, Phase
from secretary.errors import ErrorCode
from secretary.jobs import JobStatus, StatusCounts
from secretary.models import BatchRow, JobRow
from secretary.parameters import Webhook
from secretary.results import Results

SCHEMA_VERSION: Final = 1
MAX_BYTES: Final = 1024 * 1024
"""Of a body; what makes it larger is replaced by where to fetch it."""
_WORTH_LEAVING_OUT: Final = 1_024


def of_progress(row: DeliveryRow, job: JobRow, webhook: Webhook) -> dict[str, Any]:
    """How far the job is."""
    said = {"phase": Phase.PROCESSING.value, "progress": row.percent or 0, "message": row.message or ""}
    return {**said, **_about(job.id, job.job_type, webhook)}


def of_completed(job: JobRow, kind: type[Results] | None, webhook: Webhook) -> dict[str, Any]:
    """That the job completed, with its main results."""
    said = {"phase": Phase.COMPLETED.value, "message": "Processing completed", "data": main_results(job, kind)}
    return {**said, **_about(job.id, job.job_type, webhook)}


def of_error(error: Mapping[str, Any], job: JobRow, webhook: Webhook) -> dict[str, Any]:
    """That the job failed or was cancelled, by the error it had at that time."""
    said = {"phase": Phase.ERROR.value, "message": error["message"], "error": dict(error), "data": None}
    return {**said, **_about(job.id, job.job_type, webhook)}


def of_batch(
    phase: Phase, batch: BatchRow, counts: StatusCounts, jobs: Sequence[JobRow], webhook: Webhook
) -> dict[str, Any]:
    """That the batch has ended, with how each of its jobs did."""
    data = {
        "batch_id": batch.id,
        "batch_name": batch.name,
        "status": counts.status.value,
        "job_count": counts.total,
        "completed_count": counts.completed,
        "failed_count": counts.failed,
        "cancelled_count": counts.cancelled,
        "jobs": [{"job_id": job.id, "status": job.status.value} for job in jobs],
    }
    about = _about(batch.id, "batch", webhook)
    if phase is Phase.COMPLETED:
        message = f"{counts.completed} of {counts.total} jobs completed"
        return {"phase": phase.value, "message": message, "data": data, **about}
    error = _batch_error(counts, jobs)
    return {"phase": Phase.ERROR.value, "message": error["message"], "error": error, "data": data, **about}


def main_results(job: JobRow, kind: type[Results] | None) -> dict[str, Any]:
    """The results without where they lie on the server; of a type that has one, its main part."""
    results = dict(job.results or {})
    main = results.get(kind.main_part) if kind and kind.main_part else None
    if isinstance(main, dict):
        return {**main, "warnings": results.get("warnings", [])}
    results.pop("target_dir", None)
    return results


def encoded(body: Mapping[str, Any], url: str) -> bytes:
    """The body as JSON. While it has more than a megabyte, the largest value in `data` makes room for `url`, where it is, under
    its name with `_url`."""
    whole = _json(body)
    if len(whole) <= MAX_BYTES:
        return whole
    smaller = json.loads(whole)
    while len(whole) > MAX_BYTES and (place := _heaviest(smaller["data"])):
        holder, name = place
        del holder[name]
        holder[f"{name}_url"] = url
        whole = _json(smaller)
    return whole


def url_of(row: DeliveryRow, public_url: str | None) -> str:
    """Where all of it can be fetched with the owner's key; relative to this server unless its public address is set."""
    place = "batch/" if row.target_id.startswith("batch-") else ""
    return f"{public_url or ''}/api/jobs/{place}{quote(row.target_id)}"


def _about(own_id: str, main_processor: str, webhook: Webhook) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "job": {"id": webhook.job_id or own_id},
        "process": {"id": own_id, "main_processor": main_processor},
    }


def _batch_error(counts: StatusCounts, jobs: Sequence[JobRow]) -> dict[str, Any]:
    if counts.status is JobStatus.CANCELLED:
        return {"code": ErrorCode.JOB_CANCELLED.value, "message": "The batch was cancelled.", "details": None}
    failed = next((job.error_code for job in jobs if job.status is JobStatus.FAILED), None)
    return {"code": failed or ErrorCode.INTERNAL.value, "message": "No job of the batch completed.", "details": None}


def _heaviest(data: Any) -> tuple[dict[str, Any], str] | None:
    """The largest text or list in `data` or an object in it, and the object that holds it; None when nothing is large."""
    if not isinstance(data, dict) or not data:
        return None
    name = max(data, key=lambda key: len(_json(data[key])))
    if isinstance(data[name], dict) and (inside := _heaviest(data[name])):
        return inside
    return (data, name) if len(_json(data[name])) > _WORTH_LEAVING_OUT else None


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
