"""Kept downloads: each owner's apart, whole or not there, and no longer than asked for."""

from pathlib import Path

import pytest

from secretary.files import Download, DownloadCache

URL = "https://files.example/a.pdf"
TAGGED = Download("https://cdn.example/1", "a.pdf", "application/pdf", '"1"', None)


@pytest.fixture
def cache(tmp_path: Path) -> DownloadCache:
    return DownloadCache(tmp_path / "downloads", max_seconds=60.0, max_bytes=1_000)


@pytest.fixture
def body(tmp_path: Path) -> Path:
    path = tmp_path / "body"
    path.write_bytes(b"content")
    return path


def test_what_is_kept_is_given_to_its_owner_only(cache: DownloadCache, body: Path, tmp_path: Path):
    cache.keep("ursula", URL, body, TAGGED)
    assert cache.known("ursula", URL) == TAGGED
    assert cache.take("ursula", URL, tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes() == b"content"
    for owner, url in (("otto", URL), ("ursula", f"{URL}?x"), ("ursul", f"a\0{URL}")):
        assert cache.known(owner, url) is None
        assert not cache.take(owner, url, tmp_path / "not")
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize(
    ("etag", "last_modified", "conditions"),
    [
        ('W/"1"', None, {"If-None-Match": 'W/"1"'}),
        (None, "Mon, 01 Jan 2024 00:00:00 GMT", {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}),
        (None, None, {}),
    ],
)
def test_only_what_can_be_asked_for_again_is_kept(
    cache: DownloadCache, body: Path, etag: str | None, last_modified: str | None, conditions: dict[str, str]
):
    download = Download(URL, "a.pdf", None, etag, last_modified)
    cache.keep("ursula", URL, body, download)
    assert download.conditions == conditions
    assert (cache.known("ursula", URL) is not None) == bool(conditions)


def test_what_is_too_large_or_switched_off_is_not_kept(body: Path, tmp_path: Path):
    for cache in (
        DownloadCache(tmp_path / "small", max_seconds=60.0, max_bytes=6),
        DownloadCache(tmp_path / "off", max_seconds=0.0, max_bytes=1_000),
    ):
        cache.keep("ursula", URL, body, TAGGED)
        assert cache.known("ursula", URL) is None


def test_a_body_that_is_not_what_it_was_is_not_given_out(cache: DownloadCache, body: Path, tmp_path: Path):
    cache.keep("ursula", URL, body, TAGGED)
    [kept] = (tmp_path / "downloads").glob("*/*/body")
    kept.unlink()
    kept.write_bytes(b"cut")
    assert cache.known("ursula", URL) is None
    assert not cache.take("ursula", URL, tmp_path / "taken")


def test_the_oldest_goes_first_and_what_was_taken_counts_as_new(cache: DownloadCache, body: Path, tmp_path: Path):
    body.write_bytes(b"x" * 400)
    cache.keep("ursula", "https://a.example/", body, TAGGED)
    cache.keep("ursula", "https://b.example/", body, TAGGED)
    assert cache.take("ursula", "https://a.example/", tmp_path / "taken")
    cache.keep("ursula", "https://c.example/", body, TAGGED)
    cache.prune()
    kept = [letter for letter in "abc" if cache.known("ursula", f"https://{letter}.example/")]
    assert kept == ["a", "c"]
