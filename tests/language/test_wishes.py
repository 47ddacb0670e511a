"""The template a job wishes for: by name or brought along, known by its own words, and missed with a fitting code."""

from pathlib import Path

import pytest

from secretary.errors import TemplateError, UnknownTemplate
from secretary.language.templates import TemplateLibrary
from secretary.language.wishes import find_template, template_for_job
from secretary.parameters.templating import TemplateWish


def fingerprint(content: str) -> str:
    return template_for_job(TemplateWish(None, content, None), None).fingerprint


def test_a_template_brought_along_is_the_same_as_long_as_its_words_are() -> None:
    words = "---\na: {{b|c}}\n---\n{{d|e}} {{text}}\n--- systemprompt\nBe brief."
    assert fingerprint(words) == fingerprint(words)
    edits = [
        words.replace(old, new)
        for old, new in (("a:", "x:"), ("c}", "z}"), ("e}", "z}"), ("text", "t"), ("brief", "long"))
    ]
    assert len({fingerprint(content) for content in [words, *edits]}) == 6


def test_the_language_chooses_the_variant() -> None:
    assert template_for_job(TemplateWish("Session", None, "de-AT"), None).template.name == "Session_de"
    found = template_for_job(TemplateWish("Session", None, "fr"), None)
    assert (found.template.name, found.warning is not None) == ("Session", True)


def test_a_template_that_is_gone_when_the_job_runs_ends_it_with_a_job_s_code(tmp_path: Path) -> None:
    wish = TemplateWish("Mine", None, None)
    (tmp_path / "Mine.md").write_text("{{a|b}}")
    assert template_for_job(wish, str(tmp_path)).template.name == "Mine"
    (tmp_path / "Mine.md").unlink()
    with pytest.raises(UnknownTemplate) as refusal:
        find_template(wish, TemplateLibrary(tmp_path))
    assert [field.path for field in refusal.value.fields] == [("parameters", "template")]
    with pytest.raises(TemplateError, match=r'^There is no template "Mine"; known: '):
        template_for_job(wish, str(tmp_path))


def test_what_is_no_template_is_told_by_line_and_column() -> None:
    with pytest.raises(TemplateError, match='"template_content", line 2, column 3: '):
        template_for_job(TemplateWish(None, "a\n  {{b|c\n", None), None)
