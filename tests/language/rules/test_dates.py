"""Dates and times of day as they are written."""

import pytest

from secretary.language.rules.dates import dates_in, first_date, first_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Tuesday, 14 May 2024, at ten", ["14 May 2024"]),
        ("May 14th, 2024 and 3rd of June, 2024.", ["May 14th, 2024", "3rd of June, 2024"]),
        ("am 12. März 2024 und 5.3.24", ["12. März 2024", "5.3.24"]),
        ("2024-05-17T10:00, 12/31/2024, 31/12/2024", ["2024-05-17", "12/31/2024", "31/12/2024"]),
        ("1. Jänner, 24 Dec.", ["1. Jänner", "24 Dec"]),
        ("version 1.2.3, 10.0.0.1, 2024-13-01, 32.01.2024, May I ask, in 2024, +49 30 123456", []),
    ],
)
def test_dates_are_found_and_what_only_looks_like_one_is_not(text: str, expected: list[str]):
    assert [date.of(text) for date in dates_in(text, 0, len(text))] == expected


def test_a_day_without_a_year_needs_to_be_asked_for():
    text = "bis zum 5.3. fertig"
    assert first_date(text, 0, len(text)) is None
    short = first_date(text, 0, len(text), short=True)
    assert short is not None
    assert short.of(text) == "5.3."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 10:00 – 11:30 in room 4", "10:00 – 11:30"),
        ("9-10am", "9-10am"),
        ("von 9 bis 10.30 Uhr", "9 bis 10.30 Uhr"),
        ("at 7:05 pm.", "7:05 pm"),
        ("um 18 Uhr", "18 Uhr"),
        ("6:32 p.m. sharp", "6:32 p.m."),
        ("on 12.03.2024 in room 4", None),
        ("version 10.30", None),
    ],
)
def test_times_are_found(text: str, expected: str | None):
    found = first_time(text, 0, len(text))
    assert (found.of(text) if found else None) == expected
