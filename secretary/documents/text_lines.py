"""The lines of a page's text with their places and letters, in the order the document draws them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median

from secretary.documents.characters import Characters, Letter
from secretary.documents.plain_text import plain

_BROKEN_WORD = "\x02\ufffe"  # what PDFium makes of a hyphen at the end of a line
_LEADERS = re.compile(r"\.(?: \.){4}|\.{5}|…{3}")
_FEWEST_DOTS = 5
_SHORTEST_ROW = 4  # characters
_FIRST_WIDE = "\u1100"  # Korean, Chinese and Japanese letters are twice as wide
_WIDEST_LETTER = 0.85  # of the size of letters, on average over a line
# Elsewhere than between letters the same characters are glyphs of no known meaning, often the bullets of lists.
_STRETCH = re.compile(rf"(?:[^\r\n{_BROKEN_WORD}]|(?<!\w)[{_BROKEN_WORD}]|[{_BROKEN_WORD}](?!\w))+[{_BROKEN_WORD}]?")
_UNBROKEN_STRETCH = re.compile(r"[^\r\n]+")

_Written = tuple[str, bool, int, int, int]
"""The text of a line, whether its last word is broken, and where its samples stand: the first letter, one in the middle and
the last. Looking at each letter would take ten times as long."""


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
        text = self.text
        width, usual = self.right - self.left, _WIDEST_LETTER * self.em * len(text)
        if width > usual and len(text) >= _SHORTEST_ROW:
            wide = sum(character >= _FIRST_WIDE for character in text)
            self.is_spaced = width > usual + _WIDEST_LETTER * self.em * wide
        else:
            has_dots = "…" in text or text.count(".") >= _FEWEST_DOTS
            self.is_spaced = has_dots and _LEADERS.search(text) is not None


def text_lines(characters: Characters, taken: Sequence[bool] = ()) -> list[Line]:
    """Lines of the characters that are not `taken` by tables, and that are on the page."""
    written = [each for start, stretch in _stretches(characters.text, taken) if (each := _written(start, stretch))]
    return _on_page(characters, written) if written else []


def _stretches(text: str, taken: Sequence[bool]) -> Iterator[tuple[int, str]]:
    """What may be a line, and where it begins; nothing is at the ends of lines."""
    is_broken = any(mark in text for mark in _BROKEN_WORD)
    if not taken and not is_broken:
        start = 0
        for stretch in text.replace("\r", "\n").split("\n"):
            if stretch:
                yield start, stretch
            start += len(stretch) + 1
        return
    for match in (_STRETCH if is_broken else _UNBROKEN_STRETCH).finditer(text):
        for indexes in _free(range(*match.span()), taken):
            yield indexes.start, text[indexes.start : indexes.stop]


def _free(indexes: range, taken: Sequence[bool]) -> Iterator[range]:
    if not taken:
        yield indexes
        return
    for is_taken, group in groupby(indexes, key=taken.__getitem__):
        if not is_taken:
            members = list(group)
            yield range(members[0], members[-1] + 1)


def _written(start: int, stretch: str) -> _Written | None:
    """None where nothing is"""
    text = stretch.strip()
    if "  " in text or not stretch.isprintable():
        text = " ".join(plain(stretch).split())
    if not text:
        return None
    first, last = start, start + len(stretch) - 1
    if text is not stretch:
        first, last = start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip()) - 1
    middle = (first + last - 2 * start) // 2
    middle = last if stretch[middle].isspace() else start + middle
    if stretch[-1] in _BROKEN_WORD and len(text) > 1:
        return text[:-1], True, first, middle, last
    return text, False, first, middle, last


def _on_page(characters: Characters, written: Sequence[_Written]) -> list[Line]:
    texts, broken, firsts, middles, lasts = zip(*written, strict=True)
    first_boxes, last_boxes = characters.boxes(firsts), characters.boxes(lasts)
    letters = _letters(characters, firsts, middles, lasts)
    bases = characters.bases(middles)
    found = zip(texts, broken, first_boxes, last_boxes, bases, letters, strict=True)
    return [
        Line(
            text,
            min(first[0], last[0]),
            max(first[2], last[2]),
            base,
            em or first[3] - first[1],
            em if is_telling else 0.0,
            bold,
            is_broken,
        )
        for text, is_broken, first, last, base, (em, is_telling, bold) in found
        if characters.is_on_page(first) or characters.is_on_page(last)
    ]


def _letters(
    characters: Characters, firsts: Sequence[int], middles: Sequence[int], lasts: Sequence[int]
) -> list[Letter]:
    """How the letters of each line are set. Most lines are drawn in one go and so set alike; of others all samples are looked
    at."""
    drawn_first, drawn, drawn_last = map(characters.drawn_with, (firsts, middles, lasts))
    letters = characters.letters(middles, drawn)
    if drawn_first == drawn == drawn_last:
        return letters
    mixed = [
        number
        for number, (first, middle, last) in enumerate(zip(drawn_first, drawn, drawn_last, strict=True))
        if not first == middle == last
    ]
    sides = [
        characters.letters([indexes[number] for number in mixed], [handles[number] for number in mixed])
        for indexes, handles in ((firsts, drawn_first), (lasts, drawn_last))
    ]
    for number, first, last in zip(mixed, *sides, strict=True):
        size, is_telling, is_bold = letters[number]
        letters[number] = (median([size, first[0], last[0]]), is_telling, is_bold and first[2] and last[2])
    return letters
