"""Archives and single files: whole, in parts, not twice, and never run by a browser."""

import email
import io
import zipfile

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.rest.ranges import RangeNotSatisfiable, satisfiable
from secretary.settings import Settings
from tests.rest.conftest import Caller, HandWorker

FILES = {
    "text.md": b"0123456789",
    "pages/Seite \u00e4 1.png": b"\x89PNG",
    'say "so".html': b"<script>alert(1)</script>",
    "drawing.svg": b"<svg/>",
    "feed.xml": b"<a/>",
    "empty.txt": b"",
}


@pytest.fixture
def settings(settings: Settings, storage_url: str | None) -> Settings:
    """All of this in a folder and in a bucket."""
    return settings.model_copy(update={"storage_url": storage_url})


@pytest.fixture
async def done(caller: Caller, worker: HandWorker) -> str:
    """A completed job with these files."""
    job_id = await caller.create()
    await worker.complete(await worker.claim(), files=FILES, results={"target_dir": ""})
    return job_id


async def test_an_archive_is_there_when_the_job_has_completed(caller: Caller, worker: HandWorker):
    job_id = await caller.create()
    url = f"/api/jobs/{job_id}/download-archive"
    waiting = await caller.client.get(url)
    assert (waiting.status_code, set(waiting.json()), waiting.json()["status"]) == (
        202,
        {"status", "message"},
        "processing",
    )
    claim = await worker.claim()
    assert (await caller.client.get(url)).status_code == 202
    await worker.fail(claim, "CRASHED", "It crashed.")
    failed = await caller.client.get(url)
    assert (failed.status_code, failed.json()["error"]["code"]) == (404, "ARCHIVE_NOT_AVAILABLE")


async def test_the_archive_holds_every_file_and_comes_once(done: str, caller: Caller):
    url = f"/api/jobs/{done}/download-archive"
    whole = await caller.client.get(url)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "application/zip"
    assert whole.headers["content-disposition"] == f"attachment; filename=\"{done}.zip\"; filename*=UTF-8''{done}.zip"
    assert (whole.headers["accept-ranges"], whole.headers["cache-control"]) == ("bytes", "private, no-cache")
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    etag = whole.headers["etag"]
    since = await caller.client.get(url, headers={"If-Modified-Since": whole.headers["last-modified"]})
    assert since.status_code == 304
    for held in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        unchanged = await caller.client.get(url, headers={"If-None-Match": held})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)
    head = await caller.client.head(url)
    assert (head.status_code, head.content, int(head.headers["content-length"])) == (200, b"", len(whole.content))
    tail = await caller.client.get(url, headers={"Range": f"bytes={len(whole.content) - 5}-"})
    assert (tail.status_code, tail.content) == (206, whole.content[-5:])


async def test_parts_of_a_file_are_sent_as_asked(done: str, caller: Caller):
    url = f"/api/jobs/{done}/files/text.md"
    etag = (await caller.client.get(url)).headers["etag"]

    async def asked(wanted: str, **headers: str) -> tuple[int, bytes, str | None]:
        answer = await caller.client.get(url, headers={"Range": wanted, **headers})
        return answer.status_code, answer.content, answer.headers.get("content-range")

    assert await asked("bytes=2-4") == (206, b"234", "bytes 2-4/10")
    assert await asked("bytes=-3") == (206, b"789", "bytes 7-9/10")
    assert await asked("bytes=8-99") == (206, b"89", "bytes 8-9/10")
    assert await asked("bytes=0-0,50-60") == (206, b"0", "bytes 0-0/10")
    assert await asked("bytes=2-4", **{"If-Range": etag}) == (206, b"234", "bytes 2-4/10")
    assert await asked("bytes=2-4", **{"If-Range": '"another"'}) == (200, FILES["text.md"], None)
    for ignored in ("bytes=4-2", "pages=1-2", "bytes", "bytes=a-b", "bytes=", "bytes=0-1, x"):
        assert await asked(ignored) == (200, FILES["text.md"], None)
    assert await asked("bytes=0-9,0-9") == (200, FILES["text.md"], None)
    several = await caller.client.get(url, headers={"Range": "bytes=8-9,0-1"})
    assert several.status_code == 206
    assert several.headers["content-type"].startswith("multipart/byteranges; boundary=")
    message = email.message_from_bytes(
        b"Content-Type: " + several.headers["content-type"].encode() + b"\r\n\r\n" + several.content
    )
    assert [
        (part["Content-Range"], part.get_payload(decode=True)) for part in message.walk() if not part.is_multipart()
    ] == [
        ("bytes 8-9/10", b"89"),
        ("bytes 0-1/10", b"01"),
    ]
    head = await caller.client.head(url, headers={"Range": "bytes=2-4"})
    assert (head.status_code, head.headers["content-length"]) == (200, "10")


async def test_parts_the_file_does_not_have_are_refused(done: str, caller: Caller):
    for name, wanted, size in (("text.md", "bytes=10-", 10), ("text.md", "bytes=-0", 10), ("empty.txt", "bytes=0-", 0)):
        answer = await caller.client.get(f"/api/jobs/{done}/files/{name}", headers={"Range": wanted})
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")
        assert answer.json()["error"]["details"][0]["field"] == "Range"


async def test_files_come_by_the_urls_of_the_job_and_are_never_run(done: str, caller: Caller):
    job = await caller.job(done)
    answers = {file["name"]: await caller.client.get(file["url"]) for file in job["files"]}
    assert {name: answer.content for name, answer in answers.items()} == FILES
    assert {answer.headers["x-content-type-options"] for answer in answers.values()} == {"nosniff"}
    policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert {answer.headers["content-security-policy"] for answer in answers.values()} == {policy}
    shown = {name: answer.headers["content-disposition"] for name, answer in answers.items()}
    assert shown == {
        "text.md": "inline; filename=\"text.md\"; filename*=UTF-8''text.md",
        "pages/Seite ä 1.png": "inline; filename=\"Seite _ 1.png\"; filename*=UTF-8''Seite%20%C3%A4%201.png",
        'say "so".html': "attachment; filename=\"say _so_.html\"; filename*=UTF-8''say%20%22so%22.html",
        "drawing.svg": "attachment; filename=\"drawing.svg\"; filename*=UTF-8''drawing.svg",
        "feed.xml": "attachment; filename=\"feed.xml\"; filename*=UTF-8''feed.xml",
        "empty.txt": "inline; filename=\"empty.txt\"; filename*=UTF-8''empty.txt",
    }


async def test_only_listed_names_are_files(done: str, client: httpx.AsyncClient):
    for name in ("other.md", "../archive.zip", "..%2Farchive.zip", "%2Fetc%2Fpasswd", "pages", "text.md%00", "%ff"):
        answer = await client.get(f"/api/jobs/{done}/files/{name}")
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] in {"FILE_NOT_FOUND", "NOT_FOUND"}


@given(header=st.text(max_size=40) | st.from_regex(r"bytes=[-0-9, ]{1,30}", fullmatch=True), size=st.integers(0, 100))
def test_a_range_is_good_or_ignored_or_refused_and_nothing_else(header: str, size: int):
    try:
        good = satisfiable(header, size)
    except RangeNotSatisfiable:
        return
    for part in good or ():
        assert 0 <= part.start < part.end <= size
    assert sum(part.length for part in good or ()) <= size
