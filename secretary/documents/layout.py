"""How the lines of a page are set, as far as that tells where its paragraphs end."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from secretary.documents.list_marks import mark_of
from secretary.documents.open_blocks import LONGEST_BLOCK, OpenBlock
from secretary.documents.text_lines import Line

_USUAL_PITCH = 1.2  # of the size of letters, from line to line
_WIDEST_PITCH = 3.0
_SAME_SIZE = 1.12
_NEIGHBOURS = 4  # lines before and after one that tell where lines of its column end
_FIRST_UNSPACED = "\u2e80"  # from here on scripts break lines at any letter, or nearly any


class Layout:
    """Of the lines of one page, in order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        steps = [
            (after.base - before.base) / before.em
            for before, after in pairwise(lines)
            if before.em > 0 and 0 < after.base - before.base < _WIDEST_PITCH * before.em
        ]
        self._pitch = max(median(steps), 1.0) if steps else _USUAL_PITCH
        self._usual_em = _usual_em(lines)
        self._farthest = max((line.right for line in lines), default=0.0)
        self._lines = lines
        self._numbers = {id(line): number for number, line in enumerate(lines)}

    def goes_on(self, block: OpenBlock, line: Line) -> bool:
        """Whether the line belongs to the block before it."""
        last = block.last
        if len(block.text) > LONGEST_BLOCK or _changes_letters(last, line):
            return False
        if last.broken:
            return True
        if last.is_spaced or line.is_spaced:
            return False
        step = line.base - last.base
        if step < -last.em / 2:
            return block.is_half_a_sentence and line.text[:1].islower()
        if step > 1.3 * self._pitch * last.em or line.left > last.right or line.right < last.left:
            return False
        return not _starts_item(block, line) and not self._ended(block, line)

    def _ended(self, block: OpenBlock, line: Line) -> bool:
        last, first = block.last, block.lines[0]
        if not block.is_half_a_sentence:
            if block.mark is not None and line.left < first.left + last.em / 2:
                return True
            if block.mark is None and line.left > last.left + 0.8 * last.em:
                return True
        return last.em <= _SAME_SIZE * self._usual_em and self._had_room(last, line)

    def _had_room(self, last: Line, line: Line) -> bool:
        """Whether the line's first word would have fitted behind the last one, so that the line ended on purpose."""
        letter = (line.right - line.left) / max(1, len(line.text))
        word = 1 if line.text[:1] >= _FIRST_UNSPACED else len(line.text.split(" ", 1)[0])
        needed = last.right + (word + 2) * letter
        return needed < self._farthest and needed < self._end(last)

    def _end(self, line: Line) -> float:
        """Where the lines around it that begin like it end: at the same place two or more of them do, else the farthest."""
        number = self._numbers.get(id(line), 0)
        near = self._lines[max(0, number - _NEIGHBOURS) : number + _NEIGHBOURS + 1]
        left, room = line.left, 2.5 * line.em
        ends = sorted([other.right for other in near if -room < other.left - left < room], reverse=True)
        for end, next_end in pairwise(ends):
            if end - next_end < line.em / 2:
                return end
        return ends[0] if ends else line.right


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
