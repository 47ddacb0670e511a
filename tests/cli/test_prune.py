"""`secretary prune`: says what would go, and takes it out."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from secretary.cli import app
from secretary.jobs import new_id
from secretary.store import Database, Store

DELIVERY = (
    "INSERT INTO webhook_deliveries (id, target_id, owner, phase, status, rank, url, host, run_at, expires_at, tries,"
    " attempt_count, gone, sequence, created_at, updated_at) VALUES (?, ?, 'ursula', 'error', ?, 0, 'https://example.org/',"
    " 'example.org', '2020-01-01', '2020-01-02', 0, 1, 0, 0, '2020-01-01', '2020-01-01 00:00:00.000000')"
)


@pytest.fixture
def old_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A job that was cancelled years ago, in a data folder of its own, with a file."""
    monkeypatch.setenv("SECRETARY_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["prune"]).exit_code == 0
    job_id = new_id("job")
    (tmp_path / "produced" / job_id / "1-a").mkdir(parents=True)
    (tmp_path / "produced" / job_id / "1-a" / "archive.zip").write_bytes(b"PK")

    async def make() -> None:
        store = Store(Database(f"sqlite+aiosqlite:///{tmp_path / 'secretary.db'}"))
        await store.jobs.add("ursula", [{"id": job_id, "job_type": "pdf", "owner": "ursula", "parameters": {}}])
        await store.moves.cancel(job_id)
        async with store.database.write() as session:
            await session.execute(text("UPDATE job SET completed_at = '2020-01-01 00:00:00.000000'"))
        await store.close()

    asyncio.run(make())
    return job_id


def test_what_would_go_is_said_and_then_goes(old_job: str, tmp_path: Path):
    runner = CliRunner()
    said = runner.invoke(app, ["prune", "--dry-run"])
    assert (said.exit_code, said.stdout.strip()) == (0, old_job)
    assert "Would remove 1 job, 0 batches, 0 uploads of 0 bytes and 0 webhook deliveries." in said.stderr
    assert (tmp_path / "produced" / old_job).is_dir()
    done = runner.invoke(app, ["prune"])
    assert (done.stdout.strip(), "Removed 1 job," in done.stderr) == (old_job, True)
    assert not (tmp_path / "produced" / old_job).exists()
    assert runner.invoke(app, ["prune"]).stdout == ""


def test_old_webhook_deliveries_are_named_and_go_before_their_job(
    old_job: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SECRETARY_RETENTION_DAYS", "0")
    with sqlite3.connect(tmp_path / "secretary.db") as database:
        for number in range(205):
            row = (f"told-{number:03}", old_job, "delivered" if number else "pending")
            database.execute(DELIVERY, row)
    runner, told = CliRunner(), [f"told-{number:03}" for number in range(1, 205)]
    for arguments, said in ((["--dry-run"], "Would remove"), ([], "Removed")):
        done = runner.invoke(app, ["prune", *arguments])
        assert done.stdout.split() == told
        assert f"{said} 0 jobs, 0 batches, 0 uploads of 0 bytes and 204 webhook deliveries." in done.stderr
    assert runner.invoke(app, ["prune"]).stdout == ""


def test_nothing_goes_where_everything_is_kept(old_job: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRETARY_RETENTION_DAYS", "0")
    assert CliRunner().invoke(app, ["prune", "--dry-run"]).stdout == ""
    assert old_job.startswith("job-")
