"""`secretary submit`: files, addresses and standard input as jobs or a batch of a service that runs."""

import json
import re
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.asking import SETTINGS, Typed, ask, submitted
from tests.documents_made import text_pdf
from tests.up.started import Started, started, until


@pytest.fixture(scope="module")
def service() -> Iterator[Started]:
    with tempfile.TemporaryDirectory(prefix="sec-") as path, started(Path(path), settings=SETTINGS) as running_service:
        text_pdf(running_service.folder / "letter.pdf", "Dear reader,\nall is well.", "Yours", "Post scriptum")
        text_pdf(running_service.folder / "second.pdf", "Second")
        (running_service.folder / "notes.md").write_text("# Notes\n\nParticipants: Anna and Ben\n", encoding="utf-8")
        (running_service.folder / "broken.pdf").write_bytes(b"no PDF \x00\xff\xfe at all")
        yield running_service


def job(service: Started, job_id: str) -> dict[str, Any]:
    with service.client() as client:
        found: dict[str, Any] = client.get(f"/api/jobs/{job_id}").json()["data"]
        return found


def count(service: Started) -> int:
    with service.client() as client:
        return int(
            client.post("/graphql", json={"query": "{ jobs(first: 1) { totalCount } }"}).json()["data"]["jobs"][
                "totalCount"
            ]
        )


def refused(service: Started, *words: str, stdin: bytes = b"", code: int = 1, **settings: str) -> str:
    """The sentence on standard error, and that no job was created."""
    before = count(service)
    done = ask(service, "submit", *words, stdin=stdin, **settings)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
    assert count(service) == before
    return done.stderr


def test_each_file_becomes_a_job_and_its_id_a_line(service: Started):
    first, second = submitted(service, "letter.pdf", "second.pdf", "--priority", "3")
    assert [job(service, one)["job_name"] for one in (first, second)] == ["letter.pdf", "second.pdf"]
    assert ask(service, "watch", first, second).returncode == 0
    assert "all is well." in job(service, first)["results"]["structured_data"]["extracted_text"]


def test_options_become_parameters(service: Started):
    (one,) = submitted(
        service,
        "letter.pdf",
        "--method",
        "native",
        "--pages",
        "2-3",
        "--include-images",
        "--language",
        "de",
        "--name",
        "X",
    )
    found = job(service, one)
    assert found["job_name"] == "X"
    given = {
        name: found["parameters"][name] for name in ("extraction_method", "page_start", "page_end", "include_images")
    }
    assert given == {"extraction_method": "native", "page_start": 2, "page_end": 3, "include_images": True}
    assert found["parameters"]["language"] == ["de"]


def test_params_are_read_as_the_job_type_wants_them(service: Started):
    (service.folder / "context.json").write_text('{"chair": "Anna"}', encoding="utf-8")
    (one,) = submitted(
        service,
        *("notes.md", "--template", "KeyFacts", "-p", "context=@context.json", "-p", "use_cache=false"),
        *("-p", "webhook.url=https://example.com/hook", "-p", "webhook.jobId=42", "-p", "webhook.progress=false"),
    )
    found = job(service, one)
    assert found["job_type"] == "transformer"
    assert found["parameters"]["context"] == {"chair": "Anna"}
    assert found["parameters"]["use_cache"] is False
    webhook = found["parameters"]["webhook"]
    assert (webhook["jobId"], webhook["progress"]) == ("42", False)


def test_a_job_type_of_another_package_needs_no_file(service: Started):
    (one,) = submitted(service, "--type", "sleep", "-p", "seconds=0.1")
    assert job(service, one)["parameters"]["seconds"] == 0.1


def test_standard_input_is_text_or_pdf(service: Started):
    (text,) = submitted(service, "-", "--template", "Summary", stdin="Grüße aus Köln.".encode())
    (pdf,) = submitted(service, "-", stdin=(service.folder / "letter.pdf").read_bytes())
    assert job(service, text)["job_type"] == "transformer"
    assert job(service, text)["parameters"]["text"] == "Grüße aus Köln."
    assert job(service, pdf)["job_type"] == "pdf"


def test_an_address_is_handed_on_as_url(service: Started):
    (one,) = submitted(service, "https://example.com/reports/annual%20report.pdf?x=1")
    found = job(service, one)
    assert found["parameters"]["url"] == "https://example.com/reports/annual%20report.pdf?x=1"
    assert found["job_name"] == "annual report.pdf"


def test_a_batch_prints_its_id_and_is_watched_whole(service: Started):
    done = ask(service, "submit", "letter.pdf", "second.pdf", "--batch", "two letters", "--watch")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"batch-\S+\n", done.stdout)
    assert done.stderr.splitlines()[-1] == f"{done.stdout.strip()}  100 %  two letters  2 of 2 completed"


def test_json_says_what_was_created_and_what_becomes_of_it(service: Started):
    done = ask(service, "submit", "letter.pdf", "--json", "--watch")
    first, *events = map(json.loads, done.stdout.splitlines())
    assert first["name"] == "letter.pdf"
    assert {event["job_id"] for event in events} == {first["job_id"]}
    assert (events[-1]["status"], events[-1]["percent"]) == ("completed", 100)


def test_a_batch_is_created_whole_or_not_at_all(service: Started):
    assert refused(service, "letter.pdf", "broken.pdf", "--batch", "x").endswith("No batch was created.\n")
    assert refused(service, "letter.pdf", "notes.md", "--batch", "x", "--template", "Nix").startswith("secretary: ")


def test_a_file_that_is_refused_does_not_hold_up_the_others(service: Started):
    done = ask(service, "submit", "broken.pdf", "letter.pdf")
    assert done.returncode == 1
    assert len(done.stdout.split()) == 1
    assert done.stderr.startswith("secretary: broken.pdf: ")


def test_what_cannot_be_sent_is_refused_before_anything_is(service: Started):
    (service.folder / "folder").mkdir(exist_ok=True)
    assert refused(service, "letter.pdf", "nix.pdf") == "secretary: There is no file nix.pdf.\n"
    assert refused(service, "letter.pdf", "folder") == (
        "secretary: folder is a folder; name the files in it, such as folder/*.pdf.\n"
    )
    assert refused(service, "letter.pdf", "-") == "secretary: Standard input (-) is empty.\n"
    assert refused(service, "letter.pdf", "notes.md") == (
        "secretary: notes.md needs a template to fill, such as --template Summary; `secretary template list` shows all.\n"
    )
    assert refused(service, "letter.pdf", "--type", "session") == (
        "secretary: A session job takes no file such as letter.pdf.\n"
    )


def test_wrong_parameters_are_told_in_the_services_words(service: Started):
    assert refused(service, "letter.pdf", "-p", "usecahe=false") == (
        'secretary: parameters.usecahe: unknown parameter "usecahe". Did you mean "use_cache"?\n'
    )
    assert refused(service, "letter.pdf", "--batch", "b", "-p", "usecahe=false") == (
        'secretary: letter.pdf: parameters.usecahe: unknown parameter "usecahe". Did you mean "use_cache"?\n'
    )
    assert "Did you mean" in refused(service, "--type", "slep", "-p", "seconds=1")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("letter.pdf", "--pages", "x"),
        ("letter.pdf", "--pages", "5-2"),
        ("letter.pdf", "-p", "use_cache"),
        ("letter.pdf", "-p", "a=1", "-p", "a=2"),
        ("letter.pdf", "--template", "Summary", "-p", "template=KeyFacts"),
        ("letter.pdf", "notes.md", "--name", "both"),
        ("letter.pdf", "--batch", " "),
    ],
)
def test_words_that_make_no_sense_are_a_usage_error(service: Started, words: tuple[str, ...]):
    assert " submit [OPTIONS] [FILES…]..." in refused(service, *words, code=2)


def test_a_password_is_asked_for_without_being_shown(service: Started):
    text_pdf(service.folder / "secret.pdf", "Hidden words", password="s3same")
    typing = Typed(service, "submit", "secret.pdf", "--watch", "--ask-password")
    until(lambda: typing.is_silent, seconds=20, what="the terminal shows no more what is typed")
    typing.type("s3same\n")
    assert typing.ended() == 0, typing.shown
    assert "s3same" not in typing.shown


def test_names_cannot_command_the_terminal(service: Started):
    name = "a\x1b]0;owned\x07\u202eb.pdf"
    text_pdf(service.folder / name, "Text")
    typing = Typed(service, "submit", name, "--watch", NO_COLOR="")
    assert typing.ended() == 0
    assert "\x1b]0;" not in typing.shown
    assert "\u202e" not in typing.shown


def test_the_service_is_found_or_it_is_said_how_to_have_one(service: Started, tmp_path: Path):
    sentence = refused(service, "letter.pdf", SECRETARY_DATA_DIR=str(tmp_path))
    assert sentence == (
        f"secretary: No service is running with the data folder {tmp_path}; start one with `secretary up`, name another "
        "as SECRETARY_URL, or do one document with `secretary run FILE.pdf`.\n"
    )
    for url in (f"{service.url}/", f"{service.url}/graphql", f"{service.url}/api/"):
        done = ask(service, "submit", "letter.pdf", SECRETARY_URL=url, SECRETARY_API_KEY=service.key)
        assert done.returncode == 0, done.stderr


def test_a_kept_key_goes_to_its_own_service_only(service: Started):
    assert refused(service, "letter.pdf", "--url", "http://localhost:9") == (
        "secretary: There is no key for the service at http://localhost:9; set one as SECRETARY_API_KEY.\n"
    )
    here = service.url.replace("127.0.0.1", "localhost")
    assert ask(service, "submit", "letter.pdf", "--url", here).returncode == 0


def test_a_wrong_key_and_a_service_that_is_away_are_one_sentence(service: Started):
    assert refused(service, "letter.pdf", SECRETARY_API_KEY="sec_wrong-key-of-the-tests") == (
        f"secretary: The service at {service.url} does not take this key; set a valid one as SECRETARY_API_KEY.\n"
    )
    away = refused(service, "letter.pdf", SECRETARY_URL="http://127.0.0.1:9", SECRETARY_API_KEY="k" * 16)
    assert away.startswith("secretary: The service at http://127.0.0.1:9 does not answer (")
    wrong = refused(service, "letter.pdf", SECRETARY_URL="nowhere", SECRETARY_API_KEY="k" * 16)
    assert wrong == "secretary: SECRETARY_URL is wrong: it must be an address such as https://host.\n"


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("batch", [[], ["--batch", "two"]])
def test_an_interrupt_at_any_moment_says_how_to_follow_what_was_created(
    service: Started, batch: list[str], delay: float
):
    words = ["--type", "sleep", "-p", "seconds=60"]
    typing = Typed(service, "submit", *words, *batch, "--watch", columns=300)
    until(lambda: re.search(r"(job|batch)-[0-9a-f-]{36}\r", typing.shown), seconds=15, what="it is created")
    made = re.search(r"(job|batch)-[0-9a-f-]{36}", typing.shown)
    assert made is not None
    time.sleep(delay)
    typing.process.send_signal(signal.SIGINT)
    assert typing.ended() == 130
    assert f"`secretary watch {made[0]}` follows it again." in typing.shown
    assert "Traceback" not in typing.shown
    assert typing.shown.rfind("\x1b[?25h") >= typing.shown.rfind("\x1b[?25l"), "the cursor is back"
    assert ask(service, "cancel", made[0]).returncode == 0
