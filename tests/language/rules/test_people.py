"""Names in lists as texts have them."""

import pytest

from secretary.language.rules.people import people_in
from secretary.language.rules.spans import Span


def names(text: str, *, one_each: bool = False) -> list[str]:
    return [person.span.of(text) for person in people_in(text, Span(0, len(text)), one_each=one_each)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Smith, Bob Jones and Carla Díaz", ["Anna Smith", "Bob Jones", "Carla Díaz"]),
        ("Anna Smith (Chair), Bob Jones (until 11:00, remote)", ["Anna Smith", "Bob Jones"]),
        ("Smith, Anna; Jones, Bob", ["Smith, Anna", "Jones, Bob"]),
        (
            "Dr. Anna von der Heide, J. P. Morgan, Jean-Luc O'Neill",
            ["Dr. Anna von der Heide", "J. P. Morgan", "Jean-Luc O'Neill"],
        ),
        ("Frau Berger sowie Herr Dr. Maier", ["Frau Berger", "Herr Dr. Maier"]),
        ("Anna/Bob/Carla", ["Anna", "Bob", "Carla"]),
        ("Anna\nBob\nCarla", ["Anna", "Bob", "Carla"]),
        ("Anna, Ursula\nFinch, Bob", ["Anna", "Ursula\nFinch", "Bob"]),
        ("@anna, @bob.b", ["@anna", "@bob.b"]),
        ("AB, CD, EF", ["AB", "CD", "EF"]),
        ("the treasurer Anna Smith, Mayor Jones", ["Anna Smith", "Mayor Jones"]),
        ("Anna Smith <anna@x.example>, Bob Jones from Acme", ["Anna Smith", "Bob Jones"]),
        ("12 members", []),
        ("everyone, see list, n/a", []),
        ("The budget was discussed at length.", []),
        ("Acme GmbH, Sales Manager, Quality Lead", []),
    ],
)
def test_names_are_found_without_what_stands_beside_them(text: str, expected: list[str]):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Smith, Head of Sales", ["Anna Smith"]),
        ("Anna Smith, Marketing", ["Anna Smith"]),
        ("Anna Smith, Berlin", ["Anna Smith"]),
        ("Anna Smith, Bob Jones", ["Anna Smith", "Bob Jones"]),
        ("Sales: Anna Smith", ["Anna Smith"]),
        ("Anna Smith – Project Lead", ["Anna Smith"]),
    ],
)
def test_behind_a_name_in_an_item_stands_a_role(text: str, expected: list[str]):
    assert names(text, one_each=True) == expected


@pytest.mark.parametrize("mark", ["(absent)", "(excused)", "(entschuldigt)", "– krank", "(apologies)"])
def test_a_mark_beside_a_name_says_who_was_not_there(mark: str):
    text = f"Anna Smith, Bob Jones {mark}"
    assert [person.is_away for person in people_in(text, Span(0, len(text)))] == [False, True]
