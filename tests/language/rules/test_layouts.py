"""Many layouts of minutes, each with what the rules find in it, looked over by hand: nothing there is wrong, and little is missing."""

import json
from pathlib import Path

import pytest

from secretary.language.rules import fill_by_rules
from secretary.language.templates import TemplateLibrary

LAYOUTS = sorted((Path(__file__).parent / "layouts").glob("*.md"))


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_this_layout_is_read_as_before(path: Path):
    template = TemplateLibrary().get("MeetingMinutes").template
    found = fill_by_rules(template, path.read_text(encoding="utf-8")).values
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert {name: found[name] for name in expected} == expected
