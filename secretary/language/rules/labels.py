"""Labelled values: `Date: 5 May`, several on a line, bold labels, labels in the first cell of a table's row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from secretary.language.rules.concepts import Concept, column_concepts, label_concepts
from secretary.language.rules.lines import Kind, Level, Line
from secretary.language.rules.spans import Span, trimmed

_MOST_CELLS: Final = 100
_LONGEST_LABEL: Final = 60
_LABEL_WORDS: Final = 8
_SEARCHED: Final = 1_000
"""Characters at the beginning of a line in which further labels are looked for."""

_COLON: Final = re.compile(r"[:：](?=[\s*_]|$)")
_BEFORE_LABEL: Final = re.compile(r"[|;,·•\t]|[ ]{2,}|[.!?)][ ]| [-–—/] ")
_DASH: Final = re.compile(r"[ \t]+[-–—][ \t]+")
_GAP: Final = re.compile(r"[*_]{0,3}(?:\t|[ ]{2,}|\*\*[ ]|__[ ])[ \t]*")
_SENDERS: Final = frozenset({Concept.SENDER})


@dataclass(frozen=True, slots=True)
class Label:
    """A label with what it stands for and its value, which may be empty. `line` is an index."""

    line: int
    name: Span
    value: Span
    concepts: frozenset[Concept]
    separator: str
    is_first: bool


def labels_in(text: str, line: Line, index: int) -> Iterator[Label]:
    """The labels on this line. The first may say anything, a further one must be a word for something known."""
    if line.kind is Kind.ROW:
        yield from _row_label(text, line, index)
        return
    if line.kind is Kind.HEADING and line.level < Level.BOLD:
        # What stands in a heading is its title, save for `## Date: 5 May`.
        yield from (
            label for label in _with_colons(text, line, index) if label.concepts and label.value.start < label.value.end
        )
        return
    found = list(_with_colons(text, line, index))
    yield from found or _without_colon(text, line, index)


def _with_colons(text: str, line: Line, index: int) -> Iterator[Label]:
    limit = min(line.end, line.start + _SEARCHED)
    begins: list[tuple[Span, int, frozenset[Concept]]] = []
    begin = line.start
    for colon in _COLON.finditer(text, line.start, limit):
        name = None if begins else _sentence_end_name(text, line, colon.start())
        name = name or (None if begins else _first_name(text, begin, colon.start()))
        # `Roll call: Members present: …` is two labels; `Subject: Minutes: …` is one.
        may_follow = not begins or not begins[-1][2]
        name = name or _further_name(text, begin, colon.start(), may_follow=may_follow)
        if name is None:
            continue
        concepts = label_concepts(name.of(text))
        if begins and (not concepts or concepts <= _SENDERS):
            continue
        begins.append((name, colon.end(), concepts))
        begin = colon.end()
    for number, (name, value_start, concepts) in enumerate(begins):
        value_end = begins[number + 1][0].start if number + 1 < len(begins) else line.end
        value = trimmed(text, value_start, value_end, "|;,·•-–—/(" if number + 1 < len(begins) else "")
        yield Label(index, name, value, concepts, ":", is_first=number == 0 and name.start <= line.start + 3)


def _first_name(text: str, start: int, end: int) -> Span | None:
    name = trimmed(text, start, end)
    words = text.count(" ", name.start, name.end) + 1
    return name if 0 < name.end - name.start <= _LONGEST_LABEL and words <= _LABEL_WORDS else None


def _sentence_end_name(text: str, line: Line, end: int) -> Span | None:
    """`Beschluss` in `Der Umzug findet statt. Beschluss: …`: a known label right behind a sentence on the same line."""
    name = _further_name(text, line.start, end, may_follow=False)
    return name if name and text[line.start : name.start].rstrip(" *_").endswith((".", "!", "?")) else None


def _further_name(text: str, start: int, end: int, *, may_follow: bool) -> Span | None:
    """What stands between the last mark that could end a value and the colon; with `may_follow` also right behind a label."""
    start = max(start, end - _LONGEST_LABEL)
    marks = [mark.end() for mark in _BEFORE_LABEL.finditer(text, start, end)]
    for begin in (*reversed(marks), *([start] if may_follow else [])):
        name = trimmed(text, begin, end, "|;,·•(")
        if name.start < name.end and label_concepts(name.of(text)):
            return name
    return None


def _without_colon(text: str, line: Line, index: int) -> Iterator[Label]:
    """`Date – 5 May` and `Date      5 May`, for labels that are known."""
    limit = min(line.end, line.start + _LONGEST_LABEL)
    for pattern, separator in ((_DASH, "-"), (_GAP, " ")):
        mark = pattern.search(text, line.start, limit)
        if mark is None:
            continue
        name, value = trimmed(text, line.start, mark.start(), ":"), trimmed(text, mark.end(), line.end)
        concepts = label_concepts(name.of(text))
        if concepts and not concepts <= _SENDERS and value.start < value.end and not _is_column(text, value):
            yield Label(index, name, value, concepts, separator, is_first=True)
            return


def _is_column(text: str, value: Span) -> bool:
    """Whether what stands behind a gap names a further column rather than a value."""
    cell = _CELL_GAP.split(value.of(text)[:_LONGEST_LABEL])[0]
    return bool(column_concepts(cell)) or cell.casefold() in _COLUMN_WORDS


_CELL_GAP: Final = re.compile(r"\t|[ ]{2,}")
_COLUMN_WORDS: Final = frozenset({"was", "what", "name", "status", "rolle", "role", "funktion", "nr.", "bemerkung"})


def _row_label(text: str, line: Line, index: int) -> Iterator[Label]:
    """A row of two cells is a label and its value; in one of more cells, labels may stand before each second cell."""
    cells = cells_of(text, line)
    for number in () if _is_head(text, cells) else range(0, len(cells) - 1, 2):
        concepts = label_concepts(text[cells[number].start : cells[number].end].rstrip(":"))
        following = cells[number + 1]
        if not concepts or following.start == following.end or (len(cells) > 2 and label_concepts(following.of(text))):  # noqa: PLR2004
            break
        yield Label(index, trimmed(text, *cells[number], ":"), following, concepts, "|", number == 0)
    if len(cells) > 1 and not text.startswith("|", line.start):
        yield from (label for label in _with_colons(text, line, index) if label.concepts)


def _is_head(text: str, cells: list[Span]) -> bool:
    """Whether a row names columns: its second cell is a column's usual name, or a label is left without a value at its end."""
    if len(cells) < 2:  # noqa: PLR2004
        return False
    is_odd = len(cells) % 2 == 1 and bool(column_concepts(cells[-1].of(text)))
    return is_odd or cells[1].of(text).strip(" :*_").casefold() in _COLUMN_WORDS


def cells_of(text: str, line: Line) -> list[Span]:
    """The cells of a row, empty ones too."""
    start, end = line.start, line.end
    if text.startswith("|", start):
        start += 1
    while end > start and text[end - 1] in " \t":
        end -= 1
    if end > start and text[end - 1] == "|":
        end -= 1
    cells: list[Span] = []
    at = start
    while at <= end and len(cells) < _MOST_CELLS:
        bar = text.find("|", at, end)
        while bar > 0 and text[bar - 1] == "\\":
            bar = text.find("|", bar + 1, end)
        stop = end if bar < 0 else bar
        cells.append(trimmed(text, at, stop))
        at = stop + 1
    return cells
