"""A paragraph or a list item while its lines are gathered."""

import re
from dataclasses import dataclass, field

from secretary.documents.blocks import Block, Kind
from secretary.documents.list_marks import Mark
from secretary.documents.text_lines import Line
from secretary.documents.view import Box

LONGEST_BLOCK = 20_000
"""Characters; each line added copies what is there, and a page may have two million."""

_SENTENCE_END = (".", "!", "?", ":", ";", "”", "»", ")", "。", "！", "？")  # noqa: RUF001
_WITHIN_WORDS = ("-", "\u2013", "\u2014", "/")
_UNSPACED = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")  # Chinese and Japanese


@dataclass(slots=True)
class OpenBlock:
    """A block that may go on."""

    lines: list[Line]
    mark: Mark | None = None
    depth: int = 0
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.lines[0].text

    @property
    def last(self) -> Line:
        return self.lines[-1]

    def add(self, line: Line) -> None:
        self.text = joined_text(self.text, line.text, broken=self.last.broken)
        self.lines.append(line)

    @property
    def box(self) -> Box:
        first = self.lines[0]
        return (
            min(line.left for line in self.lines),
            min(line.base for line in self.lines) - first.em,
            max(line.right for line in self.lines),
            max(line.base for line in self.lines),
        )

    @property
    def is_half_a_sentence(self) -> bool:
        return not self.text.endswith(_SENTENCE_END)

    def block(self) -> Block:
        longest = max(self.lines, key=lambda line: len(line.text))
        bold = all(line.bold for line in self.lines)
        size = 0.0 if longest.is_spaced else round(longest.size, 1)
        if self.mark is None:
            return Block(Kind.TEXT, self.text, size, bold)
        text = self.text[self.mark.length :].lstrip()
        kind = Kind.NUMBERED if self.mark.number is not None else Kind.BULLET
        return Block(kind, text, size, bold, self.depth, self.mark.text)


def joined_text(before: str, after: str, *, broken: bool) -> str:
    """Two lines as one: without the hyphen where a word was broken, with it where it belongs to the word."""
    if broken:
        return before + after if after[:1].islower() else f"{before}-{after}"
    if before[-1:] in ("-", "\xad") and before[-2:-1].isalpha() and after[:1].islower():
        return before[:-1] + after
    if before[-1:] in _WITHIN_WORDS and before[-2:-1].strip():
        return before + after
    if _UNSPACED.match(before[-1:]) and _UNSPACED.match(after[:1]):
        return before + after
    return f"{before} {after}"
