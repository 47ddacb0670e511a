"""The short commands, in this process: help, version, keys, schema, doctor, and how mistakes are told."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from secretary.cli import app, main
from secretary.graphql import schema_text

README = Path(__file__).parents[2] / "README.md"


def commands(group: Any, *above: str) -> Iterator[str]:
    """Every command there is, with the words of its group before it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *above, name)
        else:
            yield " ".join((*above, name))


COMMANDS = tuple(commands(get_command(app)))


@pytest.fixture(autouse=True)
def own_data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECRETARY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def say(*words: str) -> str:
    """What a command prints; it must end well."""
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """The sentence on standard error, after exit code 1."""
    monkeypatch.setattr("sys.argv", ["secretary", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    return capsys.readouterr().err


def test_it_says_its_version():
    assert say("--version") == f"secretary {version('secretary')}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(command: str):
    assert f"Example: secretary {command}" in re.sub(
        r"SECRETARY_\S+ (?=secretary)", "", say(*command.split(), "--help")
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command: str):
    rows = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| `secretary ")]
    named = {" ".join(word) for row in rows for word in re.findall(r"`(?:secretary )?([a-z]+)(?: ([a-z]+))?", row)}
    assert command in {name.strip() for name in named} | {name.split()[0] for name in named if name.split()}


def test_a_mistyped_command_is_told_what_was_meant():
    result = CliRunner().invoke(app, ["rnu"])
    assert result.exit_code == 2
    assert "No such command 'rnu'. Did you mean 'run'?" in result.output


def test_a_key_is_made_listed_and_revoked():
    secret = say("key", "create", "--user", "ursula").strip()
    assert re.fullmatch(r"sec_[\w-]{43}", secret)
    say("key", "create", "--user", "otto", "--admin", "--days", "30")
    header, first, second = (line.split("\t") for line in say("key", "list").splitlines())
    assert header == ["id", "user", "admin", "begins with", "created", "expires", "revoked"]
    assert first[1:4] == ["ursula", "no", f"{secret[:8]}…"]
    assert second[1:3] == ["otto", "yes"]
    assert first[5:] == ["", ""]
    lasts = datetime.strptime(second[5], "%Y-%m-%d %H:%M").replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(days=29) < lasts <= timedelta(days=30)
    say("key", "revoke", first[0])
    assert say("key", "list").splitlines()[1].split("\t")[6] != ""


def test_the_secret_is_nowhere_in_the_data_folder(own_data_dir: Path):
    secret = say("key", "create", "--user", "ursula").strip()
    assert not any(secret.encode() in path.read_bytes() for path in own_data_dir.rglob("*") if path.is_file())


def test_a_key_that_is_not_there_cannot_be_revoked(capsys, monkeypatch):
    assert refused(capsys, monkeypatch, "key", "revoke", "key-nothing") == (
        "secretary: There is no key key-nothing in force; `secretary key list` shows all.\n"
    )


@pytest.mark.parametrize("user", ["", "  ", "u" * 201, "a\nb"])
def test_a_key_needs_a_user(capsys, monkeypatch, user: str):
    assert refused(capsys, monkeypatch, "key", "create", "--user", user) == (
        "secretary: --user must have 1 to 200 printable characters.\n"
    )


def test_the_schema_is_printed_or_written(tmp_path: Path):
    printed = say("schema")
    assert printed.rstrip() == schema_text().rstrip()
    say("schema", "--output", str(tmp_path / "schema.graphql"))
    assert (tmp_path / "schema.graphql").read_text() == printed


def test_the_manifest_of_a_folder_is_printed_or_written(tmp_path: Path, capsys, monkeypatch):
    text = "query A {\n  viewer {\n    userId\n  }\n}"
    (tmp_path / "a.graphql").write_text(text)
    printed = say("documents", str(tmp_path))
    assert json.loads(printed) == {sha256(text.encode()).hexdigest(): text}
    say("documents", str(tmp_path), "--output", str(tmp_path / "manifest.json"))
    assert (tmp_path / "manifest.json").read_text() == printed
    (tmp_path / "b.graphql").write_text("query {")
    assert refused(capsys, monkeypatch, "documents", str(tmp_path)) == (
        f"secretary: {tmp_path} holds a file that is no GraphQL document: Syntax Error: Expected Name, found <EOF>.\n"
    )


def test_a_schema_that_cannot_be_written_is_told(capsys, monkeypatch):
    assert refused(capsys, monkeypatch, "schema", "--output", "/proc/none/x") == (
        "secretary: The schema cannot be written to /proc/none/x (No such file or directory).\n"
    )


def test_the_doctor_is_content_with_a_fresh_machine_and_changes_nothing(own_data_dir: Path):
    report = say("doctor")
    assert re.findall(r"^  (\S+) +(\S+(?: \S+)?)", report, re.MULTILINE)[0] == ("ok", "Python")
    assert f"ok      Data folder     {own_data_dir} (made at the first start)\n" in report
    assert "ok      Valkey          Valkey server v=" in report
    assert "ok      PDF engine      PDFium " in report
    assert re.search(
        r"(ok      OCR             (tesseract|rapidocr) \d|-       OCR             This server cannot)", report
    )
    assert "-       Mistral OCR     no key; set SECRETARY_MISTRAL_KEY to use it\n" in report
    assert "-       Language model  none; the built-in rules fill templates." in report
    assert "-       Vision model    no key; set SECRETARY_OPENAI_KEY to use it\n" in report
    assert "missing" not in report
    assert not own_data_dir.exists()


def test_the_doctor_says_how_to_mend_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRETARY_REDIS_URL", "redis://:hidden@127.0.0.1:1")
    monkeypatch.setenv("SECRETARY_DATABASE_URL", "postgresql://user:hidden@127.0.0.1:1/name")
    monkeypatch.setenv("SECRETARY_INPUT_ROOTS", "/nowhere")
    monkeypatch.setenv("SECRETARY_WORKER", "2")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "hidden" not in result.output
    lines = dict(re.findall(r"^  missing (.{15}) (.*)$", result.output, re.MULTILINE))
    assert [name.strip() for name in lines] == ["Database", "Redis", "Input folder"]
    assert all(re.search(r"SECRETARY_\w+$", line) for line in lines.values())
    assert "note    SECRETARY_WORKER is not a setting and is ignored; did you mean SECRETARY_WORKERS?" in result.output


def test_a_wrong_setting_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setenv("SECRETARY_WORKERS", "many")
    assert refused(capsys, monkeypatch, "key", "list") == (
        "secretary: SECRETARY_WORKERS is wrong: input should be a valid integer, unable to parse string as an integer.\n"
    )
