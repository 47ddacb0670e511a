"""Dates and times of day as English and German texts write them."""

import re
from collections.abc import Iterator
from typing import Final

from secretary.language.rules.spans import Span

_MONTH: Final = (
    "(?:Jan(?:uary|uar)?|Jän(?:ner)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Mrz|Apr(?:il)?|May|Mai|June?|Juni?|July?"
    "|Juli?|Aug(?:ust)?"
    "|Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[cz](?:ember)?)(?![^\\W_])\\.?"
)
_DAY: Final = "(?:0?[1-9]|[12]\\d|3[01])"
_NUMBER: Final = "(?:0?[1-9]|1[0-2])"
_YEAR: Final = "(?:19|20)\\d{2}"
_DATE: Final = re.compile(
    rf"""(?<![\d.,/-])(?:
        {_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])
      | {_YEAR}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])
      | {_DAY}\.[ ]?{_NUMBER}\.[ ]?(?:{_YEAR}|\d{{2}}(?!\d|[:.]\d))
      | {_DAY}[/-]{_NUMBER}[/-](?:{_YEAR}|\d{{2}})
      | {_NUMBER}/{_DAY}/(?:{_YEAR}|\d{{2}})
      | {_DAY}(?:\.|st|nd|rd|th)?[ \t-]?(?:of[ ])?{_MONTH}(?:,?[ \t-]?{_YEAR})?
      )(?![\d/-]|\.\d)
      |(?<![^\W_])(?:{_MONTH}[ \t]{_DAY}(?:st|nd|rd|th)?(?:,?[ \t]{_YEAR})?)(?![\d/-]|[:.]\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_SHORT_DATE: Final = re.compile(rf"(?<![\d.,/-]){_DAY}\.[ ]?{_NUMBER}\.(?![\d/-])")
_HOUR: Final = "(?:[01]?\\d|2[0-4])"
_CLOCK: Final = "(?:Uhr|h\\b|a\\.?m\\.?(?![a-z])|p\\.?m\\.?(?![a-z])|o'clock|noon)"
_TIME: Final = rf"{_HOUR}(?:[:.][0-5]\d(?:[ ]?{_CLOCK})?|h[0-5]\d|[ ]?{_CLOCK})"
_SURE_TIME: Final = rf"{_HOUR}(?::[0-5]\d(?:[ ]?{_CLOCK})?|\.[0-5]\d[ ]?{_CLOCK}|h[0-5]\d|[ ]?{_CLOCK})"
_TO: Final = "[ ]?(?:-|–|—|to|until|till|bis)[ ]?"
_RANGE: Final = re.compile(
    rf"(?<![\d:.,/-])(?:{_HOUR}(?:[:.][0-5]\d)?(?:[ ]?{_CLOCK})?){_TO}(?:{_SURE_TIME}|{_HOUR}[ ]?{_CLOCK}"
    rf"|{_HOUR}[.][0-5]\d)(?![\d])",
    re.IGNORECASE,
)
_SINGLE: Final = re.compile(rf"(?<![\d:.,/-]){_SURE_TIME}(?![\d])", re.IGNORECASE)
_ANY_TIME: Final = re.compile(rf"(?<![\d:.,/-]){_TIME}(?![\d])", re.IGNORECASE)
_MOMENT: Final = re.compile(rf"(?<!\d){_HOUR}(?:[:.][0-5]\d)?(?:[ ]?{_CLOCK})?", re.IGNORECASE)
WEEKDAY: Final = (
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag"
)
_WINDOW: Final = 2_000


def dates_in(text: str, start: int, end: int) -> Iterator[Span]:
    """Every date with a month in it, in order."""
    for match in _DATE.finditer(text, start, end):
        yield Span(match.start(), match.end() - (match.group().endswith(".") and _ends_sentence(match.group())))


def first_date(text: str, start: int, end: int, *, short: bool = False) -> Span | None:
    """The first date in this stretch, looked for in its beginning; with `short` also one such as `5.3.`."""
    end = min(end, start + _WINDOW)
    found = next(dates_in(text, start, end), None)
    if found is None and short and (match := _SHORT_DATE.search(text, start, end)):
        return Span(match.start(), match.end())
    return found


def first_time(text: str, start: int, end: int, *, labelled: bool = False) -> Span | None:
    """The first stretch or moment of time; where a label says that it is one, `10.30` is enough."""
    end = min(end, start + _WINDOW)
    span = next(_times(_RANGE, text, start, end), None)
    return span or next(_times(_ANY_TIME if labelled else _SINGLE, text, start, end), None)


def moments(text: str, span: Span) -> list[Span]:
    """The moments of a stretch of time: its beginning and, where it has one, its end."""
    return [Span(*match.span()) for match in _MOMENT.finditer(text, span.start, span.end)]


def _times(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    dates = [match.span() for match in _DATE.finditer(text, start, end)]
    for match in pattern.finditer(text, start, end):
        if not any(first < match.end() and match.start() < last for first, last in dates):
            ends_sentence = match.group().endswith(".") and not match.group().lower().endswith(".m.")
            yield Span(match.start(), match.end() - ends_sentence)


def _ends_sentence(date: str) -> bool:
    """Whether the last dot is not that of a shortened month; one after a whole month name is not part of the date."""
    return not date[-2:-1].isdigit()
