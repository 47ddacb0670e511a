"""`secretary template`: what a template asks is shown, what is wrong with it has a line and a column."""

from pathlib import Path

import pytest

from tests.cli.test_commands import own_data_dir, refused, say  # noqa: F401  # the fixture is used by its name


def test_check_shows_fields_variables_and_whether_there_is_a_system_prompt(own_data_dir: Path):  # noqa: F811
    file = own_data_dir.parent / "Mine.md"
    file.write_text(
        "---\nwho: {{who|List who\nwas there}}\n---\n{{ topic }}{{text}}{{date|When?}}\n--- systemprompt\nX"
    )
    assert say("template", "check", str(file)) == (
        "field     who  list, line 2, front matter\n          List who\n          was there\n"
        "field     date  text, line 5, body\n          When?\n"
        "variable  topic\nvariable  text\nsystem prompt: yes\n"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"# A\n\n  {{who|Who?\n", 'line 3, column 3: "who" is not closed; write }} at its end.'),
        (b"\xff", "line 1, column 1: this is not UTF-8 text; save the file as UTF-8."),
        (None, "line 1, column 1: the file cannot be read (no such file or directory)."),
    ],
)
def test_check_of_a_wrong_template_says_where_and_ends_with_1(
    own_data_dir: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    sentence: str,
):
    file = own_data_dir.parent / "Mine.md"
    if content is not None:
        file.write_bytes(content)
    assert refused(capsys, monkeypatch, "template", "check", str(file)) == f'secretary: Template "Mine", {sentence}\n'


def test_list_has_the_users_templates_and_the_bundled_ones(own_data_dir: Path, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    folder = own_data_dir.parent / "mine"
    folder.mkdir()
    (folder / "Summary.md").write_text("{{a|b}} {{c}}")
    (folder / "Wrong.md").write_text("{{")
    monkeypatch.setenv("SECRETARY_TEMPLATES_DIR", "mine")
    lines = [line.split("\t") for line in say("template", "list").splitlines()]
    assert [line[:3] for line in lines] == [
        ["name", "source", "languages"],
        ["KeyFacts", "bundled", "de"],
        ["MeetingMinutes", "bundled", "de"],
        ["Session", "bundled", "de"],
        ["Summary", "user", ""],
        ["Wrong", "user", ""],
    ]
    assert lines[4][3:] == ["a", "c"]
    assert lines[5][3] == 'Template "Wrong", line 1, column 1: what begins here is not closed; write }} at its end.'
