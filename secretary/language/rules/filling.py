"""Fills a template's fields by extraction: every value is a stretch of the text with its place, and nothing is invented."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import Final

from secretary.language.filled import Filled, TextPlace, Value
from secretary.language.rules import facts
from secretary.language.rules.agreements import Agreements
from secretary.language.rules.attendance import Attendance
from secretary.language.rules.concepts import Concept, label_concepts, tokens
from secretary.language.rules.document import Document
from secretary.language.rules.extracts import Extracts
from secretary.language.rules.lines import MAX_LINES, Kind, Level
from secretary.language.rules.occasion import Occasion
from secretary.language.rules.spans import Span, trimmed, without_doubles
from secretary.language.rules.tables import Table, tables_of
from secretary.language.rules.wanted import Wanted, wanted
from secretary.language.templates import Template

PROVIDER: Final = "rules"
_LONGEST_COVER: Final = 5_000
_MOST_TOPICS: Final = 50
_LONGEST_TOPIC: Final = 100


def fill_by_rules(template: Template, text: str) -> Filled:
    """Each field's value as it stands in the text, None where the rules find none; in time that grows as the text does."""
    finder = _Finder(text)
    values: dict[str, Value] = {}
    places: dict[str, tuple[TextPlace, ...]] = {}
    extracted = []
    for field in template.fields:
        wish = wanted(field)
        spans = finder.spans(wish)
        if spans and not field.many:
            spans = [finder.covering(spans)]
        texts = [span.of(text) for span in spans]
        values[field.name] = (list(texts) if field.many else texts[0]) if texts else None
        if texts:
            places[field.name] = tuple(map(finder.document.place, spans))
        if texts and finder.is_extract(wish):
            extracted.append(field.name)
    notes = [f"The value of {name} is an extract: sentences taken from the text as they are." for name in extracted]
    if len(finder.document.lines) >= MAX_LINES:
        notes.append(f"The text is very long: the rules looked at its first {MAX_LINES:,} lines.")
    return Filled(
        values=values,
        provider=PROVIDER,
        generated=False,
        unfilled=tuple(name for name, value in values.items() if value is None),
        places=places,
        notes=tuple(notes),
    )


class _Finder:
    """What the rules find in one text, each kind of thing when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.document = Document(text)
        self._text = text

    def spans(self, wish: Wanted) -> list[Span]:
        """The values for this field, in the order of the text."""
        if wish.concept is None:
            return self._by_own_words(wish)
        found = [span for span in self._by_concept(wish.concept) if span is not None and span.start < span.end]
        return without_doubles(self._text, islice(found, facts.MOST)) or self._by_own_words(wish)

    def covering(self, spans: Sequence[Span]) -> Span:
        """One stretch for a field that wants one value: all that was found where it stands together, otherwise the first."""
        cover = Span(spans[0].start, spans[-1].end)
        between = self._text.count("\n\n", *cover)
        return cover if cover.end - cover.start <= _LONGEST_COVER and not between else spans[0]

    def is_extract(self, wish: Wanted) -> bool:
        if wish.concept is Concept.SUMMARY:
            return self._extracts.given_summary() is None
        return wish.concept is Concept.KEY_POINTS and not list(self._below(Concept.KEY_POINTS))

    def _by_concept(self, concept: Concept) -> Iterable[Span | None]:
        finders: dict[Concept, Callable[[], Iterable[Span | None]]] = {
            Concept.TITLE: lambda: [self._occasion.title],
            Concept.DATE: lambda: [self._occasion.date],
            Concept.TIME: lambda: [self._occasion.time],
            Concept.START: lambda: [self._occasion.start],
            Concept.END: lambda: [self._occasion.end],
            Concept.PLACE: lambda: [self._occasion.place],
            Concept.NEXT_MEETING: lambda: [self._occasion.next_meeting],
            Concept.DATES: lambda: self._occasion.all_dates,
            Concept.PARTICIPANTS: lambda: self._attendance.present,
            Concept.ABSENT: lambda: self._attendance.absent,
            Concept.CHAIR: lambda: [self._attendance.chair],
            Concept.MINUTE_TAKER: lambda: [self._attendance.minute_taker],
            Concept.SPEAKERS: lambda: self._attendance.labelled(Concept.SPEAKERS),
            Concept.PEOPLE: lambda: self._attendance.everybody,
            Concept.DECISIONS: lambda: self._agreements.decisions,
            Concept.ACTIONS: lambda: self._agreements.actions,
            Concept.SUMMARY: lambda: [self._extracts.given_summary() or self._extracts.passage()],
            Concept.KEY_POINTS: lambda: list(self._below(concept)) or self._extracts.top(),
            Concept.TOPICS: self._topics,
            Concept.KEYWORDS: self._keywords,
            Concept.EMAILS: lambda: facts.emails(self._text),
            Concept.URLS: lambda: facts.urls(self._text),
            Concept.PHONES: lambda: facts.phones(self._text),
            Concept.AMOUNTS: lambda: facts.amounts(self._text),
            Concept.ORGANISATIONS: lambda: [*self._labelled(concept), *facts.organisations(self._text)],
        }
        return finders[concept]() if concept in finders else [*self._labelled(concept), *self._below(concept)]

    def _by_own_words(self, wish: Wanted) -> list[Span]:
        """Behind a label or below a heading of just the words of the field's name."""
        if not wish.words:
            return []
        for label in self.document.labels:
            if label.value.start < label.value.end and tokens(label.name.of(self._text)) == wish.words:
                return [self.document.value_of(label)]
        for section in self.document.sections:
            heading = self.document.lines[section.heading].span.of(self._text)
            if tokens(heading) == wish.words:
                return [entry.span for entry in self.document.entries(section)]
        return []

    def _labelled(self, concept: Concept) -> Iterable[Span]:
        return (self.document.value_of(label) for label in self.document.labelled(concept))

    def _below(self, concept: Concept) -> Iterable[Span]:
        for section in self.document.sections_of(concept):
            yield from (entry.span for entry in self.document.entries(section))

    def _topics(self) -> list[Span]:
        """The items of an agenda, otherwise the headings that are about nothing that minutes always have."""
        listed = list(self._below(Concept.TOPICS))
        if listed:
            return listed
        lines = self.document.lines
        headings = [line for line in lines if line.kind is Kind.HEADING and 1 < line.level <= Level.BOLD]
        found = [line.span for line in headings if not label_concepts(line.span.of(self._text)) - {Concept.TITLE}]
        topics = [span for span in found if span != self._occasion.title][:_MOST_TOPICS]
        return topics or self._numbered()

    def _numbered(self) -> list[Span]:
        """The short numbered lines of a text that has text below them, where they are no list of something else."""
        lines = self.document.lines
        known = [each for each in self.document.sections if each.concepts]
        found = []
        for index, line in enumerate(lines[:-1]):
            is_topic = (
                line.number is not None
                and line.end - line.start <= _LONGEST_TOPIC
                and lines[index + 1].kind is not Kind.ITEM
            )
            if (
                is_topic
                and not label_concepts(line.span.of(self._text))
                and not any(each.first <= index < each.last for each in known[:_MOST_TOPICS])
            ):
                found.append(line.span)
        return found[:_MOST_TOPICS] if len(found) > 1 else []

    def _keywords(self) -> Iterable[Span]:
        """What a text itself gives as its keywords."""
        for value in self._labelled(Concept.KEYWORDS):
            at = value.start
            for piece in value.of(self._text).replace(";", ",").split(","):
                yield trimmed(self._text, at, at + len(piece))
                at += len(piece) + 1

    @cached_property
    def _tables(self) -> list[Table]:
        return tables_of(self.document)

    @cached_property
    def _sentences(self) -> list[Span]:
        return [sentence for group in self._extracts.running() for sentence in group]

    @cached_property
    def _extracts(self) -> Extracts:
        return Extracts(self.document)

    @cached_property
    def _attendance(self) -> Attendance:
        return Attendance(self.document, self._tables, self._sentences)

    @cached_property
    def _agreements(self) -> Agreements:
        return Agreements(self.document, self._tables, self._sentences, self._attendance.everybody)

    @cached_property
    def _occasion(self) -> Occasion:
        return Occasion(self.document, self._sentences)
