"""Session jobs through real processes and both doors, with a conference, a model and a slow video on this machine."""

import asyncio
import io
import time
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.conftest import free_port
from tests.documents.remote import provider_servers
from tests.documents.remote.provider_servers import Answer, Request
from tests.fetching.servers import Server, answering, raw, serving
from tests.handlers.test_session_job import TRANSCRIPT, telling
from tests.installation import Installation, children_of
from tests.language.speech.media import tone, video
from tests.sessions.conference import asked_for, put_up
from tests.whole.test_end_to_end import CREATE, follow, graphql

REFUSED = """mutation ($input: CreateJobInput!) { createJob(input: $input) {
  ... on CreateJobPayload { job { id } } ... on InvalidInputError { code message fields { path message } }
  ... on Error { code message } } }"""
JOB = """query ($id: ID!) { job(id: $id) { status warnings archiveUrl error { code message } files { name mediaType url }
  results { ... on SessionResults { markdownFile markdownContent webText videoTranscript assets
    attachments { url name pageCount error pages { page text preview image } }
    structuredData { event day speakers language translated url videoUrl filling { provider } transcript { source language } }
  } } } }"""


@pytest.fixture(scope="module")
def model() -> Iterator[provider_servers.Server]:
    """Fills templates at once, and listens to speech for as long as this server runs."""

    def busy(request: Request) -> Answer:
        return made.hang(request) if request.path.endswith("/audio/transcriptions") else telling(request)

    with provider_servers.serving(busy) as made:
        yield made


@pytest.fixture(scope="module")
def service(
    short_dir: Path, tmp_path_factory: pytest.TempPathFactory, model: provider_servers.Server
) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    made = Installation(
        folder,
        tmp_path_factory.mktemp("inputs"),
        None,
        free_port(),
        SECRETARY_ALLOW_PRIVATE_NETWORKS="true",
        SECRETARY_LLM_URL=model.url,
        SECRETARY_LLM_MODEL="m-1",
        SECRETARY_SPEECH_URL=model.url,
        SECRETARY_SPEECH_MODEL="whisper-1",
        NO_PROXY="127.0.0.1",
    )
    made.start_valkey()
    made.start_worker()
    made.start_web()
    yield made
    made.stop_all()


@pytest.fixture
def conference() -> Iterator[Server]:
    with serving() as made:
        yield made


async def test_a_session_by_graphql_gives_a_report_pictures_and_an_archive(
    service: Installation, client: httpx.AsyncClient, conference: Server, tmp_path: Path
):
    given = asked_for(put_up(conference, tmp_path))
    created = await graphql(client, CREATE, input={"job": {"session": given}})
    job_id = created["createJob"]["job"]["id"]
    states = await follow(service, job_id)
    assert [state["percent"] for state in states] == sorted(state["percent"] for state in states)
    assert states[-1]["status"] == "COMPLETED"
    job = (await graphql(client, JOB, id=job_id))["job"]
    results = job["results"]
    assert (job["warnings"], results["videoTranscript"]) == ([], TRANSCRIPT)
    data = results["structuredData"]
    assert (data["language"], data["translated"], data["day"]) == ("de", True, "2025-02-01")
    assert data["transcript"] == {"source": "captions", "language": "en"}
    names = [file["name"] for file in job["files"]]
    assert results["markdownFile"] == "ExampleConf-2025/de/Devroom-Languages/fast-parsers.md"
    assert {results["markdownFile"], *results["assets"]} == set(names)
    (attachment,) = results["attachments"]
    assert [page["preview"] in names for page in attachment["pages"]] == [True, True]
    for file in job["files"]:
        fetched = await client.get(file["url"])
        assert fetched.status_code == 200
        if file["name"].endswith(".md"):
            assert fetched.text == results["markdownContent"]
    archive = await client.get(job["archiveUrl"])
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert opened.namelist() == names


async def test_a_session_by_rest_without_archive_has_its_files_only(
    service: Installation, client: httpx.AsyncClient, conference: Server, tmp_path: Path
):
    parameters = asked_for(
        put_up(conference, tmp_path), create_archive=False, target_language="en", speakers="Ada, Alan"
    )
    body = {"job_type": "session", "parameters": parameters}
    job_id = (await client.post("/api/jobs/", json=body)).json()["data"]["job_id"]
    await follow(service, job_id)
    job = (await client.get(f"/api/jobs/{job_id}")).json()["data"]
    assert job["status"] == "completed"
    assert job["results"]["structured_data"]["speakers"] == ["Ada", "Alan"]
    assert job["results"]["structured_data"]["translated"] is False
    assert job["results"]["markdown_file"].startswith("ExampleConf-2025/en/")
    assert len(job["files"]) == 5
    archive = await client.get(f"/api/jobs/{job_id}/download-archive")
    assert (archive.status_code, archive.json()["error"]["code"]) == (404, "ARCHIVE_NOT_AVAILABLE")
    assert (await graphql(client, JOB, id=job_id))["job"]["archiveUrl"] is None


async def test_a_page_that_is_not_there_fails_the_job_with_the_real_reason(
    service: Installation, client: httpx.AsyncClient, conference: Server
):
    job_id = (await graphql(client, CREATE, input={"job": {"session": asked_for(conference.url("/no"))}}))["createJob"]
    await follow(service, job_id["job"]["id"])
    job = (await graphql(client, JOB, id=job_id["job"]["id"]))["job"]
    assert (job["status"], job["files"]) == ("FAILED", [])
    assert job["error"] == {"code": "FETCH_FAILED", "message": "127.0.0.1 answered HTTP 404 (Not Found)."}


async def test_wrong_parameters_are_refused_by_name_at_both_doors(client: httpx.AsyncClient):
    given = asked_for("file:///etc/passwd")
    answer = await client.post("/api/jobs/", json={"job_type": "session", "parameters": given})
    assert answer.json()["error"]["code"] == "URL_NOT_ALLOWED"
    given = asked_for("https://conf.example/x", attachments_url=["gopher://x"])
    refused = (await graphql(client, REFUSED, input={"job": {"session": _camel(given)}}))["createJob"]
    assert refused["fields"][0]["path"] == ["job", "session", "attachmentsUrl"]
    answer = await client.post("/api/jobs/", json={"job_type": "session", "parameters": {"event": "x", "sesion": "y"}})
    fields = {each["field"]: each["message"] for each in answer.json()["error"]["details"]}
    assert 'Did you mean "session"?' in fields["parameters.sesion"]
    assert fields["parameters.url"] == "is required"
    unknown = await client.post(
        "/api/jobs/", json={"job_type": "session", "parameters": asked_for("https://conf.example/x", template="Sesion")}
    )
    assert unknown.json()["error"]["code"] == "UNKNOWN_TEMPLATE"


async def test_a_cancel_during_the_download_of_the_video_frees_the_worker_within_two_seconds(
    service: Installation, client: httpx.AsyncClient, conference: Server, tmp_path: Path
):
    url = put_up(conference, tmp_path, media='<video src="/slow.mp4"></video>')
    conference.on("/slow.mp4", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", *[b"x"] * 2_000, pause=0.05))
    created = await graphql(client, CREATE, input={"job": {"session": asked_for(url)}})
    job_id = created["createJob"]["job"]["id"]
    async with asyncio.timeout(30):
        while "MB of the video" not in (await _progress(client, job_id))["message"]:
            await asyncio.sleep(0.02)
    await _cancelled_within_two_seconds(service, client, job_id, conference.port)


async def test_a_cancel_during_the_transcription_frees_the_worker_within_two_seconds(
    service: Installation,
    client: httpx.AsyncClient,
    conference: Server,
    model: provider_servers.Server,
    tmp_path: Path,
):
    url = put_up(conference, tmp_path, media='<video src="/talk.mp4"></video>')
    conference.on("/talk.mp4", answering(200, video(tmp_path / "talk.mp4", tone(2), 2).read_bytes()))
    created = await graphql(client, CREATE, input={"job": {"session": asked_for(url)}})
    async with asyncio.timeout(30):
        while not any(request.path.endswith("/audio/transcriptions") for request in model.requests):
            await asyncio.sleep(0.02)
    job_id = created["createJob"]["job"]["id"]
    assert (await _progress(client, job_id))["step"] == "processing_video"
    await _cancelled_within_two_seconds(service, client, job_id, int(model.url.rpartition(":")[2]))


async def _cancelled_within_two_seconds(
    service: Installation, client: httpx.AsyncClient, job_id: str, port: int
) -> None:
    """The child that is connected to `port`, and what it started, are gone, and so are its files."""
    (worker,) = service.processes[1:2]
    busy = [child for child in children_of(worker) if _has_connection(child, port)]
    assert len(busy) == 1
    family = [*busy, *busy[0].children(recursive=True)]
    begun = time.monotonic()
    await client.post(f"/api/jobs/{job_id}/cancel")
    while any(process.is_running() for process in family):
        assert time.monotonic() - begun < 2
        await asyncio.sleep(0.02)
    working = service.folder / "produced" / ".working"
    async with asyncio.timeout(5):
        while list(working.iterdir()):
            await asyncio.sleep(0.02)
    assert (await graphql(client, JOB, id=job_id))["job"]["status"] == "CANCELLED"


async def _progress(client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    progress: dict[str, Any] = (await client.get(f"/api/jobs/{job_id}")).json()["data"]["progress"]
    return {**progress, "message": progress["message"] or ""}


def _has_connection(process: psutil.Process, port: int) -> bool:
    return any(each.raddr and each.raddr.port == port for each in process.net_connections("tcp"))


def _camel(given: dict[str, object]) -> dict[str, object]:
    return {("attachmentsUrl" if name == "attachments_url" else name): value for name, value in given.items()}
