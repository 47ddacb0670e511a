"""The rules on any text: whatever it is, they end, and every value is a piece of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.language.rules import fill_by_rules
from secretary.language.templates import Template, TemplateLibrary, parse_template
from tests.language.rules.minutes_expected import MINUTES

TEMPLATES = [TemplateLibrary().get(name).template for name in ("MeetingMinutes", "KeyFacts", "Summary", "Session_de")]
WORDS = """
Date: Datum: Present: Teilnehmer: Anna Smith Bob, and und (Chair) | --- - * 1. 2. [ ] # ## ** Decision: Beschluss: Aufgaben Actions
Next meeting 12. März 2024 10:30 Uhr bis Freitag will send wird . ! ? : ; @ a@b.de https://x.de 5 € nahmen teil It was decided that
"""
PIECE = st.sampled_from([*WORDS.split(), "\n", "\n\n", "  ", "\t", "\r\n"]) | st.text(max_size=4)
SOUP = st.lists(PIECE, max_size=60).map(" ".join)


def check(template: Template, text: str) -> None:
    filled = fill_by_rules(template, text)
    assert list(filled.values) == [field.name for field in template.fields]
    for field in template.fields:
        value = filled.values[field.name]
        texts = value if isinstance(value, list) else [value] if value else []
        assert texts == [text[place.start : place.end] for place in filled.places.get(field.name, ())]
        assert all(each.strip() for each in texts)
        assert (field.name in filled.unfilled) is (value is None)


@given(st.sampled_from(TEMPLATES), SOUP)
def test_every_value_is_a_piece_of_any_text(template: Template, text: str):
    check(template, text)


@given(st.sampled_from(TEMPLATES), st.sampled_from(MINUTES), st.data())
def test_every_value_is_a_piece_of_minutes_that_were_cut_and_mixed(template: Template, minutes, data: st.DataObject):
    lines = minutes.text.split("\n")
    chosen = data.draw(st.lists(st.sampled_from(lines), max_size=40))
    check(template, "\n".join(chosen))


ON_ONE_LINE = [
    "a ",
    "A. ",
    "|",
    "| a ",
    ": ",
    "Date: ",
    "(",
    "**a",
    "Present: Ab, ",
    "Es nahmen Anna ",
    "a@",
    "1.",
    "wurde ",
    "a\t",
]
ON_MANY_LINES = ["- x\n", "1. x\n", "> ", "\n", "Decisions:\n", "| a | b |\n"]


@pytest.mark.parametrize("piece", [*ON_ONE_LINE, *ON_MANY_LINES])
def test_a_long_hostile_text_is_read_in_time_that_grows_as_it_does(piece: str):
    # What needed the square of this length would run for hours.
    check(TEMPLATES[0], piece * (100_000 // len(piece)))


def test_two_million_characters_of_minutes_are_read():
    text = "".join(minutes.text for minutes in MINUTES)
    check(parse_template("{{participants|Who?}} {{date|When?}}", name="T"), text * (2_000_000 // len(text)))


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff", "Lorem ipsum dolor sit amet."])
def test_a_text_that_says_nothing_fills_nothing(text: str):
    filled = fill_by_rules(TEMPLATES[0], text)
    assert set(filled.values.values()) == {None}
    assert filled.places == {}
    assert filled.notes == ()
