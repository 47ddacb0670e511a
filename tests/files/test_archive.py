"""The archive of a job."""

import os
import shutil
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secretary.files.archive import write_archive

NAMES = st.text(st.sampled_from("abcäöü語 .-_"), min_size=1, max_size=8).filter(lambda name: name.strip("."))
FILES = st.dictionaries(st.tuples(NAMES, NAMES), st.binary(max_size=300), max_size=5)


@pytest.fixture
def produced(tmp_path):
    folder = tmp_path / "produced"
    (folder / "images").mkdir(parents=True)
    (folder / "text.md").write_text("word " * 1_000, encoding="utf-8")
    (folder / "images" / "page-0001.JPG").write_bytes(b"\xff\xd8" + bytes(5_000))
    (folder / "Übersicht.json").write_text("{}", encoding="utf-8")
    return folder


def test_everything_is_packed_in_order_of_names(tmp_path, produced):
    write_archive(produced, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert packed.namelist() == ["images/page-0001.JPG", "text.md", "Übersicht.json"]
        assert packed.testzip() is None
        assert packed.read("Übersicht.json") == b"{}"
        assert {(member.date_time, member.external_attr >> 16) for member in packed.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644)
        }


def test_text_is_deflated_and_pictures_are_stored(tmp_path, produced):
    write_archive(produced, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        kinds = {member.filename: member.compress_type for member in packed.infolist()}
    assert kinds == {
        "images/page-0001.JPG": zipfile.ZIP_STORED,
        "text.md": zipfile.ZIP_DEFLATED,
        "Übersicht.json": zipfile.ZIP_DEFLATED,
    }


def test_an_archive_inside_the_folder_does_not_hold_itself(produced):
    for _ in range(2):
        write_archive(produced, produced / "all.zip")
        with zipfile.ZipFile(produced / "all.zip") as packed:
            assert packed.namelist() == ["images/page-0001.JPG", "text.md", "Übersicht.json"]


def test_links_are_left_out(tmp_path, produced):
    (tmp_path / "secret").write_text("not ours", encoding="utf-8")
    (produced / "link").symlink_to(tmp_path / "secret")
    (produced / "folder").symlink_to(tmp_path, target_is_directory=True)
    write_archive(produced, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert packed.namelist() == ["images/page-0001.JPG", "text.md", "Übersicht.json"]


def test_an_empty_folder_makes_an_empty_archive(tmp_path):
    (tmp_path / "empty").mkdir()
    write_archive(tmp_path / "empty", tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert packed.namelist() == []


def test_a_name_that_is_not_utf_8_is_packed_under_a_readable_one(tmp_path, produced):
    with open(os.path.join(os.fsencode(produced), b"caf\xe9.txt"), "wb") as file:  # noqa: PTH118, PTH123
        file.write(b"x")
    write_archive(produced, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert packed.read("caf\ufffd.txt") == b"x"


def test_a_failure_leaves_the_old_archive_and_nothing_half_written(tmp_path, produced):
    write_archive(produced, tmp_path / "all.zip")
    before = (tmp_path / "all.zip").read_bytes()
    (tmp_path / "all.zip").unlink()
    (tmp_path / "all.zip").mkdir()
    (tmp_path / "all.zip" / "in the way").touch()
    with pytest.raises(OSError, match=r"all\.zip"):
        write_archive(produced, tmp_path / "all.zip")
    assert before[:2] == b"PK"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "produced"]


@settings(max_examples=40, deadline=None)
@given(FILES)
def test_equal_contents_make_equal_bytes_whenever_and_in_whatever_order_they_were_written(tmp_path_factory, files):
    base = tmp_path_factory.mktemp("archives")
    archives = []
    for time, order in ((0, list(files.items())), (1_700_000_000, list(reversed(files.items())))):
        folder = base / str(time)
        for (parent, name), data in order:
            (folder / f"in {parent}").mkdir(parents=True, exist_ok=True)
            path = folder / f"in {parent}" / f"n{name}"
            path.write_bytes(data)
            path.chmod(0o600)
            os.utime(path, (time, time))
        folder.mkdir(exist_ok=True)
        write_archive(folder, base / f"{time}.zip")
        archives.append((base / f"{time}.zip").read_bytes())
    assert archives[0] == archives[1]
    with zipfile.ZipFile(base / "0.zip") as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            f"in {parent}/n{name}": data for (parent, name), data in files.items()
        }
    shutil.rmtree(base)
