"""Texts kept for later jobs, each owner's apart."""

from pathlib import Path

from secretary.files import KeptTexts


def kept(root: Path, owner: str = "ada", max_seconds: float = 60.0, max_bytes: int = 100) -> KeptTexts:
    return KeptTexts(root, max_seconds=max_seconds, max_bytes=max_bytes, owner=owner)


def test_a_text_is_found_under_all_of_what_it_was_made_from_by_its_owner_only(tmp_path: Path):
    kept(tmp_path).keep("Überall", "video", "model")
    assert kept(tmp_path).take("video", "model") == "Überall"
    assert kept(tmp_path).take("video", "other model") is None
    assert kept(tmp_path).take("videomodel") is None
    assert kept(tmp_path, "alan").take("video", "model") is None
    assert KeptTexts.from_dict(kept(tmp_path).of_owner("ada")).take("video", "model") == "Überall"


def test_nothing_is_kept_that_is_too_large_or_where_nothing_is_to_be_kept(tmp_path: Path):
    kept(tmp_path).keep("x" * 101, "long")
    assert kept(tmp_path).take("long") is None
    kept(tmp_path, max_seconds=0).keep("x", "never")
    assert kept(tmp_path).take("never") is None
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    kept(blocked).keep("x", "a")
    assert kept(blocked).take("a") is None
