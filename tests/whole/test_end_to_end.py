"""The real thing, whole: HTTP in, a Dramatiq worker, a WebSocket and an event stream out, results and archive fetched."""

import asyncio
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport

from tests.conftest import USER_KEY
from tests.documents_made import table_pdf, text_pdf
from tests.installation import Installation

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

CREATE = """
mutation ($input: CreateJobInput!) {
  createJob(input: $input) { ... on CreateJobPayload { job { id status } } ... on Error { code message } }
}
"""
FOLLOW = "subscription ($id: ID!) { jobProgress(jobId: $id) { sequence status step percent message } }"
JOB = """
query ($id: ID!) {
  job(id: $id) {
    status attempt warnings archiveUrl
    progress { sequence step percent }
    files { name mediaType size url }
    results {
      ... on PdfResults {
        structuredData { extractedText metadata { pageCount title textContents { page content method } } tables { page rows } }
      }
    }
  }
}
"""


async def graphql(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    body: dict[str, Any] = answer.json()
    assert "errors" not in body, body
    return body["data"]


async def follow(service: Installation, job_id: str) -> list[dict[str, Any]]:
    transport = WebsocketsTransport(
        f"ws://127.0.0.1:{service.settings.port}/graphql", init_payload={"authorization": f"Bearer {USER_KEY}"}
    )
    request = GraphQLRequest(FOLLOW, variable_values={"id": job_id})
    async with asyncio.timeout(60), Client(transport=transport) as session:
        return [state["jobProgress"] async for state in session.subscribe(request)]


async def test_a_pdf_goes_in_and_live_progress_results_and_an_archive_come_out(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    text_pdf(shared_inputs / "three.pdf", "First page\nwith two lines", "Second page", "Third page", title="Three")
    created = (await graphql(client, CREATE, input={"job": {"pdf": {"filename": "three.pdf"}}}))["createJob"]
    states = await follow(service, created["job"]["id"])

    sequences = [state["sequence"] for state in states]
    assert sequences == sorted(set(sequences))
    assert [state["percent"] for state in states] == sorted(state["percent"] for state in states)
    assert (states[-1]["status"], states[-1]["step"], states[-1]["percent"]) == ("COMPLETED", "completed", 100)

    job = (await graphql(client, JOB, id=created["job"]["id"]))["job"]
    assert job["progress"] == {"sequence": sequences[-1], "step": "completed", "percent": 100}
    assert (job["status"], job["attempt"], job["warnings"]) == ("COMPLETED", 1, [])
    data = job["results"]["structuredData"]
    assert data["extractedText"] == "First page\nwith two lines\n\nSecond page\n\nThird page"
    assert data["metadata"]["pageCount"] == 3
    assert data["metadata"]["title"] == "Three"
    assert [page["content"] for page in data["metadata"]["textContents"]] == data["extractedText"].split("\n\n")

    archive = await client.get(job["archiveUrl"])
    assert archive.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert opened.namelist() == [file["name"] for file in job["files"]] == ["three.json", "three.md"]
        assert json.loads(opened.read("three.json"))["metadata"]["page_count"] == 3
        assert "Second page" in opened.read("three.md").decode()
    part = await client.get(job["archiveUrl"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"PK\x03\x04")


async def test_the_rest_client_sees_the_same_job_in_its_own_words(
    client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    table_pdf(shared_inputs / "table.pdf", [["a", "b"], ["1", "2"]])
    body = {"job_type": "pdf", "parameters": {"filename": "table.pdf", "include_images": True}}
    created = (await client.post("/api/jobs/", json=body)).json()["data"]["job_id"]
    events: list[tuple[str, dict[str, Any]]] = []
    async with client.stream("GET", f"/api/jobs/{created}/stream") as stream:
        name = ""
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((name, json.loads(line.removeprefix("data: "))))
    assert events[-1][0] == "completed"
    job = (await client.get(f"/api/jobs/{created}")).json()["data"]
    assert job["status"] == "completed"
    assert job["progress"] == {"step": "completed", "percent": 100, "message": "Completed"}
    assert job["results"]["structured_data"]["tables"] == [{"page": 1, "rows": [["a", "b"], ["1", "2"]]}]
    assert [file["name"] for file in job["files"]] == [
        "images/page-0001.jpg",
        "previews/page-0001.jpg",
        "table.json",
        "table.md",
        "tables/page-0001-table-1.csv",
    ]
    for file in job["files"]:
        fetched = await client.get(file["url"])
        assert (fetched.status_code, len(fetched.content)) == (200, file["size"])


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real PDFs is not beside this checkout")
async def test_every_real_pdf_ends_completed_or_failed_with_a_fitting_code(client: httpx.AsyncClient) -> None:
    manifest = json.loads((CORPUS / "manifest.json").read_text())["files"]
    jobs = [{"job_type": "pdf", "parameters": {"filename": str(CORPUS / entry["file"])}} for entry in manifest]
    batch = (await client.post("/api/jobs/batch", json={"jobs": jobs})).json()["data"]
    async with asyncio.timeout(150):
        while True:
            state = (await client.get(f"/api/jobs/batch/{batch['batch_id']}")).json()["data"]
            if state["status"] not in {"pending", "processing"}:
                break
            await asyncio.sleep(0.5)
    assert state["completed_count"] + state["failed_count"] == len(manifest)
    for entry, job_id in zip(manifest, batch["job_ids"], strict=True):
        job = (await client.get(f"/api/jobs/{job_id}")).json()["data"]
        assert job["status"] in {"completed", "failed"}, entry["file"]
        if job["status"] == "completed":
            assert job["results"]["structured_data"]["metadata"]["page_count"] == entry["pages"], entry["file"]
        else:
            fitting = {"INVALID_FILE", "ENCRYPTED_FILE"}
            assert job["error"]["code"] in fitting, (entry["file"], job["error"])
            assert entry.get("password") or entry.get("pdfium_error"), entry["file"]
