"""A text as its reader sees it: lines, labelled values, and sections with the entries in them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from secretary.language.filled import TextPlace
from secretary.language.rules.concepts import Concept, is_task_mark, label_concepts
from secretary.language.rules.labels import Label, labels_in
from secretary.language.rules.lines import Kind, Level, Line, lines_of
from secretary.language.rules.sentences import sentences_in
from secretary.language.rules.spans import Span, trimmed

_WRAPPED: Final = 65
"""Characters; a line that is shorter was ended by its writer."""

_CONTINUED: Final = re.compile(r"(?:,|;|\b(?:and|und|sowie|&)|&)$")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines below it that belong to it, as indexes; `last` is exclusive."""

    heading: int
    first: int
    last: int
    concepts: frozenset[Concept]


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a list with the lines that belong to it, or a paragraph."""

    span: Span
    line: Line
    children: "tuple[Entry, ...]" = ()


class Document:
    """The text, read once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = lines_of(text)
        self.labels: list[Label] = []
        self.sections: list[Section] = []
        self._read()

    def labelled(self, *concepts: Concept) -> list[Label]:
        """Labels that stand for one of these, in the order of the text."""
        wanted = set(concepts)
        return [label for label in self.labels if label.concepts & wanted]

    def sections_of(self, *concepts: Concept) -> list[Section]:
        wanted = set(concepts)
        return [section for section in self.sections if section.concepts & wanted]

    def place(self, span: Span) -> TextPlace:
        return TextPlace(span.start, span.end, bisect_right(self._line_starts, span.start))

    def value_of(self, label: Label) -> Span:
        """The label's value with the lines on which it goes on: those it leaves open with a comma, or that are indented deeper."""
        value, line = label.value, self.lines[label.line]
        for index in range(label.line + 1, min(label.line + 20, len(self.lines))):
            following = self.lines[index]
            goes_on = _CONTINUED.search(self.text, max(value.start, value.end - 6), value.end)
            deeper = following.indent > line.indent + 1 and not line.is_bullet
            is_plain = following.kind is Kind.TEXT and not following.after_blank and not self._has_label(index)
            if value.start == value.end or not is_plain or not (goes_on or deeper):
                break
            value = Span(value.start, following.end)
        return value

    def entries(self, section: Section) -> list[Entry]:
        """The items of a section with what belongs to each; its paragraphs where it has no items."""
        lines = self.lines[section.first : section.last]
        has_items = any(line.kind is Kind.ITEM for line in lines)
        entries = self._items(lines) if has_items else self._paragraphs(lines)
        return list(entries)

    def rows(self, section: Section) -> list[Line]:
        return [line for line in self.lines[section.first : section.last] if line.kind is Kind.ROW]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def _has_label(self, index: int) -> bool:
        return any(True for label in labels_in(self.text, self.lines[index], index) if label.concepts)

    def _read(self) -> None:
        open_headings: list[tuple[int, frozenset[Concept]]] = []
        for index, line in enumerate(self.lines):
            found = list(labels_in(self.text, line, index))
            self.labels += found
            concepts = label_concepts(line.span.of(self.text)) if line.kind is Kind.HEADING else frozenset()
            if line.kind is Kind.HEADING:
                line.level += self._is_below(open_headings, index, concepts)
                self._close(open_headings, index, line.level)
                open_headings.append((index, concepts))
            elif self._ends_sections(open_headings, line, found):
                self._close(open_headings, index, Level.BOLD)
            elif open_headings:
                self._close_by_layout(open_headings, index)
        self._close(open_headings, len(self.lines), 0)
        self.sections.sort(key=lambda section: section.heading)

    def _is_below(
        self, headings: list[tuple[int, frozenset[Concept]]], index: int, concepts: frozenset[Concept]
    ) -> bool:
        """Whether this word with a colon is a heading under the known one above it, such as the name of who has the tasks."""
        if concepts or not headings or self.lines[index].level != Level.COLON:
            return False
        above, known = headings[-1]
        if self.lines[above].level == Level.COLON + 1:
            return True
        return bool(known) and (above == index - 1 or not self.lines[index].after_blank)

    def _ends_sections(self, headings: list[tuple[int, frozenset[Concept]]], line: Line, labels: list[Label]) -> bool:
        """A known label at the beginning of a line begins something else, unless it says who does a task and until when."""
        if line.kind is Kind.ITEM or not headings or not labels or not labels[0].concepts:
            return False
        return not (Concept.ACTIONS in headings[-1][1] and is_task_mark(labels[0].name.of(self.text)))

    def _close(self, headings: list[tuple[int, frozenset[Concept]]], index: int, level: int) -> None:
        """End every section whose heading is not above this level."""
        while headings and self.lines[headings[-1][0]].level >= level:
            heading, concepts = headings.pop()
            self.sections.append(Section(heading, heading + 1, index, concepts))

    def _close_by_layout(self, headings: list[tuple[int, frozenset[Concept]]], index: int) -> None:
        """A word with a colon heads what stands right below it: plain text behind a blank line is not its any more."""
        heading, concepts = headings[-1]
        head, line = self.lines[heading], self.lines[index]
        is_over = False
        if head.level > Level.COLON + 1:
            is_over = line.indent <= head.indent
        elif line.number and line.after_blank and index > heading + 1 and not self.lines[index - 1].number:
            is_over = head.level >= Level.BOLD and line.indent <= head.indent
        elif head.level == Level.COLON and line.after_blank and line.kind is Kind.TEXT and index > heading + 1:
            is_over = line.indent <= head.indent
        elif head.number and line.number and head.level == Level.NUMBERED and line.indent <= head.indent:
            is_over = _follows(head.number, line.number)
        if is_over:
            headings.pop()
            self.sections.append(Section(heading, heading + 1, index, concepts))

    def _items(self, lines: list[Line]) -> Iterator[Entry]:
        """Items, each with its further lines; items indented deeper are children of the one above."""
        groups: list[tuple[Line, int, list[Line]]] = []
        margin = min(line.indent for line in lines if line.kind is Kind.ITEM)
        for line in lines:
            if line.kind is Kind.ITEM and (line.indent <= margin + 1 or not groups):
                groups.append((line, line.end, []))
            elif groups and line.kind is Kind.ITEM:
                groups[-1][2].append(line)
            elif groups and line.kind is Kind.TEXT and self._continues(groups[-1], line):
                owner, end, children = groups[-1]
                if children:
                    children[-1].end = line.end
                else:
                    groups[-1] = (owner, max(end, line.end), children)
        for owner, end, children in groups:
            yield Entry(Span(owner.start, end), owner, tuple(Entry(child.span, child) for child in children))

    def _continues(self, group: tuple[Line, int, list[Line]], line: Line) -> bool:
        return not line.after_blank or line.indent > group[0].indent

    def _paragraphs(self, lines: list[Line]) -> Iterator[Entry]:
        """Sentences of paragraphs; a line that begins anew and is no running text stands for itself."""
        start: Line | None = None
        end = 0
        for line in lines:
            if line.kind is not Kind.TEXT:
                continue
            if start is not None and (line.after_blank or self._stands_alone(line, end)):
                yield Entry(Span(start.start, end), start)
                start = None
            start = start or line
            end = line.end
        if start is not None:
            yield Entry(Span(start.start, end), start)

    def _stands_alone(self, line: Line, end: int) -> bool:
        """Whether this line begins something new: the one above is ended, or too short to be wrapped."""
        above = self.text.rfind("\n", 0, end) + 1
        is_short = end - above < _WRAPPED and self.text[end - 1] not in ",-–"
        return self.text[end - 1] in ".!?;:" or (is_short and not self.text[line.start].islower())

    def sentences(self, entry: Entry) -> list[Span]:
        return [trimmed(self.text, *sentence) for sentence in sentences_in(self.text, *entry.span)]


def _follows(one: str, other: str) -> bool:
    head, _, last = one.rpartition(".")
    other_head, _, other_last = other.rpartition(".")
    return head == other_head and int(other_last) == int(last) + 1
