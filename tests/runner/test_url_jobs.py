"""pdf jobs by URL from a real server: fetched, kept, tried again, cancelled, and refused with the reason."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.models import JobRow
from secretary.progress import ProgressBus
from secretary.runner import Runner
from secretary.store import Store
from tests.documents_made import text_pdf
from tests.fetching.servers import Server, answering, in_turn, raw, serving
from tests.runner.conftest import CountingPool
from tests.store.made import add, found

Run = Callable[..., Awaitable[JobRow]]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def pdf(tmp_path: Path) -> bytes:
    return text_pdf(tmp_path / "made.pdf", "Hello from afar").read_bytes()


@pytest.fixture
def run_url(pdf_runner: Runner, store: Store) -> Run:
    """Runs one attempt of a pdf job by URL."""

    async def one(url: str, *, owner: str = "ursula", **parameters: Any) -> JobRow:
        [job_id] = await add(store, owner, job_type="pdf", parameters={"url": url, **parameters})
        assert await pdf_runner.run_next("default")
        return await found(store, job_id)

    return one


def tagged(body: bytes, etag: str = '"1"', **more: Any) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers 304 to who has this version."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.headers.get("If-None-Match") == etag:
            answering(304, content_length=None, etag=etag)(request)
        else:
            answering(200, body, etag=etag, **more)(request)

    return answer


def left_behind(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "produced" / ".working").iterdir())


async def test_a_pdf_by_url_is_read_and_its_files_are_called_as_it(
    run_url: Run, server: Server, pdf: bytes, tmp_path: Path
):
    server.on("/get", answering(302, location="/docs/x?id=1"))
    server.on(
        "/docs/x?id=1", answering(200, pdf, content_disposition="attachment; filename*=UTF-8''Bericht%20M%C3%A4rz.pdf")
    )
    row = await run_url(server.url("/get"))
    assert (row.status, row.error_message) == (JobStatus.COMPLETED, None)
    assert row.results is not None
    assert row.results["structured_data"]["extracted_text"].strip() == "Hello from afar"
    assert [file["name"] for file in row.files] == ["Bericht-März.json", "Bericht-März.md"]
    assert sorted(path.name for path in (tmp_path / "produced" / row.id).glob("*/*")) == [
        "archive.zip",
        "files",
        "kept-under",
    ]
    assert left_behind(tmp_path) == []


async def test_equal_bytes_from_another_place_of_the_same_name_need_no_child(
    run_url: Run, server: Server, pdf: bytes, counting_pool: CountingPool
):
    rows = [await run_url(server.on(path, answering(200, pdf))) for path in ("/a/x.pdf", "/b/x.pdf", "/b/y.pdf")]
    assert [row.from_cache for row in rows] == [False, True, False]
    assert counting_pool.leases == 2


async def test_what_has_not_changed_is_not_sent_again(run_url: Run, server: Server, pdf: bytes, tmp_path: Path):
    url = server.on("/x.pdf", tagged(pdf))
    rows = [
        await run_url(url),
        await run_url(url),
        await run_url(url, owner="otto"),
        await run_url(url, force_refresh=True),
    ]
    rows += [await run_url(url, use_cache=False), await run_url(url)]
    assert [row.status for row in rows] == [JobStatus.COMPLETED] * 6
    assert [row.from_cache for row in rows] == [False, True, False, False, False, True]
    conditional = ["if-none-match" in headers for _, _, headers, _ in server.asked]
    assert conditional == [False, True, False, False, False, True]
    assert left_behind(tmp_path) == []


async def test_what_has_changed_is_sent_and_kept_in_place_of_it(
    run_url: Run, server: Server, pdf: bytes, tmp_path: Path
):
    other = text_pdf(tmp_path / "other.pdf", "Changed").read_bytes()
    url = server.on("/x.pdf", in_turn(tagged(pdf), tagged(other, '"2"'), tagged(other, '"2"')))
    texts = [(await run_url(url)).results["structured_data"]["extracted_text"].strip() for _ in range(3)]
    assert texts == ["Hello from afar", "Changed", "Changed"]
    assert [headers.get("if-none-match") for _, _, headers, _ in server.asked] == [None, '"1"', '"2"']


async def test_what_was_kept_and_has_gone_is_fetched(run_url: Run, server: Server, pdf: bytes, tmp_path: Path):
    def gone(request: BaseHTTPRequestHandler) -> None:
        for body in (tmp_path / "downloads").glob("*/*/body"):
            body.unlink()
        tagged(pdf)(request)

    url = server.on("/x.pdf", in_turn(tagged(pdf), gone, tagged(pdf)))
    await run_url(url)
    assert (await run_url(url, include_tables=False)).status is JobStatus.COMPLETED
    assert len(server.asked) == 3


async def test_a_server_that_wants_no_copies_is_asked_for_the_whole_again(run_url: Run, server: Server, pdf: bytes):
    url = server.on("/x.pdf", tagged(pdf, cache_control="private, No-Store"))
    await run_url(url)
    await run_url(url)
    assert ["if-none-match" in headers for _, _, headers, _ in server.asked] == [False, False]


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (answering(404), ErrorCode.FETCH_FAILED, "127.0.0.1 answered HTTP 404 (Not Found)."),
        (answering(302, location="http://169.254.169.254/"), ErrorCode.URL_NOT_ALLOWED, "redirects to an address that is not opened"),
        (answering(200, b"<!doctype html><p>Log in"), ErrorCode.INVALID_FILE, "x.pdf is not a PDF: it seems to be an HTML page."),
        (answering(200, b""), ErrorCode.INVALID_FILE, "x.pdf is empty."),
        (answering(200, content_length=10_000_001), ErrorCode.TOO_LARGE, "10,000,001 bytes"),
    ],
)  # fmt: skip
async def test_what_is_no_pdf_or_not_to_be_had_ends_the_job_with_the_reason(
    run_url: Run, server: Server, tmp_path: Path, answer: Any, code: ErrorCode, message: str
):
    row = await run_url(server.on("/x.pdf", answer))
    assert (row.status, row.error_code) == (JobStatus.FAILED, code)
    assert message in row.error_message
    assert left_behind(tmp_path) == []


async def test_a_server_that_fails_once_is_asked_again(pdf_runner: Runner, store: Store, server: Server, pdf: bytes):
    url = server.on("/x.pdf", in_turn(answering(503), raw(b""), answering(200, pdf)))
    [job_id] = await add(store, job_type="pdf", parameters={"url": url})
    states = []
    for _ in range(3):
        assert await pdf_runner.run_next("default")
        row = await found(store, job_id)
        states.append((row.status, row.attempt))
    assert states == [(JobStatus.PENDING, 1), (JobStatus.PENDING, 2), (JobStatus.COMPLETED, 3)]


async def test_a_cancelled_download_ends_at_once_and_closes_its_connection(
    pdf_runner: Runner, store: Store, server: Server, tmp_path: Path
):
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while not server.over.wait(0.02):
                request.wfile.write(b"x")
        except OSError:
            closed.append(time.monotonic())

    closed: list[float] = []
    [job_id] = await add(store, job_type="pdf", parameters={"url": server.on("/x.pdf", drip)})
    running = asyncio.create_task(pdf_runner.run_next("default"))
    while "MB" not in ((await found(store, job_id)).message or ""):
        await asyncio.sleep(0.02)
    row = await found(store, job_id)
    assert (row.step, row.percent) == ("reading_file", 10)
    assert await store.moves.cancel(job_id)
    begun = time.monotonic()
    await pdf_runner.check_claims()
    await running
    while not closed:
        await asyncio.sleep(0.02)
    assert time.monotonic() - begun < 10, "the body has no end"
    assert (await found(store, job_id)).status is JobStatus.CANCELLED
    assert left_behind(tmp_path) == []


async def test_progress_goes_by_bytes_and_never_back(
    pdf_runner: Runner, store: Store, bus: ProgressBus, server: Server, pdf: bytes
):
    pieces = [pdf[:600], pdf[600:900], pdf[900:]]
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(pdf)}\r\n\r\n".encode()
    url = server.on("/x.pdf", raw(head, *pieces, pause=0.5))
    [job_id] = await add(store, job_type="pdf", parameters={"url": url})
    seen: list[tuple[str, int]] = []
    running = asyncio.create_task(pdf_runner.run_next("default"))
    while not running.done():
        state = (await bus.snapshots([job_id])).get(job_id)
        if state is not None and (state.step, state.percent) not in seen:
            seen.append((state.step, state.percent))
        await asyncio.sleep(0.01)
    reading = [percent for step, percent in seen if step == "reading_file"]
    assert reading[0] == 10
    assert len(reading) >= 3
    assert reading == sorted(reading)
    assert all(10 <= percent <= 29 for percent in reading)
    assert [step for step, _ in seen if step == "initializing"] == ["initializing"] * (seen[0][0] == "initializing")
