"""What jobs produced is written elsewhere and moved in one step."""

import os
import time
from pathlib import Path

import pytest

from secretary.files import ProducedFolder
from secretary.files.produced import list_files


@pytest.fixture
def produced(tmp_path: Path) -> ProducedFolder:
    return ProducedFolder(tmp_path / "produced")


def test_nothing_is_at_the_lasting_place_before_it_is_published(produced: ProducedFolder, tmp_path: Path) -> None:
    working = produced.begin("job-1", 1, "a" * 32)
    (working.files / "text.md").write_text("x")
    assert not (tmp_path / "produced" / "job-1").exists()
    published = produced.publish(working, "job-1", 1, "a" * 32)
    assert (published.local.files / "text.md").read_text() == "x"
    assert not working.root.exists()


def test_two_attempts_never_share_a_folder_and_the_loser_is_removed(produced: ProducedFolder, tmp_path: Path) -> None:
    first, second = (produced.begin("job-1", 1, token * 32) for token in "ab")
    for working in (first, second):
        working.archive.write_bytes(b"PK")
    first, second = (
        produced.publish(working, "job-1", 1, token * 32) for working, token in ((first, "a"), (second, "b"))
    )
    produced.keep_only("job-1", second)
    assert not first.local.root.exists()
    produced.withdraw(second)
    assert not (tmp_path / "produced" / "job-1").exists()


def test_folders_of_dead_attempts_are_swept_when_they_are_old(produced: ProducedFolder) -> None:
    old, young = produced.begin("job-1", 1, "a" * 32), produced.begin("job-2", 1, "a" * 32)
    day_ago = time.time() - 86_401
    os.utime(old.root, (day_ago, day_ago))
    produced.sweep(86_400, time.time())
    assert not old.root.exists()
    assert young.root.exists()


def test_files_are_listed_by_name_without_links(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for name in ("b.md", "images/ä.jpg", "a.json"):
        (tmp_path / name).write_text("12")
    (tmp_path / "link.md").symlink_to("/etc/passwd")
    assert [(file.name, file.media_type, file.size) for file in list_files(tmp_path)] == [
        ("a.json", "application/json", 2),
        ("b.md", "text/markdown; charset=utf-8", 2),
        ("images/ä.jpg", "image/jpeg", 2),
    ]
