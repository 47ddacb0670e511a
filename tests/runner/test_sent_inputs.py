"""A job that reads an upload: brought under its own name, and refused with the right code when it is not there any more."""

from pathlib import Path

import pytest
from sqlalchemy import text

from secretary.files import FolderStorage
from secretary.jobs import JobStatus, new_id
from secretary.runner import Runner
from secretary.store import Store
from tests.documents_made import text_pdf
from tests.store.made import add, found


@pytest.fixture
async def upload_id(store: Store, tmp_path: Path) -> str:
    """An upload of `ursula`'s."""
    sent = new_id("file")
    text_pdf(tmp_path / "sent.pdf", "one")
    size = (tmp_path / "sent.pdf").stat().st_size
    FolderStorage(tmp_path / "uploads").put_file(tmp_path / "sent.pdf", sent)
    about = {"media_type": "application/pdf", "size": size, "sha256": "aa", "stored": sent}
    await store.uploads.add({"id": sent, "owner": "ursula", "name": "Bericht ä.pdf", **about})
    return sent


async def ran(store: Store, runner: Runner, upload_id: str, owner: str = "ursula") -> str:
    [job_id] = await add(store, owner, job_type="pdf", parameters={"filename": upload_id}, upload_id=upload_id)
    assert await runner.run_next("default")
    return job_id


async def test_an_upload_is_read_under_its_own_name_and_stays(
    store: Store, pdf_runner: Runner, upload_id: str, tmp_path: Path
):
    row = await found(store, await ran(store, pdf_runner, upload_id))
    assert (row.status, row.error_message) == (JobStatus.COMPLETED, None)
    assert "Bericht-ä.md" in {file["name"] for file in row.files}
    assert FolderStorage(tmp_path / "uploads").stat(upload_id) is not None
    assert list((tmp_path / "produced" / ".working").iterdir()) == []


async def test_an_upload_that_expired_meanwhile_fails_the_job_with_that_code(
    store: Store, pdf_runner: Runner, upload_id: str
):
    async with store.database.write() as session:
        await session.execute(text("UPDATE upload SET touched_at = '2020-01-01 00:00:00.000000'"))
    assert [gone for gone, _ in await store.uploads.expire(3600.0, 10)] == [upload_id]
    row = await found(store, await ran(store, pdf_runner, upload_id))
    assert (row.status, row.error_code) == (JobStatus.FAILED, "EXPIRED")


async def test_an_upload_whose_bytes_are_lost_fails_the_job(
    store: Store, pdf_runner: Runner, upload_id: str, tmp_path: Path
):
    FolderStorage(tmp_path / "uploads").remove(upload_id)
    row = await found(store, await ran(store, pdf_runner, upload_id))
    assert (row.status, row.error_code) == (JobStatus.FAILED, "FILE_NOT_FOUND")


async def test_another_owners_upload_is_not_read_even_if_a_row_names_it(
    store: Store, pdf_runner: Runner, upload_id: str
):
    row = await found(store, await ran(store, pdf_runner, upload_id, owner="otto"))
    assert (row.status, row.error_code) == (JobStatus.FAILED, "FILE_NOT_FOUND")
