"""A client written from the documentation of the "Secretary Job Worker" API alone: create, follow by asking, download."""

import io
import zipfile
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import USER_KEY
from tests.rest.conftest import HandWorker


class SecretaryJobWorker:
    """What such a client knows: one key, JSON, and `status` before everything."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url, headers={"X-Secretary-Api-Key": api_key}, trust_env=False, follow_redirects=True
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def create_job(self, job_type: str, parameters: dict[str, Any], user_id: str | None = None) -> str:
        answer = await self._http.post(
            "/api/jobs/", json={"job_type": job_type, "parameters": parameters, "user_id": user_id}
        )
        return str(_data(answer)["job_id"])

    async def create_batch(self, name: str, jobs: list[dict[str, Any]]) -> tuple[str, list[str]]:
        data = _data(await self._http.post("/api/jobs/batch", json={"batch_name": name, "jobs": jobs}))
        return data["batch_id"], data["job_ids"]

    async def job(self, job_id: str) -> dict[str, Any]:
        return _data(await self._http.get(f"/api/jobs/{job_id}"))

    async def batch(self, batch_id: str) -> dict[str, Any]:
        return _data(await self._http.get(f"/api/jobs/batch/{batch_id}"))

    async def archive(self, job_id: str) -> zipfile.ZipFile | None:
        answer = await self._http.get(f"/api/jobs/{job_id}/download-archive")
        if answer.status_code == 202:
            assert answer.json()["status"] == "processing"
            return None
        assert answer.headers["content-type"] == "application/zip"
        return zipfile.ZipFile(io.BytesIO(answer.content))


def _data(answer: httpx.Response) -> dict[str, Any]:
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "success")
    return dict(body["data"])


async def test_an_old_client_gets_its_work_done(base_url: str, pdf: Path, worker: HandWorker):
    old = SecretaryJobWorker(base_url, USER_KEY)
    job_id = await old.create_job("pdf", {"filename": "a.pdf", "useCache": False, "extraction_method": "native"})
    assert (await old.job(job_id))["status"] == "pending"
    assert await old.archive(job_id) is None
    await worker.complete(await worker.claim(), files={"a.md": b"# A"}, results={"target_dir": "", "assets": []})
    job = await old.job(job_id)
    assert (job["status"], job["progress"]["percent"]) == ("completed", 100)
    assert job["results"]["assets"] == []
    archive = await old.archive(job_id)
    assert archive is not None
    assert archive.read("a.md") == b"# A"

    jobs = [{"job_type": "pdf", "parameters": {"file_path": "a.pdf"}} for _ in range(2)]
    batch_id, job_ids = await old.create_batch("Monday", jobs)
    for _ in job_ids:
        await worker.complete(await worker.claim(), files={}, results={"target_dir": ""})
    batch = await old.batch(batch_id)
    assert (batch["batch_name"], batch["status"], batch["completed_count"]) == ("Monday", "completed", 2)
    assert [(entry["job_id"], entry["status"]) for entry in batch["jobs"]] == [(one, "completed") for one in job_ids]
    await old.close()
