"""Finding templates: the user's folder first, variants by language, and nothing that lies outside of the folder."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.errors import ErrorCode, TemplateError, UnknownTemplate
from secretary.language.templates import TemplateLibrary, TemplateSource, render
from secretary.language.templates.library import BUNDLED_FOLDER

BUNDLED = ["KeyFacts", "MeetingMinutes", "Session", "Summary"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    return tmp_path / "templates"


def body(library: TemplateLibrary, name: str, language: str | None = None) -> str:
    return library.get(name, target_language=language).template.body


def test_bundled_templates_are_there_without_a_folder_and_with_one_that_is_missing(tmp_path: Path):
    for library in (TemplateLibrary(), TemplateLibrary(tmp_path / "missing")):
        assert [(it.name, it.source, it.languages, it.error) for it in library.list()] == [
            (name, TemplateSource.BUNDLED, ("de",), None) for name in BUNDLED
        ]


@pytest.mark.parametrize("path", sorted(BUNDLED_FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_a_bundled_template_can_be_filled_and_its_variants_have_the_same_names(path: Path):
    template = TemplateLibrary().get(path.stem).template
    assert template.notes == ()
    assert template.system_prompt is not None
    assert "{target_language}" in template.system_prompt
    plain = TemplateLibrary().get(path.stem.removesuffix("_de")).template
    assert [(field.name, field.many) for field in template.fields] == [(it.name, it.many) for it in plain.fields]
    assert template.variables == plain.variables
    filled = render(template, {field.name: ["One", "Two"] if field.many else "One" for field in template.fields})
    assert "{{" not in filled


def test_the_session_template_takes_what_session_jobs_have():
    variables = TemplateLibrary().get("Session").template.variables
    assert {"event", "track", "day", "starttime", "endtime", "speakers", "url"} <= set(variables)
    assert {"video_url", "attachment_links", "slides", "target_language"} <= set(variables)


def test_the_users_folder_comes_first_and_a_new_file_is_there_at_once(folder: Path):
    library = TemplateLibrary(folder)
    assert library.get("Summary").source is TemplateSource.BUNDLED
    (folder / "Summary.md").write_text("mine")
    (folder / "Größe.md").write_text("{{a|b}}")
    assert library.get("Summary").source is TemplateSource.USER
    assert body(library, "Summary") == "mine"
    assert body(library, "Summary", "de") == "mine"
    listed = {it.name: (it.source, it.languages) for it in library.list()}
    assert listed["Summary"] == (TemplateSource.USER, ())
    assert listed["Größe"] == (TemplateSource.USER, ())
    assert listed["Session"] == (TemplateSource.BUNDLED, ("de",))


@pytest.mark.parametrize(
    ("language", "expected", "warning"),
    [
        (None, "plain", None),
        ("de", "German", None),
        ("DE", "German", None),
        ("de-CH", "German", None),
        ("pt-BR", "Brazilian", None),
        ("pt_br", "Brazilian", None),
        ("fr", "plain", 'There is no template "Mine_fr"; the template "Mine" is used as it is.'),
        ("fr-CA", "plain", 'There is no template "Mine_fr"; the template "Mine" is used as it is.'),
        ("../x", "plain", None),
    ],
)
def test_a_variant_is_chosen_by_language_and_its_absence_is_told(
    folder: Path, language: str | None, expected: str, warning: str | None
):
    for name, text in (("Mine", "plain"), ("Mine_de", "German"), ("Mine_pt-BR", "Brazilian")):
        (folder / f"{name}.md").write_text(text)
    found = TemplateLibrary(folder).get("Mine", target_language=language)
    assert (found.template.body, found.warning) == (expected, warning)
    assert {it.name: it.languages for it in TemplateLibrary(folder).list()}["Mine"] == ("de", "pt-BR")


def test_a_folder_may_hold_only_the_variant_of_a_bundled_template(folder: Path):
    (folder / "Summary_de.md").write_text("meine")
    (folder / "Summary_fr.md").write_text("la mienne")
    library = TemplateLibrary(folder)
    assert body(library, "Summary", "de") == "meine"
    assert library.get("Summary", target_language="en").source is TemplateSource.BUNDLED
    assert {it.name: it.languages for it in library.list()}["Summary"] == ("de", "fr")


def test_bundled_templates_are_english_so_english_needs_no_warning():
    assert TemplateLibrary().get("Session", target_language="en").warning is None
    assert TemplateLibrary().get("Session_de", target_language="fr").warning is None
    assert TemplateLibrary().get("Session", target_language="fr").warning is not None


OTHER_NAMES = (
    r"../secret|..|.||/etc/passwd|sub/inner|sub\inner|Mine.md|mine|MINE|link|.hidden|Mine |folder|circle|Mine_de|pipe"
)


@pytest.mark.parametrize("name", [*OTHER_NAMES.split("|"), "Mine\0", "x" * 5000])
def test_a_name_is_a_plain_stem_of_the_folder_and_nothing_else(folder: Path, name: str):
    (folder / "Mine.md").write_text("mine")
    (folder / ".hidden.md").write_text("hidden")
    (folder.parent / "secret.md").write_text("secret")
    (folder / "sub").mkdir()
    (folder / "sub" / "inner.md").write_text("inner")
    (folder / "folder.md").mkdir()
    (folder / "link.md").symlink_to(folder.parent / "secret.md")
    (folder / "circle.md").symlink_to(folder / "circle.md")
    os.mkfifo(folder / "pipe.md")
    library = TemplateLibrary(folder)
    assert body(library, "Mine") == "mine"
    with pytest.raises(UnknownTemplate) as refusal:
        library.get(name)
    assert refusal.value.code is ErrorCode.UNKNOWN_TEMPLATE
    assert refusal.value.http_status == 400
    assert [field.field for field in refusal.value.fields] == ["template"]
    assert [it.name for it in library.list()] == sorted([*BUNDLED, "Mine"])


@given(st.text())
def test_any_other_name_is_refused_in_printable_words(name: str):
    if name in {known for plain in BUNDLED for known in (plain, f"{plain}_de")}:
        return
    with pytest.raises(UnknownTemplate) as refusal:
        TemplateLibrary().get(name)
    assert refusal.value.message.isprintable()


def test_a_link_within_the_folder_is_followed(folder: Path):
    (folder / "Mine.md").write_text("mine")
    (folder / "Other.md").symlink_to("Mine.md")
    assert body(TemplateLibrary(folder), "Other") == "mine"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Sesion", "Session"), ("meetingminutes", "MeetingMinutes"), ("summary", "Summary"), ("Keyfact", "KeyFacts")],
)
def test_an_unknown_template_is_refused_with_what_was_probably_meant(name: str, meant: str):
    with pytest.raises(UnknownTemplate) as refusal:
        TemplateLibrary().get(name, under=("parameters", "template"))
    assert refusal.value.message == (
        f'there is no template "{name}"; known: KeyFacts, MeetingMinutes, Session, Summary. Did you mean "{meant}"?'
    )
    assert refusal.value.fields[0].path == ("parameters", "template")


def test_a_template_that_cannot_be_read_is_listed_with_its_place(folder: Path):
    (folder / "Broken.md").write_text("a\n{{b|c")
    (folder / "Latin.md").write_bytes("Zeile\nGröße".encode("latin-1"))
    errors = {it.name: it.error.message for it in TemplateLibrary(folder).list() if it.error}
    assert errors == {
        "Broken": 'Template "Broken", line 2, column 1: "b" is not closed; write }} at its end.',
        "Latin": 'Template "Latin", line 2, column 3: this is not UTF-8 text; save the file as UTF-8.',
    }
    with pytest.raises(TemplateError):
        TemplateLibrary(folder).get("Broken")


def test_a_template_that_is_too_long_is_refused(folder: Path):
    (folder / "Long.md").write_text("ä" * 1_000_001)
    with pytest.raises(TemplateError, match=r"a template has at most 1,000,000 characters"):
        TemplateLibrary(folder).get("Long")
