"""The runner ends every job it claims, whatever goes wrong, and holds no claim without knowing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from secretary.errors import ErrorCode
from secretary.files import FolderStorage, ProducedFolder, ResultCache
from secretary.job_types import load_job_types
from secretary.jobs import SEQUENCE_STRIDE, JobStatus
from secretary.progress import ProgressBus
from secretary.runner import Runner, RunnerLimits, SentInputs
from secretary.runner.attempt import TimeLimits
from secretary.runner.downloads import Downloads
from secretary.sandbox import ChildLimits, Pool
from secretary.secrecy import Secrecy
from secretary.store import Store
from tests.runner.conftest import SECRET_KEY
from tests.store.made import add, claim, found

CHILD = ChildLimits(memory_bytes=1024**3, file_bytes=1024**2, job_seconds=30.0, max_pages=10)


@pytest.fixture
async def pool(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1] / "plugins"))
    made = Pool(1, CHILD, max_jobs=10)
    yield made
    await made.close()


@pytest.fixture
def produced(tmp_path: Path) -> Path:
    return tmp_path / "produced"


@pytest.fixture
def runner(store: Store, bus: ProgressBus, pool: Pool, produced: Path, downloads: Downloads, tmp_path: Path) -> Runner:
    return Runner(
        worker_id="worker-1",
        claims=store.claims,
        bus=bus,
        pool=pool,
        online_pool=pool,
        produced=ProducedFolder(produced),
        job_types=load_job_types(),
        limits=RunnerLimits(TimeLimits(30.0, 30.0), retry_seconds=0.0, max_file_bytes=1000, input_roots=(tmp_path,)),
        cache=ResultCache(tmp_path / "cache", max_seconds=60.0, max_bytes=10**6),
        downloads=downloads,
        sent=SentInputs(store.uploads, store.gone, FolderStorage(tmp_path / "uploads")),
        secrecy=Secrecy(lambda: [SECRET_KEY]),
        ring_webhooks=lambda: None,
    )


async def test_an_answer_that_does_not_fit_stays_as_a_file_of_the_failed_job(
    runner: Runner, store: Store, produced: Path
) -> None:
    [job_id] = await add(store, job_type="unfit")
    assert await runner.run_next("default")
    row = await found(store, job_id)
    assert (row.status, row.error_code, row.archive) == (JobStatus.FAILED, ErrorCode.OUTPUT_INVALID, None)
    assert row.files == [{"name": "answer.txt", "media_type": "text/plain", "size": 2}]
    assert (Path(row.target_dir or "") / "answer.txt").read_text() == "42"
    assert await store.moves.retry(job_id)
    assert await runner.run_next("default")
    [kept] = (produced / job_id).iterdir()
    assert str(kept / "files") == (await found(store, job_id)).target_dir


async def test_a_job_that_fails_otherwise_keeps_nothing(runner: Runner, store: Store, produced: Path) -> None:
    [job_id] = await add(store, job_type="broken")
    assert await runner.run_next("default")
    assert (await found(store, job_id)).files == []
    assert not (produced / job_id).exists()


async def test_a_due_job_is_run_to_its_end_and_then_nothing_is_due(runner: Runner, store: Store) -> None:
    [job_id] = await add(store)
    assert await runner.run_next("default")
    row = await found(store, job_id)
    assert (row.status, row.step, row.percent) == (JobStatus.COMPLETED, "completed", 100)
    assert not await runner.run_next("default")


async def test_a_draining_runner_claims_nothing(runner: Runner, store: Store) -> None:
    [job_id] = await add(store)
    runner.drain()
    assert not await runner.run_next("default")
    assert (await found(store, job_id)).status is JobStatus.PENDING


async def test_a_folder_that_cannot_be_written_fails_the_job_under_an_id(
    runner: Runner, store: Store, produced: Path, caplog: pytest.LogCaptureFixture
) -> None:
    produced.write_text("a file where the folder should be")
    [job_id] = await add(store)
    assert await runner.run_next("default")
    row = await found(store, job_id)
    assert (row.status, row.error_code) == (JobStatus.FAILED, ErrorCode.INTERNAL)
    assert row.error_details["error_id"] in caplog.text
    assert str(produced) not in f"{row.error_message}{row.error_details}"


async def test_a_job_type_that_is_not_installed_here_fails_the_job(runner: Runner, store: Store) -> None:
    [job_id] = await add(store, job_type="of a package that is gone")
    assert await runner.run_next("default")
    assert (await found(store, job_id)).error_code == ErrorCode.UNKNOWN_JOB_TYPE


async def test_an_input_that_vanished_fails_the_job(runner: Runner, store: Store) -> None:
    [job_id] = await add(store, job_type="pdf", parameters={"filename": "gone.pdf"})
    assert await runner.run_next("default")
    row = await found(store, job_id)
    assert (row.error_code, row.error_message) == (ErrorCode.FILE_NOT_FOUND, "there is no file gone.pdf")


async def test_a_claim_whose_answer_never_arrived_is_given_back(runner: Runner, store: Store, bus: ProgressBus) -> None:
    [job_id] = await add(store)
    await claim(store, "worker-1")
    await runner.check_claims()
    assert (await found(store, job_id)).status is JobStatus.PROCESSING
    await runner.check_claims()
    row = await found(store, job_id)
    assert (row.status, row.sequence, row.attempt) == (JobStatus.PENDING, 2 + SEQUENCE_STRIDE, 1)
    assert (await bus.snapshots([job_id]))[job_id].status is JobStatus.PENDING


async def test_claims_of_other_workers_are_left_alone(runner: Runner, store: Store) -> None:
    [job_id] = await add(store)
    await claim(store, "worker-2")
    for _ in range(3):
        await runner.check_claims()
    assert (await found(store, job_id)).status is JobStatus.PROCESSING
