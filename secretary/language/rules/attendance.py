"""Who was there, who was not, who chaired and who took the minutes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from secretary.language.rules.concepts import Concept, label_concepts
from secretary.language.rules.document import Document, Entry, Section
from secretary.language.rules.people import Person, is_office, only_people_in, people_in
from secretary.language.rules.sentences import LONGEST
from secretary.language.rules.spans import Span, without_doubles
from secretary.language.rules.tables import Table, column
from secretary.language.rules.wordings import AWAY, CHAIR_BESIDE, CHAIRING, THERE, WRITER_BESIDE, WRITING, Wording

_PERSONAL: Final = frozenset({Concept.PARTICIPANTS, Concept.CHAIR, Concept.MINUTE_TAKER, Concept.SPEAKERS})
_YES: Final = re.compile(r"yes|ja|x|✓|✔|present|anwesend|y|j|☑|☒|online|remote", re.IGNORECASE)
_NO: Final = re.compile(
    r"no|nein|n|-|–|absent|abwesend|excused|entschuldigt|☐|✗|✘|apologies|e|fehlt|unentschuldigt|regrets", re.IGNORECASE
)


class Attendance:
    """The people of a meeting."""

    def __init__(self, document: Document, tables: Sequence[Table], sentences: Iterable[Span]) -> None:
        self._document = document
        self._tables = tables
        self._sentences = [each for each in sentences if each.end - each.start <= LONGEST]

    @cached_property
    def present(self) -> list[Span]:
        people = [person.span for person in self._listed if not person.is_away]
        away = {span.of(self._text).casefold() for span in self._marked_away}
        found = people or list(self._told(THERE))
        return without_doubles(self._text, (span for span in found if span.of(self._text).casefold() not in away))

    @cached_property
    def absent(self) -> list[Span]:
        found = [*self._marked_away, *(person.span for person in self._listed if person.is_away)]
        return without_doubles(self._text, found or self._told(AWAY))

    @cached_property
    def chair(self) -> Span | None:
        return self._one(Concept.CHAIR, CHAIRING, CHAIR_BESIDE)

    @cached_property
    def minute_taker(self) -> Span | None:
        return self._one(Concept.MINUTE_TAKER, WRITING, WRITER_BESIDE)

    @cached_property
    def everybody(self) -> list[Span]:
        """All that are named in one of these ways."""
        single = [span for span in (self.chair, self.minute_taker) if span is not None]
        speakers = self.labelled(Concept.SPEAKERS)
        return without_doubles(self._text, [*self.present, *single, *self.absent, *speakers])

    def labelled(self, concept: Concept) -> list[Span]:
        """People named behind a label or below a heading for this."""
        return [person.span for person in self._people_of(concept)]

    @property
    def _text(self) -> str:
        return self._document.text

    @cached_property
    def _listed(self) -> list[Person]:
        return [*self._people_of(Concept.PARTICIPANTS), *self._of_tables()]

    @cached_property
    def _marked_away(self) -> list[Span]:
        return [person.span for person in self._people_of(Concept.ABSENT)]

    def _people_of(self, concept: Concept) -> list[Person]:
        found: list[Person] = []
        for label in self._document.labelled(concept):
            value = self._document.value_of(label)
            # `Minutes - Friends of the River` is a title and no label: with a dash there must be names and nothing else.
            is_sure = label.separator != "-" or bool(only_people_in(self._text, value))
            found += people_in(self._text, value) if is_sure else []
        for section in self._document.sections_of(concept):
            # A section about people and something else is told apart by its labels alone.
            if section.concepts <= _PERSONAL | {Concept.ABSENT}:
                found += self._of_section(section, concept)
        return sorted(found, key=lambda person: person.span)

    def _of_section(self, section: Section, concept: Concept) -> Iterator[Person]:
        if self._document.rows(section):
            return
        for entry in self._document.entries(section):
            for each in (entry, *entry.children):
                yield from self._of_entry(each, concept, has_children=bool(entry.children) and each is entry)

    def _of_entry(self, entry: Entry, concept: Concept, *, has_children: bool) -> Iterator[Person]:
        text = self._text
        line_end = min(entry.line.end, entry.span.end) if has_children else entry.span.end
        colon = text.find(":", entry.span.start, min(line_end, entry.span.start + 60))
        concepts = label_concepts(text[entry.span.start : colon].strip("*_ ")) if colon > 0 else frozenset()
        if concepts and not (concepts & _PERSONAL and concept is Concept.PARTICIPANTS):
            return
        yield from people_in(text, Span(entry.span.start, line_end), one_each=entry.line.kind.name == "ITEM")

    def _of_tables(self) -> Iterator[Person]:
        for table in self._tables:
            is_listed = Concept.PARTICIPANTS in table.section
            names = column(self._document, table, Concept.PARTICIPANTS, loosely=is_listed)
            ticks = column(self._document, table, Concept.PARTICIPANTS)
            if names is None or any(concept in table.section for concept in (Concept.ACTIONS, Concept.DECISIONS)):
                continue
            if self._is_of_tasks(table):
                continue
            name_column = column(self._document, table, Concept.PARTICIPANTS, loosely=True) if not is_listed else names
            yield from self._of_table(table, *self._columns(table, name_column or names, ticks))

    def _is_of_tasks(self, table: Table) -> bool:
        wanted = (Concept.ACTIONS, Concept.DUE, Concept.DECISIONS)
        return any(column(self._document, table, concept) is not None for concept in wanted)

    def _columns(self, table: Table, names: int, ticks: int | None) -> tuple[int, int | None]:
        """The column of the names, and that of the ticks where another column has them."""
        heads = [cell.of(self._text).casefold().strip(" :*?") for cell in table.head]
        plain = next(
            (
                number
                for number, head in enumerate(heads)
                if head in ("name", "names", "namen", "person", "member", "mitglied")
            ),
            None,
        )
        if plain is not None and plain != ticks:
            return plain, ticks
        other = next(
            (
                number
                for number, head in enumerate(heads)
                if number != names
                and head in ("present", "anwesend", "attended", "status", "anwesenheit", "attendance")
            ),
            None,
        )
        return names, other

    def _of_table(self, table: Table, names: int, ticks: int | None) -> Iterator[Person]:
        for row in table.rows:
            if names >= len(row):
                continue
            tick = row[ticks].of(self._text).strip() if ticks is not None and ticks < len(row) else ""
            is_away = bool(_NO.fullmatch(tick)) or (ticks is not None and not tick)
            for person in people_in(self._text, row[names], one_each=True):
                yield Person(person.span, person.is_away or is_away)

    def _one(self, concept: Concept, wording: Wording, beside: re.Pattern[str]) -> Span | None:
        labelled = self.labelled(concept)
        if labelled:
            return labelled[0]
        for person in self._listed:
            if beside.match(self._text, person.span.end, min(person.span.end + 60, self._line_end(person.span.end))):
                return person.span
        return next(iter(self._told(wording, least=1)), None)

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        comma = self._text.find(",", at + 1)
        ends = [each for each in (end, comma if self._text[at : at + 1] != "," else -1) if each >= 0]
        return min(ends, default=len(self._text))

    def _told(self, wording: Wording, *, least: int = 1) -> Iterator[Span]:
        """The names in the sentences that say it so."""
        for sentence in self._sentences:
            for begun in wording.before.finditer(self._text, *sentence):
                found = self._run(Span(begun.end(), sentence.end))
                if len(found) >= least:
                    yield from found
            if match := wording.behind.search(self._text, *sentence):
                found = self._run_before(Span(sentence.start, match.start()))
                # One capital at the beginning of a sentence need not be a name.
                if len(found) > 1 or any(" " in span.of(self._text) or self._is_listed(span) for span in found):
                    yield from found

    def _is_listed(self, span: Span) -> bool:
        word = span.of(self._text)
        return any(word in person.span.of(self._text).split() for person in self._listed)

    def _run(self, span: Span) -> list[Span]:
        """The names that a stretch begins with; in prose a semicolon may end the clause that lists them."""
        clause = self._text.find(";", *span)
        whole = self._run_of(span)
        short = self._run_of(Span(span.start, clause)) if clause >= 0 else []
        tells_of_away = clause >= 0 and AWAY.behind.search(self._text, clause, span.end) is not None
        return short if len(short) > len(whole) or tells_of_away else whole

    def _run_of(self, span: Span) -> list[Span]:
        people = people_in(self._text, span)
        if not people or not all(map(_may_precede, _WORDS.findall(self._text[span.start : people[0].span.start]))):
            return []
        return self._connected([person.span for person in people])

    def _connected(self, spans: list[Span]) -> list[Span]:
        """Up to the first gap that is more than a comma, a word for `and`, or a remark in parentheses."""
        found = spans[:1]
        for span in spans[1:]:
            between = re.sub(r"\([^()]*\)", "", self._text[found[-1].end : span.start])
            if not _BETWEEN.fullmatch(between):
                break
            found.append(span)
        return found

    def _run_before(self, span: Span) -> list[Span]:
        """The names that a stretch ends with."""
        people = [person.span for person in people_in(self._text, span)]
        if not people or _REST.sub("", self._text[people[-1].end : span.end]):
            return []
        found = [people[-1]]
        for each in reversed(people[:-1]):
            between = re.sub(r"\([^()]*\)", "", self._text[each.end : found[0].start])
            if not _BETWEEN.fullmatch(between):
                break
            found.insert(0, each)
        return found


_WORDS: Final = re.compile(r"[^\W_]+")


def _may_precede(word: str) -> bool:
    """Articles, ordinals and offices may stand before a name."""
    return (
        word.casefold() in {"the", "die", "der", "den", "members", "mitglieder"} or word.isdecimal() or is_office(word)
    )


_BETWEEN: Final = re.compile(r"[\s,;*_]*(?:(?:and|und|sowie|&|as well as|both|die|der|Herr|Frau)[\s]+)*")
_REST: Final = re.compile(r"^[\s,]*(?:\([^()]{0,80}\))?[\s,]*(?:all|both|alle|beide|has|have|had|haben|hat)?\s*$")
