"""What was decided and what is to be done: below headings, behind labels, in tables, and in sentences that say so."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from secretary.language.rules.concepts import Concept, is_task_mark, label_concepts
from secretary.language.rules.dates import first_date
from secretary.language.rules.document import Document, Entry, Section
from secretary.language.rules.labels import Label
from secretary.language.rules.lines import Kind
from secretary.language.rules.people import is_name, is_office
from secretary.language.rules.sentences import LONGEST, sentences_in
from secretary.language.rules.spans import Span, trimmed, without_doubles
from secretary.language.rules.tables import Table, column, is_head, is_typed, typed_rows
from secretary.language.rules.wordings import (
    ACTION_LABEL,
    ARROW,
    BARE_ACTION,
    CLAUSE,
    DECIDED,
    DECISION_BEHIND,
    DECISION_MARK,
    ENGLISH_DEED,
    ENGLISH_TASK,
    GERMAN_DEED,
    GERMAN_FIRM,
    GERMAN_PAST,
    GERMAN_TASK,
    I_WILL,
    INFINITIVE,
    MARKED_OWNER,
    MOTION,
    NOTHING,
    PAST,
    UNDECIDED,
    UNTIL,
)

_SUBJECT_WORDS: Final = 6
_MOST: Final = 1_000
_ALIKE: Final = 0.7
_WORD: Final = re.compile(r"[^\W_]{4,}")


class Agreements:
    """The decisions and the tasks of a meeting, each a stretch of the text."""

    def __init__(
        self, document: Document, tables: Sequence[Table], sentences: Iterable[Span], people: Iterable[Span]
    ) -> None:
        self._document = document
        self._tables = tables
        self._text = document.text
        self._sentences = [each for each in sentences if each.end - each.start <= LONGEST]
        self._names = {word for person in people for word in person.of(self._text).split() if is_name(word)}

    @cached_property
    def decisions(self) -> list[Span]:
        found = [*self._listed(Concept.DECISIONS), *self._marked(DECISION_MARK), *self._of_tables(Concept.DECISIONS)]
        told = [self._with_motion(index) for index, each in enumerate(self._sentences) if self._says_decided(each)]
        decided = self._with_more(found, told)
        # Where a meeting calls nothing a decision, its conclusions are what it came to.
        return decided or (sorted(self._listed(Concept.RESULTS)) if self._names else [])

    @cached_property
    def actions(self) -> list[Span]:
        found = [
            *self._listed(Concept.ACTIONS),
            *self._labelled_lines(),
            *self._of_tables(Concept.ACTIONS),
            *self._boxes(),
            *self._owned(),
        ]
        told = [each for each in self._sentences if self._says_task(each)]
        return self._with_more(found, told)

    def _with_more(self, found: list[Span], told: list[Span]) -> list[Span]:
        """What stands under headings and labels, and what sentences say beside that; in order, nothing twice."""
        spans = _outermost(without_doubles(self._text, sorted(found)))
        known = [self._words(span) for span in spans[:_MOST]]
        for each in told[:_MOST]:
            words = self._words(each)
            inside = any(span.start <= each.start < span.end for span in spans)
            if inside or any(len(words & other) >= _ALIKE * min(len(words), len(other)) for other in known if other):
                continue
            spans.append(each)
        return sorted(spans)

    def _words(self, span: Span) -> set[str]:
        return {word.casefold() for word in _WORD.findall(span.of(self._text)[:LONGEST])}

    def _listed(self, concept: Concept) -> Iterator[Span]:
        for label in self._document.labelled(concept):
            value = self._document.value_of(label)
            if self._is_of_its_own(label, concept) and self._says_something(value):
                yield value
        for section in self._document.sections_of(concept):
            for entry in self._entries(section, concept):
                if self._belongs(entry, section, concept):
                    yield entry

    def _is_of_its_own(self, label: Label, concept: Concept) -> bool:
        """Not a label such as `Date/Time` that means something else, too, nor a column's name in a table."""
        if self._document.lines[label.line].kind is Kind.ROW:
            return label.separator == "|" and label.is_first and not self._is_column(label)
        if label.separator == " " or (label.concepts - {concept, Concept.RESULTS, Concept.ACTIONS, Concept.DECISIONS}):
            return False
        return not (concept is Concept.ACTIONS and "(" in label.name.of(self._text))

    def _is_column(self, label: Label) -> bool:
        return bool(label_concepts(label.value.of(self._text))) or is_task_mark(label.value.of(self._text))

    def _entries(self, section: Section, concept: Concept) -> Iterator[Span]:
        for entry in self._document.entries(section):
            yield from (
                self._with_children(entry) if entry.line.kind is Kind.ITEM else self._of_paragraph(entry, concept)
            )

    def _with_children(self, entry: Entry) -> Iterator[Span]:
        """An item with the lines below it that say who and until when; the items below one that is only a name or a topic."""
        text = self._text
        if not entry.children:
            yield entry.span
            return
        own = Span(entry.span.start, entry.line.end if entry.line.end > entry.span.start else entry.span.end)
        if text[own.end - 1] == ":" or own.of(text).count(" ") < 2:  # noqa: PLR2004
            yield from (child.span for child in entry.children)
        else:
            yield Span(entry.span.start, max(entry.span.end, entry.children[-1].span.end))

    def _of_paragraph(self, entry: Entry, concept: Concept) -> Iterator[Span]:
        if entry.span.end - entry.span.start > _MOST * 10:
            return
        label = self._text.find(": ", entry.span.start, min(entry.span.end, entry.span.start + 60))
        if label > 0:
            name = self._text[entry.span.start : label].strip("*_ ")
            if label_concepts(name) - {concept}:
                return
        yield from sentences_in(self._text, *entry.span)

    def _belongs(self, span: Span, section: Section, concept: Concept) -> bool:
        """Below a heading for both, tasks are those that look like it, and decisions the rest. `None` is no entry."""
        if not self._says_something(span):
            return False
        words = span.of(self._text)
        label = words[:60].partition(":")[0] if ":" in words[:60] else ""
        other = label_concepts(label.strip("*_ ")) if label else frozenset()
        if other and concept not in other:
            return False
        both = {Concept.ACTIONS, Concept.DECISIONS} <= section.concepts
        return not both or (self._looks_like_task(span) is (concept is Concept.ACTIONS))

    def _says_something(self, span: Span) -> bool:
        words = span.of(self._text)
        return any(map(str.isalpha, words)) and not NOTHING.fullmatch(words) and not is_head(self._text, span)

    def _looks_like_task(self, span: Span) -> bool:
        words = span.of(self._text)
        return bool(
            self._says_task(span) or MARKED_OWNER.search(words) or UNTIL.search(words) or ACTION_LABEL.match(words)
        )

    def _marked(self, mark: re.Pattern[str]) -> Iterator[Span]:
        for line in self._document.lines:
            if found := mark.match(self._text, line.start, line.end):
                yield trimmed(self._text, found.end(), line.end)

    def _labelled_lines(self) -> Iterator[Span]:
        """`Action (Ann): …` with all that stands there, `TODO: …` without the label."""
        text = self._text
        for line in self._document.lines:
            at = line.start
            if arrow := ARROW.match(text, at, line.end):
                at = arrow.end()
            if line.kind is Kind.ROW:
                continue
            found = ACTION_LABEL.match(text, at, line.end)
            if (
                found
                and not label_concepts(text[at : found.end()].strip(" :*")) - {Concept.ACTIONS}
                and self._may_own(found["who"])
            ):
                yield trimmed(text, at if found["who"] else found.end(), line.end)
            elif found := BARE_ACTION.match(text, at, line.end):
                yield trimmed(text, found.end(), line.end)

    def _may_own(self, who: str | None) -> bool:
        words = (who or "").strip(" ()[]-–—>@").split()
        return all(is_name(word) or not word[:1].isalpha() or word in {"und", "and"} for word in words)

    def _boxes(self) -> Iterator[Span]:
        return (line.span for line in self._document.lines if line.is_box)

    def _owned(self) -> Iterator[Span]:
        """Items that name who does it, or until when."""
        for line in self._document.lines:
            if line.kind is Kind.ITEM and line.end - line.start <= LONGEST:
                mark = MARKED_OWNER.search(self._text, *line.span)
                if mark is not None and mark.start() > line.start + 8:
                    yield line.span

    def _of_tables(self, concept: Concept) -> Iterator[Span]:
        for table in self._tables:
            if is_typed(self._document, table):
                yield from typed_rows(self._document, table, concept)
            else:
                yield from self._of_table(table, concept)

    def _of_table(self, table: Table, concept: Concept) -> Iterator[Span]:
        is_meant = concept in table.section or (concept is Concept.ACTIONS and self._has_owner(table))
        number = column(self._document, table, concept, loosely=is_meant)
        if number is None or (len(table.head) == 2 and not is_meant and number == 0 and self._is_pairs(table)):  # noqa: PLR2004
            return
        beside = [number]
        if concept is Concept.ACTIONS:
            beside += [
                found
                for other in (Concept.OWNER, Concept.DUE)
                if (found := column(self._document, table, other)) is not None
            ]
        for row in table.rows:
            cells = [row[each] for each in beside if each < len(row) and row[each].start < row[each].end]
            if number < len(row) and row[number].start < row[number].end:
                yield Span(min(cell.start for cell in cells), max(cell.end for cell in cells))

    def _has_owner(self, table: Table) -> bool:
        names = (Concept.OWNER, Concept.DUE)
        found = {column(self._document, table, each) for each in names} - {None}
        return (
            bool(found)
            and not {Concept.PARTICIPANTS, Concept.DATE} & table.section
            and len(table.head) > 1
            and bool(
                {"what", "was", "task", "action"} & {cell.of(self._text).casefold() for cell in table.head}
                or len(found) > 1
            )
        )

    def _is_pairs(self, table: Table) -> bool:
        """Whether its first column is one of labels, so that its first row is no heading."""
        return any(label_concepts(row[0].of(self._text)) for row in table.rows if row)

    def _says_decided(self, sentence: Span) -> bool:
        words = sentence.of(self._text)
        if DECISION_BEHIND.search(words):
            return True
        return DECIDED.search(words) is not None and UNDECIDED.search(words) is None

    def _with_motion(self, index: int) -> Span:
        """`Motion carried.` says something only with the motion before it."""
        sentence = self._sentences[index]
        before = self._sentences[index - 1] if index else sentence
        is_outcome = sentence.end - sentence.start < _OUTCOME and MOTION.match(self._text, sentence.start)
        is_near = 0 <= sentence.start - before.end <= 3 and sentence.end - before.start <= LONGEST  # noqa: PLR2004
        return Span(before.start, sentence.end) if is_outcome and is_near else sentence

    def _is_promised(self, words: str) -> bool:
        """Somebody known is named beside a day by which something will be there, in whatever order."""
        known = any(word in self._names for word in _SUBJECT.findall(words))
        return (
            known
            and UNTIL.search(words) is not None
            and PAST.search(words) is None
            and CLAUSE.search(words) is not None
        )

    def _says_task(self, sentence: Span) -> bool:
        """Somebody, by name, is said to do something."""
        words = sentence.of(self._text)
        if words.endswith("?"):
            return False
        if self._is_promised(words) or I_WILL.match(words):
            return True
        subject = self._subject(words, is_item=sentence.start in self._items) or _office(words)
        rest = words[subject:]
        if not subject or GERMAN_PAST.search(rest):
            return False
        is_firm = bool(ENGLISH_TASK.match(rest) or GERMAN_FIRM.match(rest))
        # A present tense says what will be done when somebody known is its subject: minutes report in the past.
        is_firm = is_firm or bool(GERMAN_DEED.match(rest) and self._is_known(words[:subject]))
        is_deed = GERMAN_TASK.match(rest) or ENGLISH_DEED.match(rest) or rest.startswith(":")
        return bool(is_firm or (is_deed and self._has_day(rest)))

    def _is_known(self, subject: str) -> bool:
        return any(word in self._names for word in subject.split())

    def _has_day(self, words: str) -> bool:
        return bool(UNTIL.search(words) or first_date(words, 0, len(words), short=True))

    @cached_property
    def _items(self) -> set[int]:
        return {line.start for line in self._document.lines if line.kind is Kind.ITEM}

    def _subject(self, words: str, *, is_item: bool) -> int:
        """How many characters at the beginning are names: those known to be of people, or two capitals that could be."""
        end = at = 0
        known = capitals = 0
        for match in _SUBJECT.finditer(words):
            if words[at : match.start()].strip(" ,\n"):
                break
            word, at = match.group(), match.end()
            if word in _JOINING or word.rstrip(".") in _TITLES:
                known += word.rstrip(".") in _TITLES
                continue
            if not is_name(word) or capitals >= _SUBJECT_WORDS:
                break
            capitals += 1
            known += word in self._names
            end = match.end()
        if known or capitals == 2:  # noqa: PLR2004
            return end
        is_single = capitals == 1 and not _PLURAL.search(words, 0, end)
        is_note = INFINITIVE.match(words, end) is not None
        is_item = is_item and not (self._names and words.startswith(":", end))
        return end if is_single and (is_item or is_note or (not self._names and UNTIL.search(words))) else 0


def _office(words: str) -> int:
    """How many characters at the beginning are an article and an office, as in `The treasurer will …`."""
    found = _OFFICE.match(words)
    return found.end() if found and is_office(found.group(1)) else 0


_OFFICE: Final = re.compile(r"(?:The|Der|Die)[ ]([^\W\d_]{3,40})\b")
_OUTCOME: Final = 60
_SUBJECT: Final = re.compile(r"[^\W\d_][\w'’-]*\.?")
_PLURAL: Final = re.compile(r"(?:[eo]rs|ists|[ae]nts|ies|ees|ions|ments)$")
_JOINING: Final = frozenset({"and", "und"})
_TITLES: Final = frozenset({"Herr", "Frau", "Hr", "Fr", "Dr", "Prof", "Mr", "Mrs", "Ms", "Cllr", "Rev"})


def _outermost(spans: list[Span]) -> list[Span]:
    """Without those that lie inside the one before."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found
