"""The lines of a page's text with their places and letters, in the order the document draws them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median

from secretary.documents.characters import Characters
from secretary.documents.plain_text import plain

_BROKEN_WORD = "\x02\ufffe"  # what PDFium makes of a hyphen at the end of a line
_LEADERS = re.compile(r"\.(?: \.){4}|\.{5}|…{3}")
_SHORTEST_ROW = 4  # characters
_FIRST_WIDE = "\u1100"  # Korean, Chinese and Japanese letters are twice as wide
_WIDEST_LETTER = 0.85  # of the size of letters, on average over a line
# Elsewhere than between letters the same characters are glyphs of no known meaning, often the bullets of lists.
_STRETCH = re.compile(rf"(?:[^\r\n{_BROKEN_WORD}]|(?<!\w)[{_BROKEN_WORD}]|[{_BROKEN_WORD}](?!\w))+[{_BROKEN_WORD}]?")
_UNBROKEN_STRETCH = re.compile(r"[^\r\n]+")


@dataclass(slots=True)
class Line:
    """One line as seen; `em` is the size of its letters, and `size` is 0 where that tells nothing of their meaning.

    Not to be changed; not frozen either, as a page of a book has forty and they would take three times as long to make."""

    text: str
    left: float
    right: float
    base: float
    em: float
    size: float = 0.0
    bold: bool = False
    broken: bool = False
    """Whether its last word goes on in the next line; the hyphen is not in the text."""
    is_spaced: bool = field(init=False)
    """Whether there are wide gaps in it: a row of a table without lines, or of a table of contents."""

    def __post_init__(self) -> None:
        self.is_spaced = _is_spaced(self.text, self.right - self.left, self.em)


def _is_spaced(text: str, width: float, em: float) -> bool:
    usual = _WIDEST_LETTER * em * len(text)
    if width > usual and len(text) >= _SHORTEST_ROW:
        wide = sum(character >= _FIRST_WIDE for character in text)
        return width > usual + _WIDEST_LETTER * em * wide
    return _LEADERS.search(text) is not None


def text_lines(characters: Characters, taken: Sequence[bool] = ()) -> Iterator[Line]:
    """Lines of the characters that are not `taken` by tables."""
    is_broken = any(mark in characters.text for mark in _BROKEN_WORD)
    for match in (_STRETCH if is_broken else _UNBROKEN_STRETCH).finditer(characters.text):
        for indexes in _free(range(*match.span()), taken):
            line = _line(characters, indexes)
            if line is not None:
                yield line


def _free(indexes: range, taken: Sequence[bool]) -> Iterator[range]:
    if not taken:
        yield indexes
        return
    for is_taken, group in groupby(indexes, key=taken.__getitem__):
        if not is_taken:
            members = list(group)
            yield range(members[0], members[-1] + 1)


def _line(characters: Characters, indexes: range) -> Line | None:
    """None where nothing is written, or not on the page."""
    written = characters.text[indexes.start : indexes.stop]
    text = " ".join(plain(written).split())
    if not text:
        return None
    samples = _samples(written, indexes.start)
    first, last = characters.box(samples[0]), characters.box(samples[-1])
    if not characters.is_on_page(first) and not characters.is_on_page(last):
        return None
    is_broken = written[-1] in _BROKEN_WORD and len(text) > 1
    em, is_telling = characters.size(samples[1])
    if characters.are_drawn_together(samples):
        # They are set alike, and most lines are drawn in one go.
        bold = characters.is_bold(samples[1])
    else:
        em = median([em, characters.size(samples[0])[0], characters.size(samples[2])[0]])
        bold = all(map(characters.is_bold, samples))
    return Line(
        text=text[:-1] if is_broken else text,
        left=min(first[0], last[0]),
        right=max(first[2], last[2]),
        base=characters.origin(samples[1])[1],
        em=em or first[3] - first[1],
        size=em if is_telling else 0.0,
        bold=bold,
        broken=is_broken,
    )


def _samples(written: str, start: int) -> tuple[int, int, int]:
    """The first letter, one in the middle and the last; looking at each of them would take ten times as long."""
    first, last = len(written) - len(written.lstrip()), len(written.rstrip()) - 1
    middle = (first + last) // 2
    if written[middle].isspace():
        middle = last
    return (start + first, start + middle, start + last)
