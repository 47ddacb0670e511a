"""Secrets in a job's row are sealed; only the runner reads them, and says so clearly where it cannot."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.models import JobRow
from secretary.secrecy import Secrecy
from tests.documents_made import text_pdf
from tests.runner.conftest import SECRET_KEY, CountingPool

ANOTHER_KEY = "YW5vdGhlciBtYWNoaW5lJ3Mga2V5LCAzMiBieXRlcyE="
Run = Callable[..., Awaitable[JobRow]]


async def test_a_sealed_password_opens_the_document(run: Run, tmp_path: Path) -> None:
    text_pdf(tmp_path / "a.pdf", "Between us", password="sesame")
    row = await run(password=Secrecy(lambda: [SECRET_KEY]).seal("sesame"))
    assert row.status is JobStatus.COMPLETED
    assert "sesame" not in str(row.parameters)


async def test_jobs_with_the_same_secret_share_their_results_however_it_was_sealed(run: Run, tmp_path: Path) -> None:
    text_pdf(tmp_path / "a.pdf", "Between us", password="sesame")
    secrecy = Secrecy(lambda: [SECRET_KEY])
    assert not (await run(password=secrecy.seal("sesame"))).from_cache
    assert (await run(password=secrecy.seal("sesame"))).from_cache
    assert (await run(password=secrecy.seal("guess"))).error_code == ErrorCode.WRONG_PASSWORD


async def test_a_secret_of_another_key_ends_the_job_saying_what_to_set(
    run: Run, counting_pool: CountingPool, tmp_path: Path
) -> None:
    text_pdf(tmp_path / "a.pdf", "Between us", password="sesame")
    row = await run(password=Secrecy(lambda: [ANOTHER_KEY]).seal("sesame"))
    assert (row.status, row.error_code) == (JobStatus.FAILED, ErrorCode.INTERNAL)
    assert "SECRETARY_SECRET_KEY" in (row.error_message or "")
    assert counting_pool.leases == 0
