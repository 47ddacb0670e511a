"""Equal jobs of one owner take each other's results without a child; everything that could make them differ is a miss."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.sandbox import ChildProcess
from tests.documents_made import CATALOG, FONT, content, page, text_pdf, written_pdf
from tests.runner.conftest import CountingPool


async def test_an_equal_job_takes_the_results_without_a_child_and_has_files_of_its_own(
    run, counting_pool: CountingPool, tmp_path: Path
):
    text_pdf(tmp_path / "a.pdf", "Hello")
    first, second = await run(include_images=True), await run(include_images=True)
    assert (first.status, second.status) == (JobStatus.COMPLETED, JobStatus.COMPLETED)
    assert (first.from_cache, second.from_cache, counting_pool.leases) == (False, True, 1)
    assert (second.step, second.percent, second.attempt) == ("completed", 100, 1)
    assert second.files == first.files
    assert {**second.results, "target_dir": None} == {**first.results, "target_dir": None}
    assert second.results["target_dir"] == second.target_dir != first.target_dir
    archives = [Path(row.archive or "").read_bytes() for row in (first, second)]
    assert archives[0] == archives[1]
    shutil.rmtree(tmp_path / "produced" / first.id)
    for file in second.files:
        assert (Path(second.target_dir or "") / file["name"]).stat().st_size == file["size"]
    third = await run(include_images=True)
    assert third.from_cache


@pytest.mark.parametrize(
    "other",
    [
        {"owner": "otto"},
        {"include_images": True},
        {"page_end": 1},
        {"password": "x"},
        {"use_cache": False},
        {"force_refresh": True},
    ],
    ids=str,
)
async def test_what_could_differ_is_done_anew(run, counting_pool: CountingPool, tmp_path: Path, other: dict[str, Any]):
    text_pdf(tmp_path / "a.pdf", "one", "two")
    await run()
    assert not (await run(**other)).from_cache
    assert counting_pool.leases == 2


async def test_a_parameter_that_says_the_default_changes_nothing(run, tmp_path: Path):
    text_pdf(tmp_path / "a.pdf", "one")
    await run()
    assert (await run(include_tables=True, extraction_method="native", use_cache=True)).from_cache


@pytest.mark.parametrize(("method", "hits"), [("combined", False), ("native", True)])
async def test_new_language_data_matters_to_jobs_that_may_read_by_it(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, hits: bool
):
    text_pdf(tmp_path / "a.pdf", "one page with enough of a text to need nothing else to be read by")
    languages = tmp_path / "tessdata"
    languages.mkdir()
    monkeypatch.setenv("TESSDATA_PREFIX", str(languages))
    (languages / "eng.traineddata").write_bytes(b"as it was")
    await run(extraction_method=method)
    (languages / "eng.traineddata").write_bytes(b"as it is now")
    assert (await run(extraction_method=method)).from_cache is hits


async def test_a_changed_file_at_the_same_path_never_hits_whatever_its_times_say(run, tmp_path: Path):
    path = text_pdf(tmp_path / "a.pdf", "Hello one")
    before = path.stat()
    await run()
    path.write_bytes(path.read_bytes().replace(b"<<", b"<<", 1)[:-1] + b" ")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (before.st_size, before.st_mtime_ns, before.st_ino)
    row = await run()
    assert (row.status, row.from_cache) == (JobStatus.COMPLETED, False)


async def test_the_same_bytes_under_another_name_get_files_of_that_name(run, tmp_path: Path):
    text_pdf(tmp_path / "a.pdf", "Hello")
    await run()
    shutil.copy(tmp_path / "a.pdf", tmp_path / "b.pdf")
    row = await run(filename=str(tmp_path / "b.pdf"))
    assert (row.from_cache, [file["name"] for file in row.files]) == (False, ["b.json", "b.md"])


async def test_results_of_an_encrypted_file_are_not_given_to_who_has_no_password(run, tmp_path: Path):
    text_pdf(tmp_path / "a.pdf", "Between us", password="sesame")
    assert (await run(password="sesame")).status is JobStatus.COMPLETED
    assert (await run()).error_code == ErrorCode.ENCRYPTED_FILE
    assert (await run(password="guess")).error_code == ErrorCode.WRONG_PASSWORD
    assert (await run(password="sesame")).from_cache


async def test_a_refresh_replaces_what_is_kept(run, counting_pool: CountingPool, tmp_path: Path):
    text_pdf(tmp_path / "a.pdf", "Hello")
    await run()
    refreshed = await run(force_refresh=True)
    taken = await run()
    assert (refreshed.from_cache, taken.from_cache, counting_pool.leases) == (False, True, 2)
    names = [file["name"] for file in taken.files]
    inodes = [[(Path(row.target_dir or "") / name).stat().st_ino for name in names] for row in (refreshed, taken)]
    assert inodes[0] == inodes[1]


async def test_results_with_failed_pages_are_not_kept(run, counting_pool: CountingPool, tmp_path: Path):
    tree = "<< /Type /Pages /Kids [3 0 R 99 0 R] /Count 2 >>"
    written_pdf(tmp_path / "a.pdf", CATALOG, tree, page(4, 5), content("fine"), FONT)
    for _ in range(2):
        row = await run()
        assert (row.status, row.from_cache) == (JobStatus.COMPLETED, False)
        [failed] = row.results["structured_data"]["metadata"]["failed_pages"]
        assert (failed["page"], failed["code"]) == (2, ErrorCode.INVALID_FILE)
    assert counting_pool.leases == 2


async def test_an_input_that_changes_while_it_is_read_is_not_kept(
    run, counting_pool: CountingPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = text_pdf(tmp_path / "a.pdf", "Hello")
    original = path.read_bytes()
    lease = counting_pool.lease

    async def change_then_lease() -> ChildProcess:
        text_pdf(path, "Something else")
        return await lease()

    monkeypatch.setattr(counting_pool, "lease", change_then_lease)
    await run()
    path.write_bytes(original)
    monkeypatch.setattr(counting_pool, "lease", lease)
    row = await run()
    assert (row.from_cache, row.results["structured_data"]["extracted_text"]) == (False, "Hello")
