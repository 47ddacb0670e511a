"""The rules on minutes of six layouts: what a careful reader finds in them is found, and nothing is that they do not say."""

from collections import Counter

import pytest

from secretary.language.filled import Filled
from secretary.language.rules import fill_by_rules
from secretary.language.templates import TemplateLibrary
from tests.language.rules.minutes_expected import MINUTES, Expected

IN_LANGUAGES = pytest.mark.parametrize("language", ["en", "de"])
EACH = pytest.mark.parametrize("minutes", MINUTES, ids=lambda minutes: minutes.file)


def filled(minutes: Expected, language: str) -> Filled:
    template = TemplateLibrary().get("MeetingMinutes", target_language=language).template
    return fill_by_rules(template, minutes.text)


def texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []


def counts(minutes: Expected, found: Filled) -> dict[str, tuple[int, int, int]]:
    """Of each field: how many are expected, how many of them were found, and how many values there are."""
    fields = {
        "date": (minutes.date,),
        "participants": minutes.participants,
        "absent": minutes.absent,
        "decisions": minutes.decisions,
        "action_items": minutes.actions,
    }
    return {
        name: (
            len(expected),
            sum(any(words in value for value in texts(found.values[name])) for words in expected),
            len(texts(found.values[name])),
        )
        for name, expected in fields.items()
    }


@IN_LANGUAGES
def test_nine_of_ten_are_found_of_each_kind_and_hardly_anything_else(language: str):
    expected, found, values = Counter[str](), Counter[str](), Counter[str]()
    for minutes in MINUTES:
        for name, (wanted, hits, total) in counts(minutes, filled(minutes, language)).items():
            expected[name] += wanted
            found[name] += hits
            values[name] += total
    recall = {name: found[name] / expected[name] for name in expected}
    precision = {name: found[name] / values[name] for name in expected}
    assert min(recall.values()) >= 0.9, recall
    assert min(precision.values()) >= 0.9, precision


@EACH
def test_names_and_dates_are_exactly_those_of_the_text(minutes: Expected):
    found = filled(minutes, minutes.language)
    assert found.values["date"] == minutes.date
    assert texts(found.values["participants"]) == list(minutes.participants)
    assert texts(found.values["absent"]) == list(minutes.absent)


@EACH
@IN_LANGUAGES
def test_every_value_stands_in_the_text_at_its_place(minutes: Expected, language: str):
    text, found = minutes.text, filled(minutes, language)
    assert found.provider == "rules"
    assert found.generated is False
    assert found.model is None
    assert set(found.unfilled) == {name for name, value in found.values.items() if value is None}
    for name, value in found.values.items():
        places = found.places.get(name, ())
        assert texts(value) == [text[place.start : place.end] for place in places]
        assert [place.line for place in places] == [text.count("\n", 0, place.start) + 1 for place in places]
