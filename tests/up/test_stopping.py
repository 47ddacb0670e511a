"""The end of `secretary up`, in every way it can come: nothing is ever left."""

import signal
import time
from pathlib import Path

import psutil

from tests.documents_made import text_pdf
from tests.up.started import nothing_is_left, started, until


def test_interrupted_in_the_middle_of_jobs_it_stops_everything_in_time(folder: Path):
    text_pdf(folder / "long.pdf", *("word " * 10 for _ in range(300)))
    with started(folder, "--workers", "2") as service:
        with service.client() as client:
            jobs = [_long_job() for _ in range(4)]
            client.post("/api/jobs/batch", json={"jobs": jobs}).raise_for_status()
            until(lambda: "processing" in client.get("/api/jobs").text, seconds=5, what="a job runs")
        descendants = service.descendants()
        assert len(descendants) >= 6  # Valkey, web, two workers and their sandboxes
        code, seconds = service.stop(signal.SIGINT)
        assert code == 0
        assert seconds < 10
        assert [process for process in descendants if process.is_running()] == []
        assert nothing_is_left(folder)
        assert service.process.stdout is not None
        assert service.process.stdout.read() == "Stopped.\n"


def _long_job() -> dict:
    return {"job_type": "pdf", "parameters": {"filename": "long.pdf", "include_images": True}}


def test_killed_without_warning_it_leaves_nothing_and_the_next_start_finds_all(folder: Path):
    with started(folder) as first:
        descendants = first.descendants()
        first.process.kill()
        first.process.wait()
        until(lambda: not _running(descendants), seconds=2, what="its children are gone")
        assert nothing_is_left(folder, within=1)
    with started(folder) as second:
        assert second.key == first.key
        with second.client() as client:
            assert client.get("/api/jobs").json()["status"] == "success"
        assert second.stop()[0] == 0
    assert nothing_is_left(folder)


def test_a_child_that_does_not_end_is_killed_in_time(folder: Path):
    with started(folder) as service:
        service.children()["worker"].suspend()
        code, seconds = service.stop()
        assert code == 0
        assert 7 < seconds < 15
    assert nothing_is_left(folder)


def test_asked_twice_it_kills(folder: Path):
    with started(folder) as service:
        service.children()["worker"].suspend()
        service.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        code, seconds = service.stop()
        assert code == 0
        # Asked once it would have waited for the worker until its limit of 7.5 s.
        assert seconds < 6
    assert nothing_is_left(folder)


def _running(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
