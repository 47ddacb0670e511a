"""The lines of a text by what they look like: headings, list items, table rows, plain text."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import Final

from secretary.language.rules.concepts import label_concepts
from secretary.language.rules.dates import first_date, first_time
from secretary.language.rules.spans import Span, trimmed

MAX_LINES: Final = 100_000
"""Lines that are looked at; more would take memory that a job does not have."""

_LINE: Final = re.compile(r"[^\r\n]+")
_QUOTED: Final = re.compile(r"(?:>[ \t]?){1,10}")
_BULLET: Final = re.compile(r"(?:[-*+•‣▪◦○●·–—→►➔➢✓✔☐☑☒□■]|->|=>)[ \t]{1,20}")
_NUMBER: Final = re.compile(
    r"(?:TOP|Punkt|Item)?[ \t]{0,3}\(?(\d{1,3}(?:\.\d{1,3}){0,3})(?:[.):]|(?<=\.\d))[ \t]{1,20}|[a-z]\)[ \t]{1,20}",
    re.IGNORECASE,
)
_AGENDA_ITEM: Final = re.compile(
    r"(?:TOP|Agenda item|Item|Tagesordnungspunkt|Punkt)[ \t]{0,3}\d{1,3}\b[.:)]?[ \t]{0,20}", re.IGNORECASE
)
_CODE: Final = re.compile(r"[A-ZÄÖÜ]{1,3}[- ]?\d{1,3}[:.)][ \t]{1,20}(?=\S)")
_COLUMNS: Final = re.compile(r"\S(?:\t|[ ]{2,})\S")
_PLAIN_NUMBER: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,2})[ \t]{1,6}(?=[^\W\d_])")
_CHECKBOX: Final = re.compile(r"\[[ xX✓✔]?\](?!\()[ \t]{0,20}")
_MARKDOWN_HEADING: Final = re.compile(r"(#{1,6})[ \t]{1,20}")
_BOLD: Final = re.compile(r"(\*\*|__)(?!\s)((?:(?!\1).){1,120}?)\1[ \t]*:?")
_RULE: Final = re.compile(r"[-=_*~ \t]{3,}|[|+:\-= \t]{3,}")
_LONGEST_RULE: Final = 1_000
_LONGEST_HEADING: Final = 100
_HEADING_WORDS: Final = 9
_LEAST_CAPITALS: Final = 4


class Kind(Enum):
    """What a line looks like."""

    HEADING = auto()
    ITEM = auto()
    ROW = auto()
    TEXT = auto()


class Level:
    """How far down a heading stands; those of Markdown have 1 to 6."""

    UNDERLINED = 2
    CAPITALS = 3
    NUMBERED = 4
    BOLD = 7
    WORD = 8
    COLON = 8


@dataclass(slots=True)
class Line:
    """A line that is not blank. Offsets are those of its content, without indentation, marks and emphasis."""

    start: int
    end: int
    indent: int
    kind: Kind
    after_blank: bool
    level: int = 0
    number: str | None = None
    is_box: bool = False
    is_bullet: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def lines_of(text: str) -> list[Line]:
    """The lines with something in them, at most MAX_LINES."""
    lines: list[Line] = []
    last_end = 0
    for match in islice(_LINE.finditer(text), MAX_LINES):
        between = text.count("\n", last_end, match.start()) if match.start() - last_end < _LONGEST_HEADING else 2
        last_end = match.end()
        line = _line(text, match.start(), match.end(), after_blank=between > 1)
        if line is None:
            continue
        if _is_rule(text, line):
            if not line.after_blank:
                _underline(lines, text[line.start])
            continue
        lines.append(line)
    return lines


def _is_rule(text: str, line: Line) -> bool:
    return line.end - line.start <= _LONGEST_RULE and _RULE.fullmatch(text, line.start, line.end) is not None


def _underline(lines: list[Line], mark: str) -> None:
    """A line of `===` or `---` makes a heading of the line above it, when that is right above."""
    if lines and mark in "=-" and lines[-1].kind is Kind.TEXT and lines[-1].end - lines[-1].start <= _LONGEST_HEADING:
        lines[-1].kind, lines[-1].level = Kind.HEADING, 1 if mark == "=" else Level.UNDERLINED


def _line(text: str, start: int, end: int, *, after_blank: bool) -> Line | None:
    at = start
    while at < end and text[at] in " \t\xa0\ufeff":
        at += 1
    if at == end:
        return None
    indent = len(text[start:at].expandtabs(4))
    if quoted := _QUOTED.match(text, at, end):
        at = quoted.end()
    line = Line(at, end, indent, Kind.TEXT, after_blank)
    if text[at : at + 1] == "|" or text.count("|", at, end) > 1:
        line.kind = Kind.ROW
        return line
    if _mark_heading(text, line):
        return line
    _skip_marks(text, line)
    is_bold = end - line.start <= _LONGEST_HEADING and _BOLD.fullmatch(text, line.start, end) is not None
    line.start, line.end = trimmed(text, line.start, line.end)
    _look_for_heading(text, line, is_bold=is_bold)
    return line if line.start < line.end else None


def _mark_heading(text: str, line: Line) -> bool:
    marked = _MARKDOWN_HEADING.match(text, line.start, line.end)
    if marked is None:
        return False
    line.kind, line.level = Kind.HEADING, len(marked.group(1))
    line.start, line.end = trimmed(text, marked.end(), line.end, "#")
    if number := _NUMBER.match(text, line.start, line.end) or _AGENDA_ITEM.match(text, line.start, line.end):
        line.start = number.end()
    return True


def _skip_marks(text: str, line: Line) -> None:
    """Skip what makes it an item: a bullet, a number, a box to tick."""
    if bullet := _BULLET.match(text, line.start, line.end):
        line.kind, line.is_bullet, line.start = Kind.ITEM, True, bullet.end()
    elif code := _CODE.match(text, line.start, line.end):
        line.kind, line.start = Kind.ITEM, code.end()
    elif (number := _NUMBER.match(text, line.start, line.end)) and not _begins_with_date(text, line):
        line.kind, line.number, line.start = Kind.ITEM, number.group(1), number.end()
    if box := _CHECKBOX.match(text, line.start, line.end):
        line.kind, line.is_box, line.start = Kind.ITEM, True, box.end()


def _begins_with_date(text: str, line: Line) -> bool:
    found = first_date(text, line.start, min(line.end, line.start + 30), short=True)
    moment = first_time(text, line.start, min(line.end, line.start + 20))
    return (found is not None and found.start == line.start) or (moment is not None and moment.start == line.start)


def _look_for_heading(text: str, line: Line, *, is_bold: bool) -> None:
    content = text[line.start : line.end]
    if len(content) > _LONGEST_HEADING or not content:
        return
    if (plain := _PLAIN_NUMBER.match(content)) and label_concepts(content[plain.end() :].rstrip(":")):
        line.number, line.start = plain.group(1), line.start + plain.end()
        content = content[plain.end() :]
    level = _heading_level(content, line, is_bold=is_bold)
    if level:
        line.kind, line.level = Kind.HEADING, level
        if agenda_item := _AGENDA_ITEM.match(text, line.start, line.end):
            line.start = agenda_item.end() if agenda_item.end() < line.end else line.start
        line.start, line.end = trimmed(text, line.start, line.end, ":-–")


def _heading_level(content: str, line: Line, *, is_bold: bool) -> int:
    """The level of an unmarked heading, 0 for what is none."""
    is_short = content.count(" ") < _HEADING_WORDS
    if _COLUMNS.search(content):
        return 0
    if line.is_box or line.is_bullet:
        # A bullet heads the items below it when it ends with a colon.
        return 10 + line.indent if content.endswith(":") and is_short and not line.is_box else 0
    if content.endswith(":"):
        return Level.COLON if is_short else 0
    if _AGENDA_ITEM.match(content):
        return Level.NUMBERED
    if label_concepts(content) and not content.endswith((".", "!", "?", ",")):
        return Level.NUMBERED if line.number else Level.WORD
    return _loud_level(content, is_bold=is_bold) if is_short and not line.number else 0


def _loud_level(content: str, *, is_bold: bool) -> int:
    """A heading by its looks alone: bold, or all in capitals."""
    if is_bold:
        return Level.BOLD
    letters = [character for character in content if character.isalpha()]
    is_loud = len(letters) >= _LEAST_CAPITALS and all(map(str.isupper, letters))
    return Level.CAPITALS if is_loud and not content.endswith((".", ",")) else 0
