"""Storage: the same promises in a folder and in a bucket."""

from pathlib import Path

import pytest

from secretary.errors import StorageUnavailable
from secretary.files import BucketStorage, FolderStorage, ProducedFolder, Storage, StoredFile

ODD_NAMES = [
    "a b.txt",
    'say "so".html',
    "Seite ä 1.png",
    "a%20b",
    "a*?<>|#&+=~.md",
    "x'y",
    "日本.md",
    "🙂.pdf",
    "{a}[b]^`",
]


@pytest.fixture
def storage(storage_url: str | None, tmp_path: Path) -> Storage:
    return BucketStorage(storage_url) if storage_url else FolderStorage(tmp_path / "store")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    (folder / "files" / "deep").mkdir(parents=True)
    for name in ODD_NAMES:
        (folder / "files" / name).write_bytes(name.encode())
    (folder / "files" / "deep" / "empty").write_bytes(b"")
    return folder


async def read(stored: StoredFile | None, start: int = 0, end: int | None = None) -> bytes:
    assert stored is not None
    return b"".join([piece async for piece in stored.read(start, end)])


async def test_a_file_that_was_put_is_there_by_its_key(storage: Storage, tmp_path: Path):
    (tmp_path / "a").write_bytes(b"0123456789")
    storage.put_file(tmp_path / "a", "deep/a")
    stored = storage.stat("deep/a")
    assert stored is not None
    assert (stored.size, stored.etag[0], stored.etag[-1]) == (10, '"', '"')
    assert (await read(stored), await read(stored, 2, 5), await read(stored, 9), await read(stored, 3, 3)) == (
        b"0123456789",
        b"234",
        b"9",
        b"",
    )
    storage.bring("deep/a", tmp_path / "brought" / "b")
    assert (tmp_path / "brought" / "b").read_bytes() == b"0123456789"
    assert storage.key_of(storage.address_of("deep/a")) == "deep/a"


def test_what_is_not_there_is_none_and_an_address_elsewhere_has_no_key(storage: Storage, tmp_path: Path):
    assert [storage.stat(key) for key in ("a", "a/b", "line\nfeed")] == [None, None, None]
    with pytest.raises(FileNotFoundError):
        storage.bring("a", tmp_path / "b")
    assert storage.key_of("/elsewhere/a") is storage.key_of("s3://elsewhere/a") is None
    storage.remove("a")
    assert storage.keys() == []


async def test_a_folder_is_put_with_every_name_and_a_folder_is_no_file(storage: Storage, made: Path):
    local = storage.put_folder(made, "job-1/1-a")
    names = [*ODD_NAMES, "deep/empty"]
    assert set(storage.keys("job-1")) == {f"job-1/1-a/files/{name}" for name in names}
    assert [await read(storage.stat(f"job-1/1-a/files/{name}")) for name in ODD_NAMES] == [
        name.encode() for name in ODD_NAMES
    ]
    assert await read(storage.stat("job-1/1-a/files/deep/empty")) == b""
    assert storage.stat("job-1/1-a/files") is None
    assert (local / "files" / "x'y").is_file()


def test_removing_a_folder_removes_what_is_under_it_and_nothing_that_is_named_alike(storage: Storage, tmp_path: Path):
    for key in ("job-1/a", "job-1/b/c", "job-10/a"):
        (tmp_path / "a").write_bytes(b"a")
        storage.put_file(tmp_path / "a", key)
    storage.remove("job-1/a")
    assert storage.keys() == ["job-1/b/c", "job-10/a"]
    storage.remove("job-1")
    assert storage.keys() == ["job-10/a"]


def test_a_link_in_what_is_put_into_a_bucket_is_left_out(bucket_url: str, made: Path):
    (made / "files" / "link").symlink_to("/etc/passwd")
    storage = BucketStorage(bucket_url)
    storage.put_folder(made, "a")
    assert {key for key in storage.keys() if "link" in key} == set()  # noqa: SIM118  # no dict


def test_attempts_publish_side_by_side_and_the_ended_one_stays_alone(storage: Storage, tmp_path: Path):
    produced = ProducedFolder(tmp_path / "produced", storage=storage)
    first, second = (produced.begin("job-1", 1, token * 32) for token in "ab")
    for working in (first, second):
        (working.files / "text.md").write_text("x")
        working.archive.write_bytes(b"PK")
    lost, kept = (produced.publish(working, "job-1", 1, token * 32) for working, token in ((first, "a"), (second, "b")))
    assert produced.find(f"{lost.target_dir}/text.md") is not None
    produced.keep_only("job-1", kept)
    assert produced.find(f"{lost.target_dir}/text.md") is None
    archive = produced.find(kept.archive)
    assert archive is not None
    assert (archive.size, (kept.local.files / "text.md").read_text()) == (2, "x")
    produced.remove("job-1")
    assert (produced.find(kept.archive), storage.keys("job-1")) == (None, [])


def test_a_bucket_that_is_not_there_is_told(s3_server: str, tmp_path: Path):
    (tmp_path / "a").write_bytes(b"a")
    with pytest.raises(StorageUnavailable, match="no such bucket as SECRETARY_STORAGE_URL names"):
        BucketStorage("s3://no-such-bucket-here/a").put_file(tmp_path / "a", "a")


def test_a_bucket_whose_server_is_away_is_unavailable(monkeypatch: pytest.MonkeyPatch, s3_server: str):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StorageUnavailable):
        BucketStorage("s3://bucket").stat("a")
