"""A paragraph or a list item while its lines are gathered."""

import re
from dataclasses import dataclass, field
from operator import attrgetter

from secretary.documents.blocks import BULLET, NUMBERED, TEXT, Block
from secretary.documents.list_marks import Mark
from secretary.documents.text_lines import Line
from secretary.documents.view import Box

LONGEST_BLOCK = 20_000
"""Characters; each line added copies what is there, and a page may have two million."""

_SENTENCE_END = frozenset(".!?:;”»)。！？")  # noqa: RUF001
_WITHIN_WORDS = ("-", "\u2013", "\u2014", "/")
_JOINTS = frozenset(_WITHIN_WORDS) | {"\xad"}
_FIRST_UNSPACED = "\u2e80"
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

    def add(self, line: Line) -> None:
        self.text = joined_text(self.text, line.text, broken=self.lines[-1].broken)
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
        return self.text[-1:] not in _SENTENCE_END

    def block(self) -> Block:
        lines = self.lines
        longest = lines[0] if len(lines) == 1 else max(lines, key=_length)
        bold = lines[0].bold and all(map(_is_bold, lines))
        size = 0.0 if longest.is_spaced else round(longest.size, 1)
        if self.mark is None:
            return Block(TEXT, self.text, size, bold)
        text = self.text[self.mark.length :].lstrip()
        kind = NUMBERED if self.mark.number is not None else BULLET
        return Block(kind, text, size, bold, self.depth, self.mark.text)


_is_bold = attrgetter("bold")


def _length(line: Line) -> int:
    return len(line.text)


def joined_text(before: str, after: str, *, broken: bool) -> str:
    """Two lines as one: without the hyphen where a word was broken, with it where it belongs to the word."""
    end = before[-1:]
    if not broken and end not in _JOINTS and end < _FIRST_UNSPACED:
        return f"{before} {after}"
    if broken:
        return before + after if after[:1].islower() else f"{before}-{after}"
    if before[-1:] in ("-", "\xad") and before[-2:-1].isalpha() and after[:1].islower():
        return before[:-1] + after
    if before[-1:] in _WITHIN_WORDS and before[-2:-1].strip():
        return before + after
    if _UNSPACED.match(before[-1:]) and _UNSPACED.match(after[:1]):
        return before + after
    return f"{before} {after}"
