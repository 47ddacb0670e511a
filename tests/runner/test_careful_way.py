"""When an attempt gets its second, careful way, and when it would be the same again."""

from pathlib import Path

import pytest

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from tests.documents_made import text_pdf
from tests.hostile.bombs import content_unpacks_to_too_much, one_bomb_among_good_pages
from tests.runner.conftest import CountingPool


async def test_what_ended_its_child_is_read_once_more_in_another(run, counting_pool: CountingPool, tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(one_bomb_among_good_pages())
    row = await run(include_images=True)
    assert (row.status, row.attempt, counting_pool.leases) == (JobStatus.COMPLETED, 1, 2)
    assert [page["page"] for page in row.results["structured_data"]["metadata"]["failed_pages"]] == [3]
    pictures = [file["name"] for file in row.files if file["name"].startswith("images/page")]
    assert pictures == [f"images/page-{number:04}.jpg" for number in (1, 2, 4, 5)]


@pytest.mark.parametrize(("method", "leases"), [("native", 2), ("combined", 1)])
async def test_a_document_without_a_readable_page_fails_and_is_not_read_carefully_twice(
    run, counting_pool: CountingPool, tmp_path: Path, method: str, leases: int
):
    (tmp_path / "a.pdf").write_bytes(content_unpacks_to_too_much())
    row = await run(extraction_method=method)
    assert (row.status, row.error_code) == (JobStatus.FAILED, ErrorCode.OUT_OF_MEMORY)
    assert counting_pool.leases == leases


async def test_a_refusal_is_not_read_again(run, counting_pool: CountingPool, tmp_path: Path):
    text_pdf(tmp_path / "a.pdf", "Between us", password="sesame")
    assert (await run()).error_code == ErrorCode.ENCRYPTED_FILE
    assert counting_pool.leases == 1
