"""`secretary jobs`, `job`, `cancel`, `retry`, `delete` and `download` against a service that runs."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.asking import SETTINGS, Typed, ask, submitted
from tests.documents_made import text_pdf
from tests.up.started import SECRETARY, Started, environment, started, until


@pytest.fixture(scope="module")
def service() -> Iterator[Started]:
    # All of it works where nothing but known documents runs.
    settings = {**SETTINGS, "SECRETARY_TRUSTED_DOCUMENTS_ONLY": "true"}
    with tempfile.TemporaryDirectory(prefix="sec-") as path, started(Path(path), settings=settings) as running_service:
        text_pdf(running_service.folder / "letter.pdf", "Dear reader,\nall is well.", "Yours")
        yield running_service


@pytest.fixture(scope="module")
def letter(service: Started) -> str:
    """A job that has completed."""
    (one,) = submitted(service, "letter.pdf")
    assert ask(service, "watch", one).returncode == 0
    return one


def created(service: Started, job_type: str, name: str, **parameters: object) -> str:
    body = {"job_type": job_type, "parameters": parameters, "job_name": name}
    with service.client() as client:
        return str(client.post("/api/jobs/", json=body).json()["data"]["job_id"])


def batch_of(service: Started, *job_types: str) -> tuple[str, list[str]]:
    jobs = [{"job_type": each, "parameters": {"seconds": 60} if each == "sleep" else {}} for each in job_types]
    with service.client() as client:
        made = client.post("/api/jobs/batch", json={"batch_name": "several", "jobs": jobs}).json()["data"]
        return made["batch_id"], made["job_ids"]


def status(service: Started, job_id: str) -> str:
    (line,) = ask(service, "job", job_id, "--json").stdout.splitlines()
    return str(json.loads(line)["status"])


def listed(service: Started, *options: str) -> list[list[str]]:
    done = ask(service, "jobs", *options)
    assert (done.returncode, done.stderr) == (0, "")
    header, *rows = (line.split("\t") for line in done.stdout.splitlines())
    assert header == ["id", "status", "percent", "type", "created", "name"]
    return rows


def test_the_list_is_filtered_by_status_type_batch_and_name(service: Started, letter: str):
    mortal = created(service, "die", "Mortal one")
    assert ask(service, "watch", mortal).returncode == 1
    batch, members = batch_of(service, "noop", "noop")
    assert ask(service, "watch", batch).returncode == 0
    assert [row[0] for row in listed(service, "--search", "MORTAL")] == [mortal]
    assert mortal in [row[0] for row in listed(service, "--status", "failed", "--status", "cancelled")]
    assert letter not in [row[0] for row in listed(service, "--status", "failed")]
    assert {row[0] for row in listed(service, "--batch", batch)} == set(members)
    assert {row[3] for row in listed(service, "--type", "pdf")} == {"pdf"}
    assert len(listed(service, "--limit", "2")) == 2
    misspelt = ask(service, "jobs", "--type", "pfd")
    assert (misspelt.returncode, misspelt.stdout) == (2, "")
    assert 'Did you mean "pdf"?' in " ".join(misspelt.stderr.split())
    first = json.loads(ask(service, "jobs", "--json", "--search", "mortal").stdout)
    assert (first["job_id"], first["status"], first["job_name"]) == (mortal, "failed", "Mortal one")


def test_a_list_longer_than_a_page_is_whole(service: Started):
    batch, members = batch_of(service, *["noop"] * 130)
    assert ask(service, "watch", batch).returncode == 0
    assert {row[0] for row in listed(service, "--batch", batch, "-n", "1000")} == set(members)


def test_in_a_terminal_the_ids_stay_whole_and_no_name_commands_it(service: Started):
    one = created(service, "noop", "bad \x1b[2J name " + "long " * 30)
    for columns in (120, 80, 50):
        typing = Typed(service, "jobs", "-n", "1", columns=columns)
        assert typing.ended() == 0
        plain = re.sub(r"\x1b\[[0-9;]*m", "", typing.shown)
        assert one in plain
        assert "\x1b[2J" not in typing.shown
        if columns > 70:
            assert max(map(len, plain.splitlines())) <= columns


def test_a_job_tells_everything_and_its_text_and_log_alone(service: Started, letter: str):
    shown = ask(service, "job", letter).stdout
    assert shown.startswith("letter.pdf  completed\n")
    assert re.search(rf"^ID +{letter}$", shown, re.MULTILINE)
    assert re.search(r"^Results +2 pages read, 0 tables, \d+ characters", shown, re.MULTILINE)
    assert re.search(r"^  letter\.md  \d+ bytes$", shown, re.MULTILINE)
    assert "Dear reader,\nall is well." in ask(service, "job", letter, "--text").stdout
    assert re.search(r"Z  info     \S", ask(service, "job", letter, "--log").stdout)
    assert json.loads(ask(service, "job", letter, "--json").stdout)["job_id"] == letter
    assert ask(service, "job", letter, "--text", "--log").returncode == 2


def test_a_failed_job_tells_why_and_what_to_do(service: Started):
    text_pdf(service.folder / "secret.pdf", "Hidden", password="s3same")
    (one,) = submitted(service, "secret.pdf")
    assert ask(service, "watch", one).returncode == 1
    shown = ask(service, "job", one)
    assert "ENCRYPTED_FILE  " in shown.stdout
    assert "--ask-password" in shown.stdout
    text = ask(service, "job", one, "--text")
    assert (text.returncode, text.stdout) == (1, "")
    assert text.stderr == f"secretary: {one} has no text: it is failed.\n"


def test_a_batch_tells_its_counts(service: Started):
    batch, _ = batch_of(service, "noop", "noop", "noop")
    assert ask(service, "watch", batch).returncode == 0
    shown = ask(service, "job", batch).stdout
    assert shown.startswith("several  completed\n")
    assert "3: 3 completed" in shown
    assert len(json.loads(ask(service, "job", batch, "--json").stdout)["jobs"]) == 3


def test_jobs_are_cancelled_and_run_again(service: Started):
    one = created(service, "sleep", "long", seconds=60)
    assert ask(service, "cancel", one).stdout == f"{one}\n"
    assert ask(service, "job", one).stdout.startswith("long  cancelled\n")
    assert ask(service, "retry", one).stdout == f"{one}\n"
    until(lambda: status(service, one) == "processing", seconds=15, what="it runs again")
    assert ask(service, "cancel", one, one).returncode == 0


def test_what_cannot_be_changed_is_said_and_the_others_are(service: Started, letter: str):
    one = created(service, "sleep", "long", seconds=60)
    done = ask(service, "cancel", letter, "job-none", one)
    assert (done.returncode, done.stdout) == (1, f"{one}\n")
    said = done.stderr.splitlines()
    assert said[0].startswith(f"secretary: {letter}: The job is completed")
    assert said[1] == "secretary: job-none: There is no job with this id."
    assert status(service, letter) == "completed"


def test_a_batch_is_cancelled_and_run_again_as_a_whole(service: Started):
    batch, members = batch_of(service, "sleep", "sleep", "sleep")
    assert ask(service, "cancel", batch).stdout == f"{batch}\n"
    assert {row[1] for row in listed(service, "--batch", batch)} == {"cancelled"}
    assert ask(service, "retry", batch, "--cancelled").stdout == f"{batch}\n"
    assert {row[1] for row in listed(service, "--batch", batch)} <= {"pending", "processing"}
    assert ask(service, "delete", batch, "--yes").stdout.split() == members
    assert listed(service, "--batch", batch) == []


def test_the_name_of_a_batch_is_told_from_its_id(service: Started):
    batch_of(service, "noop")
    done = ask(service, "jobs", "--batch", "several")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'several' is no id of a batch" in done.stderr


def test_nothing_is_deleted_without_a_yes(service: Started):
    one = created(service, "noop", "kept")
    done = ask(service, "delete", one)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "secretary: Nothing was deleted: there is nobody to ask; say --yes.\n"
    typing = Typed(service, "delete", one)
    until(lambda: "produced?" in typing.shown, seconds=15, what="it asks")
    typing.type("n\n")
    assert typing.ended() == 1
    assert status(service, one) in {"pending", "processing", "completed"}
    assert ask(service, "delete", one, "--yes").stdout == f"{one}\n"
    assert ask(service, "job", one).returncode == 1


def test_an_archive_is_fetched_whole_and_never_over_another_file(service: Started, letter: str):
    done = ask(service, "download", letter, "--output", "mine.zip")
    assert (done.returncode, done.stdout, done.stderr) == (0, "mine.zip\n", "")
    assert "letter.md" in [Path(name).name for name in ZipFile(service.folder / "mine.zip").namelist()]
    (service.folder / "mine.zip").write_text("mine")
    again = ask(service, "download", letter, "--output", "mine.zip")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == "secretary: mine.zip is there already; --force overwrites it.\n"
    assert (service.folder / "mine.zip").read_text() == "mine"
    assert ask(service, "download", letter, "-o", "mine.zip", "--force").returncode == 0
    assert ZipFile(service.folder / "mine.zip").testzip() is None
    assert list(service.folder.glob(".*.part")) == []


def test_single_files_go_to_a_folder_or_standard_output(service: Started, letter: str):
    done = ask(service, "download", letter, "-o", "new/", "--file", "letter.md", "--file", "letter.json")
    assert done.stdout.split() == ["new/letter.md", "new/letter.json"]
    assert json.loads((service.folder / "new" / "letter.json").read_text())
    command = f"{' '.join(SECRETARY)} download {letter} -o - --data-dir {service.data_dir}"
    piped = subprocess.run(
        command, shell=True, cwd=service.folder, env=environment(), capture_output=True, timeout=30, check=True
    )
    assert piped.stdout[:4] == b"PK\x03\x04"
    nothing = ask(service, "download", letter, "-o", "new/", "--file", "../secret")
    assert (nothing.returncode, nothing.stdout) == (1, "")


def test_what_has_not_ended_cannot_be_fetched(service: Started):
    one = created(service, "sleep", "long", seconds=60)
    done = ask(service, "download", one)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"secretary: {one}: It has not ended yet; `secretary watch {one}` follows it.\n"
    assert ask(service, "cancel", one).returncode == 0


def test_several_archives_need_a_folder(service: Started, letter: str):
    other = submitted(service, "letter.pdf", "-p", "use_cache=false")[0]
    assert ask(service, "watch", other).returncode == 0
    assert (
        "Several files need a folder: --output all.zip/"
        in ask(service, "download", letter, other, "-o", "all.zip").stderr
    )
    done = ask(service, "download", letter, other, "-o", "all/")
    assert done.stdout.split() == [f"all/{letter}.zip", f"all/{other}.zip"]


def test_a_shell_is_offered_what_the_service_has(service: Started, tmp_path: Path):
    newest = submitted(service, "letter.pdf")[0]
    assert ask(service, "watch", newest).returncode == 0
    program = Path(sys.executable).parent / "secretary"
    here = {"_SECRETARY_COMPLETE": "complete_zsh", "SECRETARY_DATA_DIR": str(service.data_dir)}

    def offered(words: str, **settings: str) -> str:
        known = environment(**{**here, "_TYPER_COMPLETE_ARGS": words, **settings})
        done = subprocess.run(program, env=known, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
        assert done.stderr == ""
        return done.stdout

    assert f'"{newest}":"completed letter.pdf"' in offered(f"secretary job {newest[:-4]}")
    assert "KeyFacts" in offered("secretary submit x.md --template Key")
    assert "transformer" in offered("secretary submit --type tr")
    assert "cancelled" in offered("secretary jobs --status c")
    assert newest not in offered("secretary job job-", SECRETARY_DATA_DIR=str(tmp_path))
    assert newest not in offered("secretary job job-", SECRETARY_URL="http://127.0.0.1:9", SECRETARY_API_KEY="k" * 16)
