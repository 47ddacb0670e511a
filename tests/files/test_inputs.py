"""Which files a job may read: only those inside the allowed folders, links resolved first."""

import os
from pathlib import Path

import pytest

from secretary.errors import FileMissing, FileNotAllowed, FileTooLarge, InvalidFile, JobFailure
from secretary.files import resolve_input

LIMIT = 1000


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Path, Path]:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (first / "a.pdf").write_bytes(b"a")
    (second / "b.pdf").write_bytes(b"b")
    (tmp_path / "secret.pdf").write_bytes(b"s")
    (tmp_path / "first-too").mkdir()
    (tmp_path / "first-too" / "c.pdf").write_bytes(b"c")
    return first, second


def test_a_file_is_found_by_its_absolute_path_and_relative_to_any_root(roots: tuple[Path, Path]) -> None:
    assert resolve_input(str(roots[0] / "a.pdf"), roots, max_bytes=LIMIT) == roots[0] / "a.pdf"
    assert resolve_input("a.pdf", roots, max_bytes=LIMIT) == roots[0] / "a.pdf"
    assert resolve_input(str(roots[1] / "b.pdf"), roots, max_bytes=LIMIT) == roots[1] / "b.pdf"
    assert resolve_input("b.pdf", roots, max_bytes=LIMIT) == roots[1] / "b.pdf"
    assert resolve_input("./x/../a.pdf", roots, max_bytes=LIMIT) == roots[0] / "a.pdf"


@pytest.mark.parametrize(
    "filename",
    ["../secret.pdf", "../nothing-there.pdf", "/etc/passwd", "x/../../secret.pdf", "../first-too/c.pdf", "/"],
)
def test_a_place_outside_is_not_allowed_whether_or_not_something_is_there(
    roots: tuple[Path, Path], filename: str
) -> None:
    with pytest.raises(FileNotAllowed) as refusal:
        resolve_input(filename, roots, max_bytes=LIMIT)
    assert str(roots[0].parent) not in refusal.value.message


def test_a_link_is_followed_before_it_is_judged(roots: tuple[Path, Path]) -> None:
    (roots[0] / "out.pdf").symlink_to(roots[0].parent / "secret.pdf")
    (roots[0] / "in.pdf").symlink_to(roots[1] / "b.pdf")
    (roots[0] / "folder").symlink_to(roots[0].parent)
    for outside in ("out.pdf", "folder/secret.pdf"):
        with pytest.raises(FileNotAllowed):
            resolve_input(outside, roots[:1], max_bytes=LIMIT)
    with pytest.raises(FileNotAllowed):
        resolve_input("in.pdf", roots[:1], max_bytes=LIMIT)
    assert resolve_input("in.pdf", roots, max_bytes=LIMIT) == roots[1] / "b.pdf"
    with pytest.raises(FileNotAllowed):
        resolve_input("out.pdf", roots, max_bytes=LIMIT)
    (roots[0] / "round").symlink_to(roots[0] / "round")
    with pytest.raises(JobFailure):
        resolve_input("round", roots, max_bytes=LIMIT)


def test_what_is_no_readable_file_is_refused_by_its_kind(roots: tuple[Path, Path]) -> None:
    (roots[0] / "sub").mkdir()
    os.mkfifo(roots[0] / "pipe.pdf")
    (roots[0] / "big.pdf").write_bytes(b"x" * (LIMIT + 1))
    for filename, kind in (
        ("nothing.pdf", FileMissing),
        ("x" * 5000, FileMissing),
        ("sub", InvalidFile),
        (".", InvalidFile),
        ("pipe.pdf", InvalidFile),
        ("big.pdf", FileTooLarge),
    ):
        with pytest.raises(kind):
            resolve_input(filename, roots, max_bytes=LIMIT)
