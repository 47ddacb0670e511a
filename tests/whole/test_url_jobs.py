"""pdf jobs by URL through real processes and both doors, as their owner follows them."""

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import free_port
from tests.documents_made import text_pdf
from tests.fetching.servers import Server, answering, in_turn, raw, serving
from tests.installation import Installation
from tests.whole.test_end_to_end import follow, graphql

CREATE = """mutation ($url: String!) { createJob(input: {job: {pdf: {url: $url}}}) {
  ... on CreateJobPayload { job { id } } ... on Error { code message } } }"""
JOB = """query ($id: ID!) { job(id: $id) { id status attempt parameters error { code message } files { name }
  results { ... on PdfResults { structuredData { extractedText } } } } }"""


@pytest.fixture(scope="module")
def service(short_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that may fetch from this machine."""
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    inputs = tmp_path_factory.mktemp("inputs")
    made = Installation(folder, inputs, None, free_port(), SECRETARY_ALLOW_PRIVATE_NETWORKS="true")
    made.start_valkey()
    made.start_worker()
    made.start_web()
    yield made
    made.stop_all()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving() as running:
        running.on("/report.pdf", answering(200, text_pdf(tmp_path / "a.pdf", "From afar").read_bytes(), etag='"1"'))
        yield running


async def test_a_pdf_by_url_is_read_by_both_doors(service: Installation, client: httpx.AsyncClient, server: Server):
    url = server.url("/report.pdf")
    answer = await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"url": url, "use_cache": False}})
    by_rest = answer.json()["data"]["job_id"]
    by_graphql = (await graphql(client, CREATE, url=url))["createJob"]["job"]["id"]
    for job_id in (by_rest, by_graphql):
        states = await follow(service, job_id)
        percents = [state["percent"] for state in states]
        assert percents == sorted(percents)
        assert states[-1]["status"] == "COMPLETED"
        shown = (await graphql(client, JOB, id=job_id))["job"]
        assert shown["results"]["structuredData"]["extractedText"].strip() == "From afar"
        assert [file["name"] for file in shown["files"]] == ["report.json", "report.md"]
        assert shown["parameters"]["url"] == url
    assert (await client.get(f"/api/jobs/{by_rest}/files/report.md")).text.endswith("From afar\n")


async def test_a_deleted_job_leaves_nothing_of_what_it_fetched(
    service: Installation, client: httpx.AsyncClient, server: Server
):
    job_ids = [(await _run(service, client, server.url("/report.pdf")))["id"] for _ in range(2)]
    assert (await client.delete(f"/api/jobs/{job_ids[0]}")).status_code == 200
    kept = [path.read_text() for path in (service.folder / "downloads").glob("*/*/entry.json")]
    assert [said for said in kept if server.url() in said] == []
    await _run(service, client, server.url("/report.pdf"))
    assert ["if-none-match" in headers for _, _, headers, _ in server.asked] == [False, True, False]


async def test_a_failing_server_is_asked_again_and_a_missing_file_ends_the_job(
    service: Installation, client: httpx.AsyncClient, server: Server
):
    server.answers["/flaky.pdf"] = in_turn(answering(500), server.answers["/report.pdf"])
    flaky = await _run(service, client, server.url("/flaky.pdf"))
    assert (flaky["status"], flaky["attempt"]) == ("COMPLETED", 2)
    missing = await _run(service, client, server.url("/missing.pdf"))
    assert (missing["status"], missing["attempt"]) == ("FAILED", 1)
    assert missing["error"] == {"code": "FETCH_FAILED", "message": "127.0.0.1 answered HTTP 404 (Not Found)."}


async def test_a_redirect_to_where_clouds_keep_secrets_fails_the_job(
    service: Installation, client: httpx.AsyncClient, server: Server
):
    server.on("/away", answering(302, location="http://169.254.169.254/latest/meta-data/"))
    job = await _run(service, client, server.url("/away"))
    assert (job["status"], job["error"]["code"]) == ("FAILED", "URL_NOT_ALLOWED")


async def test_a_running_download_is_cancelled(service: Installation, client: httpx.AsyncClient, server: Server):
    server.on("/slow.pdf", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", *[b"x"] * 2_000, pause=0.05))
    job_id = (await graphql(client, CREATE, url=server.url("/slow.pdf")))["createJob"]["job"]["id"]
    while (await client.get(f"/api/jobs/{job_id}")).json()["data"]["progress"]["step"] != "reading_file":
        await asyncio.sleep(0.02)
    assert (await client.post(f"/api/jobs/{job_id}/cancel")).status_code == 200
    assert (await _run(service, client, server.url("/report.pdf")))["status"] == "COMPLETED"
    assert (await graphql(client, JOB, id=job_id))["job"]["status"] == "CANCELLED"
    working = service.folder / "produced" / ".working"
    async with asyncio.timeout(5):
        while list(working.iterdir()):
            await asyncio.sleep(0.02)


async def _run(service: Installation, client: httpx.AsyncClient, url: str) -> dict[str, Any]:
    job_id = (await graphql(client, CREATE, url=url))["createJob"]["job"]["id"]
    await follow(service, job_id)
    job: dict[str, Any] = (await graphql(client, JOB, id=job_id))["job"]
    return job
