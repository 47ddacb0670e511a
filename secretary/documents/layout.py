"""How the lines of a page are set, as far as that tells where its paragraphs end."""

from collections.abc import Sequence
from itertools import pairwise
from math import inf, isfinite
from statistics import median

from secretary.documents.list_marks import mark_of
from secretary.documents.open_blocks import LONGEST_BLOCK, OpenBlock
from secretary.documents.text_lines import Line

_USUAL_PITCH = 1.2  # of the size of letters, from line to line
_WIDEST_PITCH = 3.0
_SAME_SIZE = 1.12
_INDENT = 2.5  # of the size of letters; lines that begin nearer to each other begin alike
_NEIGHBOURS = 4  # lines before and after one that tell where lines of its column end
_FIRST_UNSPACED = "\u2e80"  # from here on scripts break lines at any letter, or nearly any


class Layout:
    """Of the lines of one page, in order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        steps = [
            step / before.em
            for before, after in pairwise(lines)
            if before.em > 0 and 0 < (step := after.base - before.base) < _WIDEST_PITCH * before.em
        ]
        self._farthest_step = 1.3 * (max(median(steps), 1.0) if steps else _USUAL_PITCH)
        self._largest_usual = _SAME_SIZE * _usual_em(lines)
        self._lines = lines
        self._lefts = [line.left for line in lines]
        self._rights = [line.right for line in lines]
        self._is_one_column = _begin_alike(lines, self._lefts)
        self._farthest = max(self._rights, default=0.0)

    def goes_on(self, block: OpenBlock, number: int) -> bool:
        """Whether the line of this number belongs to the block that the line before it is in."""
        last, line = self._lines[number - 1], self._lines[number]
        em = last.em
        looks_different = em != line.em or last.bold != line.bold or em < 0
        if len(block.text) > LONGEST_BLOCK or (looks_different and _changes_letters(last, line)):
            return False
        if last.broken:
            return True
        if last.is_spaced or line.is_spaced:
            return False
        step = line.base - last.base
        if step < -em / 2:
            return block.is_half_a_sentence and line.text[:1].islower()
        if step > self._farthest_step * em or line.left > last.right or line.right < last.left:
            return False
        ended = _begins_anew(block, last, line) or (em <= self._largest_usual and self._had_room(number, line))
        return not ended

    def _had_room(self, number: int, line: Line) -> bool:
        """Whether the line's first word would have fitted behind the last one, so that the line ended on purpose."""
        text = line.text
        space = text.find(" ")
        word = 1 if text[:1] >= _FIRST_UNSPACED else space if space >= 0 else len(text)
        needed = self._rights[number - 1] + (word + 2) * ((line.right - line.left) / (len(text) or 1))
        return needed < self._farthest and needed < self._end(number - 1)

    def _end(self, number: int) -> float:
        """Where the lines around it that begin like it end: at the same place two or more of them do, else the farthest."""
        line = self._lines[number]
        first, behind = max(0, number - _NEIGHBOURS), number + _NEIGHBOURS + 1
        ends = self._rights[first:behind]
        if not self._is_one_column:
            left, room = line.left, _INDENT * line.em
            lefts = self._lefts[first:behind]
            ends = [end for other, end in zip(lefts, ends, strict=True) if -room < other - left < room]
        ends.sort(reverse=True)
        if not ends:
            return line.right
        apart, farther = line.em / 2, inf
        for end in ends:
            if farther - end < apart:
                return farther
            farther = end
        return ends[0]


def _begin_alike(lines: Sequence[Line], lefts: Sequence[float]) -> bool:
    return bool(lines) and isfinite(sum(lefts)) and max(lefts) - min(lefts) < _INDENT * min(line.em for line in lines)


def _usual_em(lines: Sequence[Line]) -> float:
    """The size that half of the text is smaller than; 0 without text."""
    weights: dict[float, int] = {}
    for line in lines:
        weights[line.em] = weights.get(line.em, 0) + 1 + len(line.text) // 10
    half = sum(weights.values()) / 2
    for size in sorted(weights):
        half -= weights[size]
        if half <= 0:
            return size
    return 0.0


def _begins_anew(block: OpenBlock, last: Line, line: Line) -> bool:
    """Whether the line is an item of a list, or does not begin where a line after the end of a sentence would go on."""
    if not line.text[:1].isalpha() and _starts_item(block, line):
        return True
    if block.is_half_a_sentence:
        return False
    if block.mark is not None:
        return line.left < block.lines[0].left + last.em / 2
    return line.left > last.left + 0.8 * last.em


def _starts_item(block: OpenBlock, line: Line) -> bool:
    mark = mark_of(line.text)
    if mark is None:
        return False
    if mark.is_sure or not block.is_half_a_sentence:
        return True
    return block.mark is not None and block.mark.is_followed_by(mark)


def _changes_letters(last: Line, line: Line) -> bool:
    """Other sizes, or bold and light; but bold to light after a full line is a paragraph that begins in bold."""
    if max(line.em, last.em) > _SAME_SIZE * min(line.em, last.em):
        return True
    return line.bold and not last.bold if last.bold <= line.bold else last.right < line.right - 2 * last.em
