"""Tables of tasks, decisions and people: which column says what, by the words in their first row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from secretary.language.rules.concepts import Concept, column_concepts
from secretary.language.rules.document import Document
from secretary.language.rules.labels import cells_of
from secretary.language.rules.lines import Kind, Line
from secretary.language.rules.spans import Span, trimmed

_GAP: Final = re.compile(r"\t|[ ]{2,}")
_MORE_COLUMNS: Final = {
    Concept.ACTIONS: "what|was|description|beschreibung|task description|tätigkeit|thema|inhalt"
    "|maßnahme aufgabe|to do|item|punkt|text|activity|aktivität",
    Concept.PARTICIPANTS: "name|names|namen|person|vor- und nachname|full name|mitglied|member",
    Concept.DECISIONS: "beschlusstext|wording|wortlaut|decision text|text|inhalt|description|beschreibung",
}
_TYPES: Final = {
    Concept.DECISIONS: frozenset(["decision", "beschluss", "entscheidung", "d", "b", "e"]),
    Concept.ACTIONS: frozenset(["action", "task", "todo", "to-do", "aufgabe", "maßnahme", "auftrag", "a", "t"]),
}
_TYPE_COLUMNS: Final = frozenset(["type", "art", "typ", "kind", "kategorie", "category"])
_MOST_ROWS: Final = 2_000
_MOST_CELLS: Final = 30


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a first row; `section` is what the heading above it stands for."""

    head: list[Span]
    rows: list[list[Span]]
    section: frozenset[Concept]


def tables_of(document: Document) -> list[Table]:
    """The tables whose first row names at least one column that is known."""
    sections = _concepts_by_line(document)
    found = []
    index = 0
    while index < len(document.lines):
        block = list(_block(document, index))
        if len(block) > 1:
            found.append(Table(block[0], block[1:], sections.get(index, frozenset())))
        index += max(1, len(block))
    return found


def column(document: Document, table: Table, concept: Concept, *, loosely: bool = False) -> int | None:
    """The column that is about this; `loosely` also by words that mean it only below a heading that says so."""
    names = [cell.of(document.text) for cell in table.head]
    for number, name in enumerate(names):
        if concept in column_concepts(name):
            return number
    if loosely:
        words = _MORE_COLUMNS.get(concept, "").split("|")
        return next((number for number, name in enumerate(names) if name.casefold().strip(" :*") in words), None)
    return None


def typed_rows(document: Document, table: Table, concept: Concept) -> Iterator[Span]:
    """The longest cell of each row whose column `Type` says that it is one of these."""
    names = [cell.of(document.text).casefold().strip(" :*") for cell in table.head]
    number = next((number for number, name in enumerate(names) if name in _TYPE_COLUMNS), None)
    if number is None:
        return
    for row in table.rows:
        if number < len(row) and row[number].of(document.text).casefold() in _TYPES[concept]:
            longest = max(row, key=lambda cell: cell.end - cell.start)
            # Who does it and until when stands behind it.
            behind = [cell.end for cell in row if concept is Concept.ACTIONS and cell.start < cell.end]
            yield Span(longest.start, max([longest.end, *behind]))


def is_typed(document: Document, table: Table) -> bool:
    return any(cell.of(document.text).casefold().strip(" :*") in _TYPE_COLUMNS for cell in table.head)


def is_head(text: str, span: Span) -> bool:
    """Whether this line is the first row of a table without bars: two or more known names of columns."""
    line = Line(span.start, span.end, 0, Kind.TEXT, after_blank=False)
    cells = _gapped(text, line)
    return len(cells) > 1 and all(_is_column(cell.of(text)) for cell in cells)


def _is_column(name: str) -> bool:
    return bool(column_concepts(name)) or name.casefold() in _MORE_WORDS


def _concepts_by_line(document: Document) -> dict[int, frozenset[Concept]]:
    found: dict[int, frozenset[Concept]] = {}
    for section in document.sections:
        if section.concepts:
            found.update(dict.fromkeys(range(section.first, section.last), section.concepts))
    return found


def _block(document: Document, index: int) -> Iterator[list[Span]]:
    """The rows of the table that begins at this line: those with bars, or those with gaps below a row of known words."""
    lines, text = document.lines, document.text
    first = lines[index]
    if first.kind is Kind.ROW:
        for line in lines[index : index + _MOST_ROWS]:
            if line.kind is not Kind.ROW or (
                line is not first and line.after_blank and not text.startswith("|", line.start)
            ):
                return
            yield cells_of(text, line)[:_MOST_CELLS]
        return
    head = _gapped(text, first)
    known = sum(_is_column(cell.of(text)) for cell in head)
    if len(head) < 2 or known < 2 or known < len(head) - 1:  # noqa: PLR2004
        return
    yield head
    for line in lines[index + 1 : index + _MOST_ROWS]:
        cells = _gapped(text, line)
        if len(cells) < 2 or line.kind is Kind.HEADING:  # noqa: PLR2004
            return
        # A row that lacks its number has one cell less than the first row: it is filled up at the front.
        yield ([Span(line.start, line.start)] * (len(head) - len(cells))) + cells if len(cells) < len(head) else cells


_MORE_WORDS: Final = frozenset(word for words in _MORE_COLUMNS.values() for word in words.split("|")) | frozenset(
    {"nr", "nr.", "no", "no.", "#", "pos", "pos.", "role", "rolle", "funktion", "function", "status"}
)


def _gapped(text: str, line: Line) -> list[Span]:
    if line.end - line.start > 1_000:  # noqa: PLR2004
        return []
    start = line.start
    cells = []
    for gap in _GAP.finditer(text, line.start, line.end):
        if gap.start() > start:
            cells.append(trimmed(text, start, gap.start()))
        start = gap.end()
    cells.append(trimmed(text, start, line.end))
    return cells if len(cells) > 1 else []
