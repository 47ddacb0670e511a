"""Kept results: each copy stands alone, what is old or too much goes, and what is not whole is not given out."""

import os
from pathlib import Path

import pytest

from secretary.files import CachedResult, ProducedFolder, ResultCache, WorkingFolder, shelf

KEY = "ab" + "0" * 62


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path / "cache", max_seconds=60.0, max_bytes=10_000)


def folder(root: Path, text: str | None = None) -> WorkingFolder:
    """A working folder, with a file in a folder and an archive when there is a text for them."""
    made = WorkingFolder(root)
    made.files.mkdir(parents=True)
    if text is not None:
        (made.files / "images").mkdir()
        (made.files / "images" / "a.txt").write_text(text)
        made.archive.write_text(f"archive of {text}")
    return made


def result(text: str) -> CachedResult:
    return CachedResult(
        {"n": 1}, ["a warning"], [{"name": "images/a.txt", "media_type": "text/plain", "size": len(text)}]
    )


def test_what_is_kept_is_given_out_as_it_was(tmp_path: Path, cache: ResultCache):
    cache.keep(KEY, folder(tmp_path / "one", "hello"), result("hello"))
    into = folder(tmp_path / "two")
    assert cache.take(KEY, into) == result("hello")
    assert (into.files / "images" / "a.txt").read_text() == "hello"
    assert into.archive.read_text() == "archive of hello"


def test_removing_any_copy_leaves_the_others(tmp_path: Path, cache: ResultCache):
    import shutil

    cache.keep(KEY, folder(tmp_path / "one", "hello"), result("hello"))
    shutil.rmtree(tmp_path / "one")
    cache.take(KEY, folder(tmp_path / "two"))
    shutil.rmtree(tmp_path / "two")
    assert cache.take(KEY, folder(tmp_path / "three")) == result("hello")
    shutil.rmtree(tmp_path / "cache")
    assert (tmp_path / "three" / "files" / "images" / "a.txt").read_text() == "hello"


def test_where_there_are_no_hard_links_files_are_copied(
    tmp_path: Path, cache: ResultCache, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    cache.keep(KEY, folder(tmp_path / "one", "hello"), result("hello"))
    into = folder(tmp_path / "two")
    assert cache.take(KEY, into) is not None
    assert (into.files / "images" / "a.txt").stat().st_nlink == 1


def test_nothing_is_known_under_another_key(tmp_path: Path, cache: ResultCache):
    cache.keep(KEY, folder(tmp_path / "one", "hello"), result("hello"))
    assert cache.take("cd" + KEY[2:], folder(tmp_path / "two")) is None


def test_keeping_again_replaces(tmp_path: Path, cache: ResultCache):
    for text in ("old", "newer"):
        cache.keep(KEY, folder(tmp_path / text, text), result(text))
    into = folder(tmp_path / "into")
    assert cache.take(KEY, into) == result("newer")
    assert (into.files / "images" / "a.txt").read_text() == "newer"
    assert list((tmp_path / "cache" / ".working").iterdir()) == []


def test_what_is_too_old_is_neither_given_out_nor_left(
    tmp_path: Path, cache: ResultCache, monkeypatch: pytest.MonkeyPatch
):
    cache.keep(KEY, folder(tmp_path / "one", "hello"), result("hello"))
    later = shelf.time.time() + 61
    monkeypatch.setattr(shelf.time, "time", lambda: later)
    assert cache.take(KEY, folder(tmp_path / "two")) is None
    cache.prune()
    assert list((tmp_path / "cache").glob("ab/*")) == []


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, cache: ResultCache):
    keys = [f"{number:02}" + "0" * 62 for number in range(5)]
    for key in keys:
        cache.keep(key, folder(tmp_path / key, "x" * 1_500), result("x" * 1_500))
    cache.prune()
    assert [key for key in keys if cache.take(key, folder(tmp_path / f"into-{key}"))] == keys[2:]


def test_what_alone_is_too_much_is_not_kept(tmp_path: Path, cache: ResultCache):
    cache.keep(KEY, folder(tmp_path / "one", "x" * 10_001), result("x" * 10_001))
    assert not (tmp_path / "cache" / "ab").exists()


@pytest.mark.parametrize("damage", ["result.json", "entry.json", "files/images/a.txt", "archive.zip"])
@pytest.mark.parametrize("way", ["gone", "cut"])
def test_an_entry_that_is_not_whole_is_not_given_out_and_leaves_nothing(
    tmp_path: Path, cache: ResultCache, damage: str, way: str
):
    cache.keep(KEY, folder(tmp_path / "one", "hello"), result("hello"))
    hurt = tmp_path / "cache" / "ab" / KEY / damage
    hurt.unlink()
    if way == "cut":
        hurt.write_text("{")
    into = folder(tmp_path / "two")
    assert cache.take(KEY, into) is None
    assert (list(into.files.iterdir()), into.archive.exists()) == ([], False)


def test_no_hours_or_no_bytes_mean_no_cache(tmp_path: Path):
    assert not ResultCache(tmp_path, max_seconds=0.0, max_bytes=1).enabled
    assert not ResultCache(tmp_path, max_seconds=1.0, max_bytes=0).enabled


def test_removing_any_of_its_jobs_forgets_an_entry_and_leaves_the_other_jobs_whole(tmp_path: Path, cache: ResultCache):
    produced = ProducedFolder(tmp_path / "produced", cache)
    cache.keep(KEY, folder(tmp_path / "produced" / "job-1" / "1-a", "hello"), result("hello"))
    second = folder(tmp_path / "produced" / "job-2" / "1-b")
    assert cache.take(KEY, second) is not None
    produced.remove("job-1")
    assert cache.take(KEY, folder(tmp_path / "three")) is None
    assert (second.files / "images" / "a.txt").read_text() == "hello"
    cache.keep(KEY, second, result("hello"))
    third = folder(tmp_path / "produced" / "job-3" / "1-c")
    cache.take(KEY, third)
    produced.remove("job-3")
    assert cache.take(KEY, folder(tmp_path / "four")) is None
