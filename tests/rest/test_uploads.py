"""Uploads: taken once, held to what a document can be, usable as a job's input, and nothing left of what was refused."""

import asyncio
import dataclasses
import hashlib
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.files import FolderStorage, Storage
from secretary.files.incoming import plain_name
from secretary.resources import Resources, open_storage
from secretary.settings import Settings
from secretary.store import Room, Store
from tests.conftest import USER_KEY
from tests.rest.conftest import nothing_created

PDF = b"%PDF-1.7\n" + b"x" * 500
LIMIT = 1024 * 1024
KEY = {"Authorization": f"Bearer {USER_KEY}"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_file_megabytes": 1, "max_body_megabytes": 1})


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return open_storage(settings, "uploads")


@pytest.fixture
async def nothing_left(settings: Settings, storage: Storage, store: Store) -> AsyncIterator[None]:
    """Whatever the test sent: neither a file, nor a row, nor a job is left of it."""
    yield
    assert (storage.keys(), await store.uploads.bytes_of("ursula"), await nothing_created(store)) == ([], 0, True)
    assert FolderStorage(settings.data_dir / "incoming").keys() == []


async def sent(
    client: httpx.AsyncClient, content: bytes = PDF, name: str = "report.pdf", **fields: str
) -> dict[str, Any]:
    answer = await client.post("/api/files", files={"file": (name, content)}, data=fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"])


def form(*parts: tuple[str, bytes], boundary: str = "cut") -> bytes:
    """A form by hand: for each part what follows `form-data; `, and its content."""
    head = "--{}\r\nContent-Disposition: form-data; {}\r\n\r\n"
    whole = b"".join(head.format(boundary, about).encode() + content + b"\r\n" for about, content in parts)
    return whole + f"--{boundary}--\r\n".encode()


async def posted(
    client: httpx.AsyncClient, content: Any, kind: str = "multipart/form-data; boundary=cut", path: str = "/api/files"
):
    return await client.post(path, content=content, headers={"Content-Type": kind})


async def test_an_upload_is_described_by_what_it_is(client: httpx.AsyncClient, storage: Storage):
    told = await sent(client, name="Bericht ä.pdf")
    assert (told["filename"], told["size"], told["sha256"], told["media_type"]) == (
        "Bericht ä.pdf",
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
        "application/pdf",
    )
    assert storage.keys() == [told["file_id"]]


async def test_the_same_bytes_lie_and_count_once(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, storage: Storage, store: Store
):
    first, again = await sent(client), await sent(client)
    assert again["file_id"] == first["file_id"]
    renamed = await sent(client, name="other.pdf")
    assert renamed["file_id"] != first["file_id"]
    assert (storage.keys(), await store.uploads.bytes_of("ursula")) == ([first["file_id"]], len(PDF))
    theirs = await sent(stranger)
    assert set(storage.keys()) == {first["file_id"], theirs["file_id"]}
    assert await store.uploads.bytes_of("otto") == len(PDF)


async def test_the_same_file_sent_at_the_same_moment_is_one(client: httpx.AsyncClient, storage: Storage):
    told = await asyncio.gather(*(sent(client) for _ in range(8)))
    assert len({one["file_id"] for one in told}) == 1
    assert storage.keys() == [told[0]["file_id"]]


async def test_bytes_that_were_lost_are_there_again_when_they_are_sent_again(
    client: httpx.AsyncClient, storage: Storage
):
    first = await sent(client)
    storage.remove(first["file_id"])
    await sent(client)
    assert storage.keys() == [first["file_id"]]


async def test_a_job_reads_an_upload_by_id_and_by_name(client: httpx.AsyncClient, store: Store, inputs: Path):
    (inputs / "report.pdf").write_bytes(b"%PDF-another")
    told = await sent(client)
    for filename in (told["file_id"], told["filename"]):
        answer = await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"filename": filename}})
        assert answer.status_code == 200, answer.text
        job = answer.json()["data"]["job"]
        row = await store.jobs.get(job["job_id"])
        assert row is not None
        assert (job["parameters"]["filename"], row.upload_id) == (filename, told["file_id"])
    by_path = await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"file_path": "./report.pdf"}})
    row = await store.jobs.get(by_path.json()["data"]["job_id"])
    assert row is not None
    assert row.upload_id is None


async def test_a_name_means_what_was_sent_by_it_last(client: httpx.AsyncClient, store: Store):
    await sent(client)
    newer = await sent(client, PDF + b"newer")
    answer = await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"filename": "report.pdf"}})
    row = await store.jobs.get(answer.json()["data"]["job_id"])
    assert row is not None
    assert row.upload_id == newer["file_id"]


async def test_another_owners_upload_is_not_there(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, admin: httpx.AsyncClient, store: Store
):
    told = await sent(client)
    asked = {"job_type": "pdf", "parameters": {"filename": told["file_id"]}}
    for other in (stranger, admin):
        answer = await other.post("/api/jobs/", json=asked)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "FILE_NOT_FOUND")
        by_name = await other.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"filename": told["filename"]}})
        assert (by_name.status_code, by_name.json()["error"]["code"]) == (404, "FILE_NOT_FOUND")
        batch = await other.post("/api/jobs/batch", json={"jobs": [asked]})
        assert (batch.status_code, batch.json()["error"]["code"]) == (404, "FILE_NOT_FOUND")
    assert await nothing_created(store)
    for_her = await admin.post("/api/jobs/", json={**asked, "user_id": "ursula"})
    assert for_her.status_code == 200


async def test_an_admin_uploads_for_anybody_and_nobody_else_does(
    client: httpx.AsyncClient, admin: httpx.AsyncClient, store: Store
):
    await sent(admin, user_id="ursula")
    assert (await store.uploads.bytes_of("ursula"), await store.uploads.bytes_of("admin")) == (len(PDF), 0)
    refused = await client.post("/api/files", files={"file": ("a.pdf", PDF)}, data={"user_id": "otto"})
    assert (refused.status_code, await store.uploads.bytes_of("otto")) == (403, 0)


async def test_an_owner_without_room_sends_no_more(
    client: httpx.AsyncClient, storage: Storage, resources: Resources, store: Store
):
    first = await sent(client)
    service = resources.service.uploads
    service._policy = dataclasses.replace(service._policy, room=Room(stored_bytes=len(PDF) + 10))
    refused = await client.post("/api/files", files={"file": ("b.pdf", PDF + b"more")})
    assert (refused.status_code, refused.json()["error"]["code"], "retry-after" in refused.headers) == (
        429,
        "RATE_LIMITED",
        True,
    )
    assert (storage.keys(), await store.uploads.bytes_of("ursula")) == ([first["file_id"]], len(PDF))
    assert (await sent(client))["file_id"] == first["file_id"]


async def test_a_batch_reads_uploads(client: httpx.AsyncClient, store: Store):
    told = await sent(client)
    jobs = [{"job_type": "pdf", "parameters": {"filename": name}} for name in (told["file_id"], told["filename"])]
    answer = await client.post("/api/jobs/batch", json={"jobs": jobs})
    rows = await store.jobs.get_many(answer.json()["data"]["job_ids"])
    assert {row.upload_id for row in rows.values()} == {told["file_id"]}


async def test_a_job_sent_with_its_file_is_called_like_it_unless_it_has_a_name(client: httpx.AsyncClient):
    answer = await client.post("/api/jobs/", files={"file": ("Übersicht 1.pdf", PDF)})
    assert answer.json()["data"]["job"]["job_name"] == "Übersicht 1.pdf"
    told = await sent(client)
    answer = await client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"filename": told["file_id"]}})
    assert "job_name" not in answer.json()["data"]["job"]


async def test_upload_and_job_in_one_call(client: httpx.AsyncClient, storage: Storage, store: Store):
    fields = {
        "job_name": "17",
        "priority": "3",
        "include_images": "true",
        "page_start": "2",
        "extraction_method": "native",
        "language": "de,en",
        "password": "123",
        "webhook": json.dumps({"url": "https://example.org/hook", "token": "confided"}),
        "parameters": json.dumps({"page_end": 4, "context": {"a": [1]}}),
    }
    answer = await client.post("/api/jobs/", files={"file": ("a.pdf", PDF)}, data=fields)
    assert answer.status_code == 200, answer.text
    job = answer.json()["data"]["job"]
    [file_id] = storage.keys()
    assert (job["job_type"], job["job_name"]) == ("pdf", "17")
    assert job["parameters"] == {
        "filename": file_id,
        "include_images": True,
        "page_start": 2,
        "page_end": 4,
        "extraction_method": "native",
        "language": ["de", "en"],
        "password": "***",
        "webhook": {"url": "https://example.org/hook", "token": "***"},
        "context": {"a": [1]},
    }
    row = await store.jobs.get(job["job_id"])
    assert row is not None
    assert (row.upload_id, row.priority) == (file_id, 3)


async def test_the_same_form_with_the_same_key_is_one_job(client: httpx.AsyncClient):
    async def create(content: bytes) -> httpx.Response:
        return await client.post("/api/jobs", files={"file": ("a.pdf", content)}, headers={"Idempotency-Key": "one"})

    first, again, other = await create(PDF), await create(PDF), await create(PDF + b"!")
    assert again.json()["data"]["job_id"] == first.json()["data"]["job_id"]
    assert (again.headers["idempotency-replayed"], other.status_code) == ("true", 409)


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"job_type": "pfd"}, "UNKNOWN_JOB_TYPE", "job_type"),
        ({"includeimages": "true"}, "INVALID_PARAMETERS", "parameters.includeimages"),
        ({"page_start": "two"}, "INVALID_PARAMETERS", "parameters.page_start"),
        ({"priority": "high"}, "INVALID_PARAMETERS", "priority"),
        ({"parameters": "[]"}, "INVALID_PARAMETERS", "parameters"),
        ({"parameters": "{"}, "INVALID_PARAMETERS", "parameters"),
        ({"filename": "b.pdf"}, "INVALID_PARAMETERS", "filename"),
        ({"url": "https://example.org/a.pdf"}, "INVALID_PARAMETERS", "parameters.filename"),
        ({"job_name": "a\0b"}, "INVALID_PARAMETERS", "job_name"),
    ],
)
async def test_a_job_that_is_refused_takes_its_file_with_it(
    client: httpx.AsyncClient, fields: dict[str, str], code: str, field: str
):
    answer = await client.post("/api/jobs/", files={"file": ("a.pdf", PDF)}, data=fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert answer.json()["error"]["details"][0]["field"] == field


@pytest.mark.parametrize("text", [b"BMW opens a plant.", b"RIFFs for guitar", "GIF87 heißt es.".encode("latin-1")])
async def test_a_text_is_one_whatever_its_first_letters(client: httpx.AsyncClient, text: bytes):
    assert (await sent(client, text, "a.txt"))["media_type"] == "text/plain"


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(
    "head",
    [
        b"BM\x36\x10\x0e\0\0\0\0\0\x36\0\0\0",
        b"RIFF\x24\x41\x41\0WAVEfmt \x10\0\0\0",
        b"GIF89a\x01\0\x01\0",
        b"Rar!\x1a\x07\0",
    ],
)
async def test_a_picture_a_sound_or_an_archive_is_refused(client: httpx.AsyncClient, head: bytes):
    answer = await client.post("/api/files", files={"file": ("a.txt", head + b"A" * 5000)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_refused_job_leaves_a_file_that_was_there_before(client: httpx.AsyncClient, storage: Storage):
    told = await sent(client, name="a.pdf")
    await client.post("/api/jobs/", files={"file": ("a.pdf", PDF)}, data={"page_start": "0"})
    assert storage.keys() == [told["file_id"]]


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"", "INVALID_PARAMETERS", 400),
        (b"no form at all", "INVALID_PARAMETERS", 400),
        (form(('name="file"; filename="a.pdf"', PDF), boundary="other"), "INVALID_PARAMETERS", 400),
        (form(('name="file"; filename="a.pdf"', PDF))[:-20], "INVALID_PARAMETERS", 400),
        (form(('filename="a.pdf"', PDF)), "INVALID_PARAMETERS", 400),
        (form(('name="file"', PDF)), "INVALID_PARAMETERS", 400),
        (form(('name="other"; filename="a.pdf"', PDF)), "INVALID_PARAMETERS", 400),
        (form(*[('name="file"; filename="a.pdf"', PDF)] * 2), "INVALID_PARAMETERS", 400),
        (form(('name="file"; filename="a.pdf"', PDF), ('name="more"', b"1")), "INVALID_PARAMETERS", 400),
        (form(*[(f'name="{number}"', b"") for number in range(101)]), "INVALID_PARAMETERS", 400),
        (form(('name="user_id"', b"\xff"), ('name="file"; filename="a.pdf"', PDF)), "INVALID_PARAMETERS", 400),
        (form(('name="file"; filename="a.pdf"', b"")), "INVALID_FILE", 400),
        (form(('name="file"; filename="a.pdf"', b"\x89PNG\r\n\x1a\n" + PDF)), "", 200),
        (form(('name="file"; filename="a.pdf"', b"PK\x03\x04" + b"\0" * 9000)), "UNSUPPORTED_MEDIA_TYPE", 415),
        (
            form(('name="file"; filename="a.pdf"\r\nContent-Type: application/pdf', b"\x7fELF")),
            "UNSUPPORTED_MEDIA_TYPE",
            415,
        ),
        (form(('name="a"', b"a" * (LIMIT + 1)), ('name="file"; filename="a.pdf"', PDF)), "TOO_LARGE", 413),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value),
)
async def test_a_form_that_is_wrong_leaves_nothing(
    client: httpx.AsyncClient, storage: Storage, store: Store, body: bytes, code: str, status: int
):
    answer = await posted(client, body)
    assert answer.status_code == status, answer.text
    if code:
        assert answer.json()["error"]["code"] == code
    else:  # a PDF after some other bytes is one to its readers
        [file_id] = storage.keys()
        assert await store.uploads.remove(file_id) == file_id
        storage.remove(file_id)


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(
    "kind", ["multipart/form-data", f"multipart/form-data; boundary={'b' * 71}", "multipart/mixed; boundary=cut", ""]
)
async def test_what_is_no_form_by_its_header_is_refused(client: httpx.AsyncClient, kind: str):
    answer = await posted(client, form(('name="file"; filename="a.pdf"', PDF)), kind)
    assert answer.status_code == (400 if kind.startswith("multipart/form-data") else 415)


async def answered(port: int, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """What comes back from a caller who goes on waiting to send more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    asked = {"Host": "a", "Content-Type": "multipart/form-data; boundary=cut", **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items()), "", ""]
    writer.write("\r\n".join(lines).encode() + body)
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        answer = head + await reader.readexactly(length)
    writer.close()
    return answer


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("path", ["/api/files", "/api/jobs/", "/graphql"])
async def test_what_is_too_large_is_refused_while_it_still_comes(base_url: str, settings: Settings, path: str):
    begun = form(('name="file"; filename="a.pdf"', b"%PDF-" + b"x" * 2 * LIMIT))
    answer = await answered(
        settings.port, path, {**KEY, "Content-Length": str(2 * LIMIT + 50_000)}, begun[: LIMIT + 300_000]
    )
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"TOO_LARGE" in answer


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("path", ["/api/files", "/api/jobs/", "/graphql"])
async def test_the_key_and_the_announced_length_come_before_the_body(base_url: str, settings: Settings, path: str):
    length = {"Content-Length": str(20 * LIMIT)}
    assert (await answered(settings.port, path, length, b"--cut")).startswith(b"HTTP/1.1 401 ")
    assert (await answered(settings.port, path, {**KEY, **length}, b"--cut")).startswith(b"HTTP/1.1 413 ")


@pytest.mark.usefixtures("nothing_left")
async def test_a_connection_cut_in_the_middle_leaves_nothing(base_url: str, settings: Settings):
    incoming = settings.data_dir / "incoming"
    reader, writer = await asyncio.open_connection("127.0.0.1", settings.port)
    body = form(('name="file"; filename="a.pdf"', b"%PDF-" + b"x" * 900_000))
    head = f"POST /api/files HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {USER_KEY}\r\nContent-Type: multipart/form-data; boundary=cut\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:700_000])
    await writer.drain()
    async with asyncio.timeout(10):
        while not (incoming.is_dir() and any(path.stat().st_size for path in incoming.iterdir())):
            await asyncio.sleep(0.01)
        writer.close()
        while any(incoming.iterdir()):
            await asyncio.sleep(0.01)
    reader.feed_eof()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"Hello", "a.txt", "text/plain"),
        ("Grüße".encode(), "a.md", "text/markdown"),
        ("Grüße".encode("latin-1"), "a.pdf", "text/plain"),
        (b"<!DOCTYPE html><script>", "a.txt", "text/html"),
        (b"\n\n%PDF-1.4", "a.exe", "application/pdf"),
    ],
)
async def test_the_content_says_what_it_is(client: httpx.AsyncClient, content: bytes, name: str, kind: str):
    assert (await sent(client, content, name))["media_type"] == kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a b.pdf", "a b.pdf"),
        ("a/", "upload"),
        (".pdf", "pdf"),
        ("..", "upload"),
        ("a\x00\n\x7f\u0085b.pdf", "a____b.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("ä" * 300 + ".pdf", "ä" * 98 + ".pdf"),
        ('a"b<c>:d|e?f*.md', "a_b_c__d_e_f_.md"),
    ],
)
def test_names_become_plain(given: str, kept: str):
    assert plain_name(given) == kept


@given(st.text(max_size=400))
def test_every_name_becomes_one_that_any_file_system_takes(given: str):
    name = plain_name(given)
    assert 0 < len(name.encode()) <= 200
    assert name.isprintable() or "\N{NO-BREAK SPACE}" in name or not set(name) & set("/\\\0\n")
    assert not set(name) & set('/\\\0\n<>:"|?*')
    assert name not in {".", ".."}
    assert plain_name(name) == name


async def test_leftovers_of_a_killed_process_are_removed_at_a_start(settings: Settings, resources: Resources):
    folder = settings.data_dir / "incoming"
    folder.mkdir(parents=True)
    old, young = folder / "old", folder / "young"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    await resources.service.uploads.tidy()
    assert (old.exists(), young.exists()) == (False, True)
