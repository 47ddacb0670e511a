"""When and where something took place, and what it is called."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final, TypeAlias

from secretary.language.rules.concepts import Concept, is_task_mark, label_concepts, tokens
from secretary.language.rules.dates import dates_in, first_date, first_time, moments
from secretary.language.rules.document import Document
from secretary.language.rules.labels import Label
from secretary.language.rules.lines import Kind, Line
from secretary.language.rules.sentences import LONGEST, sentences_in
from secretary.language.rules.spans import Span

_HEAD_LINES: Final = 12
_FIRST_LINES: Final = 3
_LONGEST_TITLE: Final = 150
_LONGEST_HEAD: Final = 110
_NEAR: Final = 40
_HELD: Final = re.compile(
    r"\b(?:held|met|took place|takes place|gathered|convened|meeting|call|sync|session|workshop|retrospective"
    r"|review|standup|minutes|notes|protokoll|sitzung|besprechung|treffen|versammlung|termin|telefonat|telko"
    r"|\w*gespräch\w*|\w+termins?|kick-?off"
    r"|trafen|traf|tagte|fand|findet|stattgefunden|\w+sitzung|\w+besprechung|\w+versammlung|\w+treffen"
    r"|\w+konferenz|jour fixe|runde|\w+protokoll)\b",
    re.IGNORECASE,
)
_OTHER_DAY: Final = re.compile(
    r"\bby (?:\w+day,? )?(?:the )?$|\b(?:next|until|due|deadline|before|last|previous|nächste[nrms]?|bis"
    r"|spätestens|frist|letzte[nrms]?"
    r"|vorige[nrms]?|will|folge\w*|since|seit|ab dem|geplant|approved|genehmigt)\b",
    re.IGNORECASE,
)
_RELATIVE: Final = re.compile(
    r"\b(?:yesterday|gestern|vorgestern|this morning|heute morgen|last (?:week|mon|tues|wednes|thurs|fri)\w*"
    r"|letzte[nr]? (?:woche|montag|dienstag|mittwoch|donnerstag|freitag))\b",
    re.IGNORECASE,
)
_STARTED: Final = re.compile(
    r"\b(?:to order|opened|opens|started|starts|began|begins|start|beginn|beginnt|begann|eröffnet\w*|anfang)\b",
    re.IGNORECASE,
)
_ENDED: Final = re.compile(
    r"\b(?:adjourned|closed|ended|ends|end|concluded|finished|endet\w*|ende|schließt|schloss|geschlossen"
    r"|beendet\w*|schluss)\b",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"\b(?:next (?:\w+ )?(?:meeting|session|call|sync|review|appointment)|(?:meet|reconvene|convene) again"
    r"|nächste[rsnm]? (?:\w+ )?(?:sitzung|treffen|termin|besprechung|meeting|versammlung|jour fixe|\w+sitzung"
    r"|\w+treffen|\w+besprechung))\b",
    re.IGNORECASE,
)
_SUBJECT_MARK: Final = re.compile(r"(?:(?:re|aw|fwd?|wg):[ ]*){1,5}", re.IGNORECASE)
_NEVER_TITLE: Final = frozenset(Concept) - {Concept.TITLE, Concept.MINUTE_TAKER, Concept.SUMMARY, Concept.OTHER}


_NAMES_OCCASION: Final = frozenset(
    (word,)
    for word in (
        "meeting",
        "sitzung",
        "besprechung",
        "treffen",
        "event",
        "veranstaltung",
        "session",
        "committee",
        "gremium",
    )
)
Finder: TypeAlias = Callable[[int, int], Span | None]


class Occasion:
    """What a text says of its own occasion."""

    def __init__(self, document: Document, sentences: Iterable[Span]) -> None:
        self._document = document
        self._text = document.text
        self._sentences = [each for each in sentences if each.end - each.start <= LONGEST]

    @cached_property
    def date(self) -> Span | None:
        """The one labelled so; of an e-mail rather the one its meeting had. A day that is only `yesterday` is none."""
        labelled = next((found for label in self._labelled(Concept.DATE) if (found := self._date_of(label))), None)
        if labelled is not None and not self._is_mail:
            return labelled
        told = self._told_date()
        if told is not None or (labelled is not None and self._is_relative):
            return told
        return labelled or self._date_in_head()

    @cached_property
    def time(self) -> Span | None:
        found = self._first_time(Concept.TIME) or self._first_time(Concept.DATE, labelled=False)
        if found is not None and not self._is_mail:
            return found
        head = self._in_head(lambda start, end: first_time(self._text, start, end))
        return head or self._time_of(Concept.START, _STARTED) or self._time_beside_date()

    def _time_beside_date(self) -> Span | None:
        """The time in the sentence that has the date."""
        date = self.date
        told = (each for each in self._sentences if date is not None and each.start <= date.start < each.end)
        return next((found for each in told if (found := first_time(self._text, *each))), None)

    @cached_property
    def start(self) -> Span | None:
        return self._time_of(Concept.START, _STARTED) or self._moment(0)

    @cached_property
    def end(self) -> Span | None:
        return self._time_of(Concept.END, _ENDED) or self._moment(1)

    @cached_property
    def place(self) -> Span | None:
        for label in self._labelled(Concept.PLACE):
            value = self._document.value_of(label)
            if value.start < value.end:
                return value
        return self._below(Concept.PLACE)

    @cached_property
    def title(self) -> Span | None:
        named = (label for label in self._document.labels if tokens(label.name.of(self._text)) in _NAMES_OCCASION)
        for label in (*self._document.labelled(Concept.TITLE), *named):
            value = label.value
            if 0 < value.end - value.start <= _LONGEST_TITLE and label.line < _HEAD_LINES * 2:
                mark = _SUBJECT_MARK.match(self._text, *value)
                return Span(mark.end(), value.end) if mark else value
        return self._first_heading()

    @cached_property
    def next_meeting(self) -> Span | None:
        for label in self._document.labelled(Concept.NEXT_MEETING):
            value = self._document.value_of(label)
            if value.start < value.end:
                return value
        below = self._below(Concept.NEXT_MEETING)
        return below or next((each for each in self._sentences if self._says_next(each)), None)

    @cached_property
    def all_dates(self) -> list[Span]:
        return list(dates_in(self._text, 0, len(self._text)))

    @cached_property
    def _is_mail(self) -> bool:
        """Whether the text begins as an e-mail does."""
        names = {label.name.of(self._text).casefold() for label in self._document.labels if label.line < _HEAD_LINES}
        return bool(names & {"from", "von"}) and bool(names & {"to", "an", "subject", "betreff"})

    @cached_property
    def _is_relative(self) -> bool:
        return any(_RELATIVE.search(self._text, *each) for each in self._sentences[:_HEAD_LINES])

    def _labelled(self, concept: Concept) -> Iterator[Label]:
        """Labels for this that are not of a task: below a heading for tasks, `Date` is when one is due."""
        tasks = self._document.sections_of(Concept.ACTIONS, Concept.NEXT_MEETING, Concept.DECISIONS)
        for label in self._document.labelled(concept):
            if Concept.NEXT_MEETING in label.concepts or any(each.first <= label.line < each.last for each in tasks):
                continue
            if self._document.lines[label.line].kind is Kind.ROW and is_task_mark(label.value.of(self._text)):
                continue
            yield label

    def _date_of(self, label: Label) -> Span | None:
        value = self._document.value_of(label)
        return first_date(self._text, *value, short=True)

    def _told_date(self) -> Span | None:
        """The date in what speaks of the meeting: the subject, a heading, a sentence."""
        for span in (*self._subjects(), *self._heads(), *self._sentences):
            found = self._dates_held(span)
            if found is not None:
                return found
        return None

    def _dates_held(self, span: Span) -> Span | None:
        if not _HELD.search(self._text, *span):
            return None
        for date in dates_in(self._text, *span):
            before = self._text[max(span.start, date.start - _NEAR) : date.start]
            if not _OTHER_DAY.search(before) and not _NEXT.search(self._text, *span):
                return date
        return None

    def _subjects(self) -> list[Span]:
        return [label.value for label in self._document.labelled(Concept.TITLE) if label.line < _HEAD_LINES * 2]

    def _heads(self) -> list[Span]:
        lines = self._document.lines
        return [
            line.span
            for index, line in enumerate(lines)
            if index < _FIRST_LINES or (line.kind is Kind.HEADING and index < _HEAD_LINES)
        ]

    def _date_in_head(self) -> Span | None:
        return self._told_date() or self._in_head(lambda start, end: first_date(self._text, start, end))

    def _in_head(self, find: Finder) -> Span | None:
        """In one of the first lines that is no running text, has no other label and speaks of no other day."""
        known = _OF_OCCASION - ({Concept.DATE} if self._is_mail else set())
        labelled = {label.line for label in self._head_labels if not label.concepts & known}
        for index, line in enumerate(self._document.lines[:_HEAD_LINES]):
            is_running = line.end - line.start > _LONGEST_HEAD or self._text[line.end - 1] in ",;"
            is_table = line.kind is Kind.ROW and self._text.startswith("|", line.start)
            if index in labelled or is_running or is_table or line.kind is Kind.ITEM:
                continue
            found = find(line.start, line.end)
            if found and not _OTHER_DAY.search(self._text, max(line.start, found.start - _NEAR), found.start):
                return found
        return None

    @cached_property
    def _head_labels(self) -> list[Label]:
        return [label for label in self._document.labels if label.line < _HEAD_LINES]

    def _first_time(self, concept: Concept, *, labelled: bool = True) -> Span | None:
        for label in self._labelled(concept):
            if found := first_time(self._text, *self._document.value_of(label), labelled=labelled):
                return found
        return None

    def _time_of(self, concept: Concept, told: re.Pattern[str]) -> Span | None:
        if found := self._first_time(concept):
            return found
        for sentence in self._sentences:
            for marked in told.finditer(self._text, *sentence):
                found = first_time(self._text, marked.end(), min(sentence.end, marked.end() + 60))
                if found is not None:
                    return found
            if concept is Concept.END and (match := told.search(self._text, *sentence)):
                before = first_time(self._text, max(sentence.start, match.start() - 60), match.start())
                if before is not None:
                    return before
        return None

    def _moment(self, number: int) -> Span | None:
        found = moments(self._text, self.time) if self.time else []
        return found[number] if len(found) > 1 else found[0] if found and number == 0 else None

    def _below(self, concept: Concept) -> Span | None:
        """What stands below a heading for this: its first paragraph or item."""
        for section in self._document.sections_of(concept):
            entry = next(iter(self._document.entries(section)), None)
            if entry is not None and entry.span.end - entry.span.start <= LONGEST:
                return next(sentences_in(self._text, *entry.span), None)
        return None

    def _first_heading(self) -> Span | None:
        lines = self._document.lines
        for line in lines[:_HEAD_LINES]:
            if line.kind is Kind.HEADING and self._can_be_title(line):
                return line.span
            if line.kind is not Kind.HEADING:
                break
        marked = next(
            (
                line
                for line in lines[: _HEAD_LINES * 4]
                if line.kind is Kind.HEADING and line.level == 1 and self._can_be_title(line)
            ),
            None,
        )
        if marked is not None:
            return marked.span
        first = lines[0] if lines else None
        if (
            first is None
            or first.kind is not Kind.TEXT
            or not self._can_be_title(first)
            or any(label.line == 0 and label.separator == ":" for label in self._head_labels)
        ):
            return None
        stands_apart = len(lines) > 1 and self._text[first.end - 1] not in ".,;:!?"
        return first.span if stands_apart else None

    def _can_be_title(self, line: Line) -> bool:
        concepts = label_concepts(line.span.of(self._text)) if line.end - line.start <= _LONGEST_TITLE else frozenset()
        return line.end - line.start <= _LONGEST_TITLE and not concepts & _NEVER_TITLE

    def _says_next(self, sentence: Span) -> bool:
        return _NEXT.search(self._text, *sentence) is not None and (
            first_date(self._text, *sentence, short=True) is not None or first_time(self._text, *sentence) is not None
        )


_OF_OCCASION: Final = frozenset(
    {Concept.DATE, Concept.TIME, Concept.PLACE, Concept.TITLE, Concept.START, Concept.OTHER}
)
