"""Summaries by extraction: what a text itself gives as its summary, otherwise the sentences that say most about it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from secretary.language.rules.concepts import Concept, label_concepts
from secretary.language.rules.document import Document
from secretary.language.rules.lines import Kind
from secretary.language.rules.sentences import scores, sentences_in
from secretary.language.rules.spans import Span

_SHORTEST, _LONGEST = 40, 400
_CONTACT: Final = re.compile(r"https?://|www\.|\w@\w")
_ATTENDANCE: Final = re.compile(
    r"(?:present|in attendance|apologies|attendees|those present|anwesend|dabei|es fehl|entschuldigt|teilgenommen"
    r"|next meeting"
    r"|the next meeting|das nächste|die nächste|nächste|viele grüße|best regards)\b",
    re.IGNORECASE,
)
_SHORT_TOPIC: Final = 50
_LONGEST_SUMMARY: Final = 2_000
_MOST_SENTENCES: Final = 5_000
_TOGETHER: Final = 3
_LISTED: Final = 5


class Extracts:
    """Stretches that stand for the whole text."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text

    def running(self) -> list[list[Span]]:
        """The sentences of each paragraph and each item, without headings, tables and labels."""
        labelled = {label.line for label in self._document.labels if label.is_first and label.concepts}
        paragraphs: list[list[int]] = []
        for index, line in enumerate(self._document.lines):
            if line.kind in (Kind.HEADING, Kind.ROW) or index in labelled:
                paragraphs.append([])
            elif line.kind is Kind.ITEM or line.after_blank or not paragraphs or self._is_topic(index - 1):
                paragraphs.append([index])
            else:
                paragraphs[-1].append(index)
        return [list(self._sentences(lines)) for lines in paragraphs if lines]

    def _is_topic(self, index: int) -> bool:
        """Whether this line is a topic, by its number or by standing short above longer ones: the line below it begins something."""
        line, below = self._document.lines[index], self._document.lines[index + 1]
        length = line.end - line.start
        if self._text[line.end - 1] in ".!?,;-" or length > _SHORTEST * 2:
            return False
        stands_above = line.after_blank and length <= _SHORT_TOPIC and self._text[below.start].isupper()
        return line.number is not None or stands_above

    def given_summary(self) -> Span | None:
        """What stands behind a label or below a heading that calls it a summary."""
        for label in self._document.labelled(Concept.SUMMARY):
            value = self._document.value_of(label)
            if value.end - value.start >= _SHORTEST:
                return value
        for section in self._document.sections_of(Concept.SUMMARY):
            entries = self._document.entries(section)
            if entries and section.concepts == {Concept.SUMMARY}:
                return Span(entries[0].span.start, self._end(entries[0].span.start, [entry.span for entry in entries]))
        return None

    def passage(self) -> Span | None:
        """Up to three sentences in a row that say most, as they stand in the text."""
        best, found = 0.0, None
        for sentences, values in self._scored():
            for index in range(len(sentences)):
                for count in range(1, _TOGETHER + 1):
                    if index + count > len(sentences):
                        break
                    score = sum(values[index : index + count]) / (count + 1)
                    if score > best:
                        best, found = score, Span(sentences[index].start, sentences[index + count - 1].end)
        return found

    def top(self) -> list[Span]:
        """The sentences that say most, in the order of the text."""
        scored = [
            (value, sentence)
            for sentences, values in self._scored()
            for sentence, value in zip(sentences, values, strict=True)
            if value
        ]
        best = sorted(scored, key=lambda each: -each[0])[:_LISTED]
        return sorted(sentence for _, sentence in best)

    def _scored(self) -> Iterator[tuple[Sequence[Span], Sequence[float]]]:
        groups = [[each for each in group if self._can_be_quoted(each)] for group in self.running()]
        flat = [each for group in groups for each in group][:_MOST_SENTENCES]
        values = scores(self._text, flat)
        at = 0
        for group in groups:
            part = group[: max(0, len(flat) - at)]
            yield part, values[at : at + len(part)]
            at += len(part)

    def _can_be_quoted(self, sentence: Span) -> bool:
        length = sentence.end - sentence.start
        if _ATTENDANCE.match(self._text, sentence.start) or _CONTACT.search(self._text, *sentence):
            return False
        return (
            _SHORTEST <= length <= _LONGEST
            and self._text[sentence.end - 1] in '.!…"”»)'
            and not label_concepts(sentence.of(self._text)[:60])
        )

    def _sentences(self, lines: list[int]) -> Iterator[Span]:
        first, last = self._document.lines[lines[0]], self._document.lines[lines[-1]]
        return sentences_in(self._text, first.start, last.end)

    def _end(self, start: int, spans: list[Span]) -> int:
        ends = [span.end for span in spans if span.end - start <= _LONGEST_SUMMARY]
        return max(ends, default=min(spans[0].end, start + _LONGEST_SUMMARY))
