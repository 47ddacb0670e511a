"""Scans through the whole service: read here in two processes at once, or by a provider whose key nobody gets to see."""

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.conftest import free_port
from tests.documents.ocr.printed import ENGLISH, GERMAN, error_rate, printed, scan_of
from tests.documents.remote.provider_servers import Server, mistral, said, serving
from tests.documents_made import text_pdf
from tests.installation import Installation
from tests.whole.test_end_to_end import CREATE, follow, graphql

KEY = "key-that-nobody-may-see"
JOB = """
query ($id: ID!) {
  job(id: $id) {
    status attempt warnings error { code message } logs { edges { node { message } } }
    results {
      ... on PdfResults {
        structuredData {
          extractedText
          metadata { textContents { page method engine dpi confidence reason } failedPages { page code message } }
        }
      }
    }
  }
}
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[Server]:
    with serving(mistral) as server:
        yield server


@pytest.fixture(scope="module")
def service(short_dir: Path, shared_inputs: Path, provider: Server) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    settings = {"SECRETARY_MISTRAL_URL": provider.url, "SECRETARY_MISTRAL_KEY": KEY, "NO_PROXY": "127.0.0.1"}
    made = Installation(folder, shared_inputs, None, free_port(), **settings)
    made.start_valkey()
    made.start_worker()
    made.start_web()
    yield made
    made.stop_all()


async def create(client: httpx.AsyncClient, **pdf: Any) -> str:
    created = (await graphql(client, CREATE, input={"job": {"pdf": pdf}}))["createJob"]
    assert "job" in created, created
    return str(created["job"]["id"])


async def ended(service: Installation, client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    await follow(service, job_id)
    job: dict[str, Any] = (await graphql(client, JOB, id=job_id))["job"]
    return job


@pytest.mark.usefixtures("tesseract")
async def test_a_scan_is_read_page_by_page_with_progress(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    scan_of(shared_inputs / "scan.pdf", printed(ENGLISH), printed(GERMAN))
    job_id = await create(client, filename="scan.pdf", extractionMethod="COMBINED", language=["en", "de"])
    states = await follow(service, job_id)
    assert {"Page 1 of 2", "Page 2 of 2"} <= {state["message"] for state in states}
    data = (await ended(service, client, job_id))["results"]["structuredData"]
    assert error_rate(data["extractedText"], f"{ENGLISH} {GERMAN}") <= 0.005
    for page in data["metadata"]["textContents"]:
        assert page.pop("confidence") > 0.8
        assert page.pop("engine").startswith("tesseract ")
        assert page.pop("page") in (1, 2)
        assert page == {
            "method": "ocr",
            "dpi": 200,
            "reason": "no text and a picture covers 100% of the page",
        }


async def test_pages_are_read_by_a_provider_and_its_key_is_seen_nowhere_else(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path, provider: Server
) -> None:
    text_pdf(shared_inputs / "two.pdf", "one", "two")
    job = await ended(service, client, await create(client, filename="two.pdf", extractionMethod="MISTRAL_OCR"))
    data = job["results"]["structuredData"]
    assert data["extractedText"] == "Heading\n\none of 1\n\nHeading\n\ntwo of 1"
    assert {request.key for request in provider.requests} == {f"Bearer {KEY}"}
    assert KEY not in str(job)
    kept = [path for path in service.folder.rglob("*") if path.is_file()]
    assert [path for path in kept if KEY.encode() in path.read_bytes()] == []


async def test_a_job_that_waits_for_a_provider_can_be_cancelled_and_shows_no_key(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path, provider: Server
) -> None:
    text_pdf(shared_inputs / "hangs.pdf", "one")
    before = len(provider.requests)
    provider.script.append(provider.hang)
    job_id = await create(client, filename="hangs.pdf", extractionMethod="MISTRAL_OCR")
    async with asyncio.timeout(20):
        while len(provider.requests) == before:
            await asyncio.sleep(0.05)
    processes = [child for started in service.processes[1:] for child in psutil.Process(started.pid).children(True)]
    readers = [child for child in processes if "secretary.documents.page_worker" in child.cmdline()]
    assert readers
    assert KEY not in str([(child.cmdline(), child.environ()) for child in processes])
    await client.post(f"/api/jobs/{job_id}/cancel")
    assert (await ended(service, client, job_id))["status"] == "CANCELLED"
    _, alive = await asyncio.to_thread(psutil.wait_procs, readers, timeout=5)
    assert alive == []


async def test_a_job_is_tried_again_when_the_provider_asks_for_a_long_rest(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path, provider: Server
) -> None:
    text_pdf(shared_inputs / "later.pdf", "later")
    provider.script.append(lambda _: said(429, {}, **{"Retry-After": "300"}))
    job = await ended(service, client, await create(client, filename="later.pdf", extractionMethod="MISTRAL_OCR"))
    assert (job["status"], job["attempt"]) == ("COMPLETED", 2)
    assert any("asks to wait for 300 seconds" in edge["node"]["message"] for edge in job["logs"]["edges"])


async def test_a_method_without_a_key_is_refused_naming_the_setting(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    text_pdf(shared_inputs / "a.pdf", "a")
    body = {"job_type": "pdf", "parameters": {"filename": "a.pdf", "extraction_method": "openai_vision"}}
    answer = await client.post("/api/jobs/", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "PROVIDER_NOT_CONFIGURED")
    assert "SECRETARY_OPENAI_KEY" in answer.json()["error"]["message"]
