"""`secretary watch`: many jobs at once, in a terminal and out of one, through a service that goes away and comes back."""

import json
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.cli.asking import SETTINGS, Typed, ask, asked, submitted
from tests.documents_made import text_pdf
from tests.up.started import SECRETARY, Started, environment, started, until


@pytest.fixture(scope="module")
def service() -> Iterator[Started]:
    # Two subscriptions on one socket, so that a handful of jobs needs several.
    settings = {**SETTINGS, "SECRETARY_MAX_SOCKET_OPERATIONS": "2"}
    with tempfile.TemporaryDirectory(prefix="sec-") as path, started(Path(path), settings=settings) as running_service:
        yield running_service


def created(service: Started, job_type: str, **parameters: object) -> str:
    with service.client() as client:
        answer = client.post("/api/jobs/", json={"job_type": job_type, "parameters": parameters})
        return str(answer.json()["data"]["job_id"])


def sleeping(service: Started, *seconds: float) -> list[str]:
    """Jobs that take so long."""
    return [created(service, "sleep", seconds=each) for each in seconds]


def cancelled(service: Started, ids: Sequence[str]) -> None:
    with service.client() as client:
        for one in ids:
            client.post(f"/api/jobs/{one}/cancel")


def status(service: Started, job_id: str) -> str:
    with service.client() as client:
        return str(client.get(f"/api/jobs/{job_id}").json()["data"]["status"])


def test_all_that_completed_is_exit_code_0_and_each_end_a_line(service: Started):
    ids = sleeping(service, 0.1, 0.1, 0.1)
    done = asked(service, "watch", *ids, ids[0])
    assert (done.returncode, done.stderr) == (0, "")
    ends = [line for line in done.stdout.splitlines() if line.endswith("  100 %  completed")]
    assert sorted(line.split()[0] for line in ends) == sorted(ids)


def test_one_that_failed_is_exit_code_1_with_the_reason(service: Started):
    good, bad = sleeping(service, 0.1)[0], submitted(service, "--type", "die", "--name", "poor thing")[0]
    done = asked(service, "watch", good, bad)
    assert done.returncode == 1
    assert re.fullmatch(rf"secretary: poor thing \({bad}\): \S.*\n", done.stderr)
    assert f"{good}  100 %  completed\n" in done.stdout


def test_what_is_not_there_is_said_and_the_others_are_followed(service: Started):
    (one,) = sleeping(service, 0.1)
    done = ask(service, "watch", "job-none", one, "batch-none")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "secretary: job-none: There is no job with this id.",
        "secretary: batch-none: There is no batch with this id.",
    ]
    assert done.stdout.endswith(f"{one}  100 %  completed\n")


def test_a_batch_with_a_failed_job_says_which_and_why(service: Started):
    bodies = [{"job_type": "noop", "parameters": {}}, {"job_type": "die", "parameters": {}, "job_name": "mortal"}]
    with service.client() as client:
        made = client.post("/api/jobs/batch", json={"batch_name": "mixed", "jobs": bodies}).json()["data"]
    done = ask(service, "watch", made["batch_id"], "--json")
    assert done.returncode == 1
    assert done.stderr.startswith(f"secretary: mortal ({made['job_ids'][1]}): ")
    last = json.loads(done.stdout.splitlines()[-1])
    counts = {name: last[f"{name}_count"] for name in ("completed", "failed", "cancelled", "pending")}
    assert counts == {"completed": 1, "failed": 1, "cancelled": 0, "pending": 0}


def test_json_is_one_event_a_line_and_sequences_grow(service: Started):
    ids = sleeping(service, 0.5, 0.5)
    done = ask(service, "watch", *ids, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for one in ids:
        mine = [event for event in events if event["job_id"] == one]
        sequences = [event["sequence"] for event in mine]
        assert sequences == sorted(set(sequences))
        assert mine[-1]["status"] == "completed"


def test_a_cancelled_one_reads_so(service: Started):
    (one,) = sleeping(service, 60)
    cancelled(service, [one])
    done = ask(service, "watch", one, "--json")
    assert done.returncode == 1
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["status"], last["error"]["code"]) == ("cancelled", "JOB_CANCELLED")


def test_more_than_the_sockets_take_are_all_followed_while_they_run(service: Started):
    ids = sleeping(service, 60, 60, 60, 60, 60)
    # The first two run; the last one is told although it waits behind more than one socket takes.
    watching = subprocess.Popen(
        [*SECRETARY, "watch", *ids, "--json", "--data-dir", str(service.data_dir)],
        cwd=service.folder, env=environment(), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watching.stdout is not None
    told: set[str] = set()
    while told != set(ids):
        told.add(json.loads(watching.stdout.readline())["job_id"])
    cancelled(service, ids)
    watching.communicate(timeout=20)
    assert watching.returncode == 1


def test_two_hundred_jobs_are_followed_over_a_few_sockets(folder: Path):
    with started(folder, settings=SETTINGS) as service, service.client() as client:
        jobs = [{"job_type": "sleep", "parameters": {"seconds": 60}}] * 200
        ids = client.post("/api/jobs/batch", json={"jobs": jobs}).json()["data"]["job_ids"]
        watching = subprocess.Popen(
            [*SECRETARY, "watch", *ids, "--json", "--data-dir", str(service.data_dir)],
            cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert watching.stdout is not None
        told: set[str] = set()
        while len(told) < len(ids):
            told.add(json.loads(watching.stdout.readline())["job_id"])
        figures = client.get("/metrics").text
        sockets = [
            float(line.split()[-1])
            for line in figures.splitlines()
            if re.match(r"secretary_\w*connections\{.*socket", line)
        ]
        assert sockets == [4.0], figures
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)
        assert watching.returncode == 130


def test_in_a_terminal_there_is_a_bar_for_each_and_a_line_for_all(service: Started):
    text_pdf(service.folder / "letter.pdf", "Dear reader")
    ids = [*sleeping(service, 0.6, 0.6), *submitted(service, "letter.pdf")]
    typing = Typed(service, "watch", *ids)
    assert typing.ended() == 0, typing.shown
    last = typing.shown.rpartition("3 followed: ")
    assert last[2].startswith("3 completed; 0:0")
    assert "━" in typing.shown
    assert all(one[:8] in typing.shown for one in ids[:2])
    assert "letter.pdf" in typing.shown


@pytest.mark.parametrize(("columns", "lines"), [(80, 6), (40, 8), (20, 4)])
def test_no_line_is_wider_than_the_terminal_and_no_picture_higher(service: Started, columns: int, lines: int):
    ids = sleeping(service, *[0.05] * 8)
    typing = Typed(service, "watch", *ids, columns=columns, lines=lines)
    assert typing.ended() == 0, typing.shown
    frames = re.split(r"\x1b\[\d*A|\x1b\[2K", typing.shown)
    drawn = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", frame) for frame in frames]
    assert max(len(line) for frame in drawn for line in frame.replace("\r", "\n").split("\n")) <= columns
    assert max(frame.count("\n") for frame in drawn) < lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_the_job_running_and_says_how_to_follow_it(service: Started, number: int):
    ids = sleeping(service, 60, 0.1)
    typing = Typed(service, "watch", *ids)
    until(lambda: "followed" in typing.shown and "completed" in typing.shown, seconds=15, what="one has ended")
    typing.process.send_signal(number)
    assert typing.ended() == 130
    assert f"`secretary watch {ids[0]}` follows it again." in " ".join(typing.shown.split())
    assert "Traceback" not in typing.shown
    assert typing.shown.rindex("\x1b[?25h") > typing.shown.rindex("\x1b[?25l"), "the cursor is back"
    assert status(service, ids[0]) == "processing"
    cancelled(service, ids[:1])
    assert "The job was cancelled." in ask(service, "watch", ids[0]).stdout


@pytest.mark.parametrize("option", ["", "--json"])
def test_a_reader_that_leaves_is_no_trouble(service: Started, option: str):
    (one,) = sleeping(service, 1)
    command = f"{' '.join(SECRETARY)} watch {one} {option} --data-dir {service.data_dir} | head -1"
    done = subprocess.run(
        command,
        shell=True,
        cwd=service.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout.count(one) == 1
    assert done.stderr == ""


def test_a_service_that_is_started_again_is_found_again_and_nothing_is_lost():
    with tempfile.TemporaryDirectory(prefix="sec-") as path:
        folder = Path(path)
        with started(folder, settings=SETTINGS) as first:
            ids = sleeping(first, 2, 2, 2)
            log = (folder / "watch.json").open("wb")
            watching = subprocess.Popen(
                [*SECRETARY, "watch", *ids, "--json", "--data-dir", str(first.data_dir)],
                cwd=folder, env=environment(), stdout=log, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            until(lambda: (folder / "watch.json").read_text().count('"processing"') > 2, seconds=15, what="it runs")
            first.stop()
        # Another port, too.
        with started(folder, settings=SETTINGS):
            _, said = watching.communicate(timeout=60)
        log.close()
        assert watching.returncode == 0
        assert said.splitlines()[-1] == "The service answers again."
        events = [json.loads(line) for line in (folder / "watch.json").read_text().splitlines()]
        for one in ids:
            mine = [event["sequence"] for event in events if event["job_id"] == one]
            assert mine == sorted(set(mine))
            assert [event["status"] for event in events if event["job_id"] == one][-1] == "completed"
