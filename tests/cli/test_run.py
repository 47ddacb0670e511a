"""`secretary run`: one document, with a service of its own or the one that is there."""

import os
import pty
import re
import signal
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from secretary.up.lock import running
from tests.documents_made import text_pdf
from tests.up.started import SECRETARY, Started, environment, nothing_is_left, secretary, started


def run(folder: Path, name: str, *options: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    return secretary("run", name, "--data-dir", folder / "data", *options, cwd=folder, **settings)


@pytest.fixture(scope="module")
def service() -> Iterator[Started]:
    with tempfile.TemporaryDirectory(prefix="sec-") as path, started(Path(path)) as running_service:
        yield running_service


def test_it_prints_progress_text_results_and_archive_and_stops_what_it_started(folder: Path):
    text_pdf(folder / "letter.pdf", "Dear reader,\nall is well.", "Yours")
    done = run(folder, "letter.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    progress, _, rest = done.stdout.partition("letter.pdf: 2 pages read, 0 tables\n\n")
    percents = [int(line.split(" %")[0]) for line in progress.splitlines()]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    text, _, places = rest.partition("\n\nResults  ")
    assert text.split() == ["Dear", "reader,", "all", "is", "well.", "Yours"]
    target, archive = (Path(place) for place in places.strip().split("\nArchive  "))
    assert sorted(path.name for path in target.iterdir()) == ["letter.json", "letter.md"]
    assert ZipFile(archive).testzip() is None
    assert target.is_relative_to(folder / "data")
    assert nothing_is_left(folder)


def test_in_a_terminal_it_shows_a_bar(service: Started):
    text_pdf(service.folder / "letter.pdf", "Dear reader")
    shown = _in_a_terminal(service.folder, "letter.pdf")
    assert "━" in shown
    assert re.search(r"letter\.pdf.*: 1 page read, 0 tables", shown)
    assert shown.index("Dear reader") < shown.index("Results")


def _in_a_terminal(folder: Path, name: str) -> str:
    mine, its = pty.openpty()
    heard = bytearray()

    def hear() -> None:
        try:
            while piece := os.read(mine, 4096):
                heard.extend(piece)
        except OSError:  # how Linux tells that the other end is closed
            return

    hearing = threading.Thread(target=hear)
    hearing.start()
    command = [*SECRETARY, "run", name, "--data-dir", str(folder / "data")]
    known = {**environment(), "TERM": "xterm-256color"}
    code = subprocess.run(command, cwd=folder, env=known, stdin=its, stdout=its, stderr=its, timeout=60, check=False)
    os.close(its)
    hearing.join(5)
    os.close(mine)
    assert code.returncode == 0
    return heard.decode()


def test_only_the_pages_asked_for_are_read_and_the_whole_text_is_printed(service: Started):
    long = "\n".join(f"line {number}" for number in range(40))
    text_pdf(service.folder / "long.pdf", "first", long, "last")
    options = ("--page-start", "2", "--page-end", "2", "--whole-text", "--include-images")
    done = run(service.folder, "long.pdf", *options)
    assert done.returncode == 0
    assert "long.pdf: 1 page read" in done.stdout
    assert "line 39" in done.stdout
    assert "last" not in done.stdout
    target = Path(re.findall("^Results  (.*)$", done.stdout, re.MULTILINE)[0])
    assert len([path for path in target.rglob("*") if path.suffix in {".jpg", ".png"}]) == 2


def test_of_a_long_text_only_the_beginning_is_printed(service: Started):
    text_pdf(service.folder / "long.pdf", "\n".join(f"line {number}" for number in range(40)))
    done = run(service.folder, "long.pdf")
    assert "line 13\n… " in done.stdout
    assert " more characters\n" in done.stdout
    assert "line 14" not in done.stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nothing.pdf", "There is no file nothing.pdf."),
        (".", ". is not a file; name a PDF in it."),
    ],
)
def test_what_is_no_file_is_refused_before_anything_starts(folder: Path, name: str, sentence: str):
    refused = run(folder, name)
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", f"secretary: {sentence}\n")
    assert not (folder / "data").exists()


def test_what_cannot_be_read_is_told_in_a_sentence(service: Started):
    (service.folder / "text.pdf").write_text("Only text\n")
    text_pdf(service.folder / "locked.pdf", "Dear reader", password="sesame")
    text, locked = run(service.folder, "text.pdf"), run(service.folder, "locked.pdf")
    opened = run(service.folder, "locked.pdf", "--password", "sesame")
    assert (text.returncode, text.stderr.count("\n")) == (1, 1)
    assert re.fullmatch(r"secretary: text\.pdf is not a PDF.*\n", text.stderr)
    assert (locked.returncode, locked.stderr.count("\n")) == (1, 1)
    assert re.fullmatch(r"secretary: locked\.pdf.* encrypted.* Use --password\.\n", locked.stderr)
    assert (opened.returncode, opened.stderr) == (0, "")
    assert "Dear reader" in opened.stdout


def test_a_running_service_is_used_and_left_running(service: Started):
    text_pdf(service.folder / "letter.pdf", "Dear reader")
    done = run(service.folder, "letter.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    with service.client() as client:
        newest = client.get("/api/jobs").json()["data"]["jobs"][0]
    assert newest["parameters"]["filename"] == str(service.folder / "letter.pdf")
    assert service.is_ready()


def test_a_running_service_that_may_not_read_the_file_is_named(service: Started, tmp_path: Path):
    outside = text_pdf(tmp_path / "other.pdf", "Dear reader")
    refused = run(service.folder, str(outside))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"secretary: The service running at {service.url} may not read {tmp_path}; stop it, start it there or "
        "with SECRETARY_INPUT_ROOTS, or use another folder with --data-dir.\n"
    )


def test_a_key_that_the_running_service_does_not_take_is_told(service: Started):
    text_pdf(service.folder / "letter.pdf", "Dear reader")
    refused = run(service.folder, "letter.pdf", SECRETARY_API_KEY="a-key-that-nobody-entered")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"secretary: The service at {service.url} does not take the kept key; set a valid one as SECRETARY_API_KEY.\n"
    )


def test_interrupted_it_cancels_the_job_and_stops_everything(folder: Path):
    text_pdf(folder / "long.pdf", *("word " * 10 for _ in range(2000)))
    command = [*SECRETARY, "run", "long.pdf", "--include-images", "--data-dir", str(folder / "data")]
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        while not re.search(r"Page \d+ of 2000", line := process.stdout.readline()):
            assert line, "it ended too early"
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=15)
    assert (process.returncode, complaint) == (130, "Interrupted; the job was cancelled.\n")
    assert nothing_is_left(folder)
    with closing(sqlite3.connect(folder / "data" / "secretary.db")) as database:
        assert database.execute("SELECT status, error_code FROM job").fetchall() == [("cancelled", "JOB_CANCELLED")]


def test_its_service_is_named_to_others_and_ends_with_it_when_it_is_killed(folder: Path):
    text_pdf(folder / "long.pdf", *("word " * 10 for _ in range(2000)))
    command = [*SECRETARY, "run", "long.pdf", "--include-images", "--data-dir", str(folder / "data")]
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = running(folder / "data")
        assert found is not None
        assert found.passing
        refused = secretary("up", "--port", "0", "--data-dir", folder / "data", cwd=folder)
        process.kill()
    assert refused.returncode == 1
    assert f"A service is already running at {found.url} (process {found.pid})" in refused.stderr
    assert nothing_is_left(folder, within=2)


def test_two_at_once_take_turns(folder: Path):
    names = ["one.pdf", "two.pdf"]
    for name in names:
        text_pdf(folder / name, f"This is {name}")
    command = [*SECRETARY, "run", "--data-dir", str(folder / "data")]
    running_both = [
        subprocess.Popen([*command, name], cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True)
        for name in names
    ]
    printed = [process.communicate(timeout=60)[0] for process in running_both]
    assert [process.returncode for process in running_both] == [0, 0]
    assert [f"This is {name}" in text for name, text in zip(names, printed, strict=True)] == [True, True]
    assert nothing_is_left(folder)
