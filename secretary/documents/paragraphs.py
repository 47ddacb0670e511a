"""Lines put together again: what was one paragraph or one list item before it was laid out on a page."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from secretary.documents.blocks import Block, Kind
from secretary.documents.list_marks import Mark, mark_of
from secretary.documents.text_lines import Line
from secretary.documents.view import Box

PlacedBlock = tuple[Block, Box]

_SENTENCE_END = (".", "!", "?", ":", ";", "”", "»", ")")
_USUAL_PITCH = 1.2  # of the size of letters, from line to line
_WIDEST_PITCH = 3.0
_DEEPEST = 5
_SHORTEST_ROW = 8  # characters
_WIDEST_LETTER = 0.75  # of the size of letters, on average over a line


@dataclass(slots=True)
class _Open:
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

    def block(self) -> Block:
        longest = max(self.lines, key=lambda line: len(line.text))
        bold = all(line.bold for line in self.lines)
        if self.mark is None:
            return Block(Kind.TEXT, self.text, round(longest.size, 1), bold)
        text = self.text[self.mark.length :].lstrip()
        kind = Kind.NUMBERED if self.mark.number is not None else Kind.BULLET
        return Block(kind, text, round(longest.size, 1), bold, self.depth, self.mark.text)


def placed_blocks(lines: Iterable[Line]) -> list[PlacedBlock]:
    """Blocks in the order of the lines, with the room they take."""
    rows = _rows(lines)
    layout = _Layout(rows)
    opened: list[_Open] = []
    lefts: list[float] = []
    for row in rows:
        if opened and layout.goes_on(opened[-1], row):
            opened[-1].add(row)
        else:
            opened.append(_opened(row, lefts))
    return [(each.block(), each.box) for each in opened]


def joined_text(before: str, after: str, *, broken: bool) -> str:
    """Two lines as one: without the hyphen where a word was broken, with it where it belongs to the word."""
    if broken:
        return before + after if after[:1].islower() else f"{before}-{after}"
    if before[-1:] in ("-", "\xad") and before[-2:-1].isalpha() and after[:1].islower():
        return before[:-1] + after
    return f"{before} {after}"


def _opened(line: Line, lefts: list[float]) -> _Open:
    """A new block; `lefts` are those of the list items it may be nested in."""
    mark = mark_of(line.text)
    if mark is None:
        lefts.clear()
        return _Open([line])
    while lefts and lefts[-1] > line.left - line.em / 2:
        lefts.pop()
    lefts.append(line.left)
    return _Open([line], mark, min(len(lefts) - 1, _DEEPEST))


def _rows(lines: Iterable[Line]) -> list[Line]:
    """Pieces that stand side by side are one line: a list's mark and its text, a letter and what is set above it."""
    rows: list[Line] = []
    for line in lines:
        if rows and _side_by_side(rows[-1], line):
            rows[-1] = _as_one(rows[-1], line)
        else:
            rows.append(line)
    return rows


def _side_by_side(before: Line, after: Line) -> bool:
    em = max(before.em, after.em)
    gap = after.left - before.right
    nearest = 4 * em if mark_of(f"{before.text} x") else 2 * em
    return abs(after.base - before.base) < em / 2 and -em / 2 <= gap <= nearest


def _as_one(before: Line, after: Line) -> Line:
    larger = max(before, after, key=lambda line: len(line.text))
    between = " " if after.left - before.right > larger.em / 10 else ""
    return replace(
        larger,
        text=f"{before.text}{between}{after.text}",
        left=min(before.left, after.left),
        right=max(before.right, after.right),
        bold=before.bold and after.bold,
        broken=after.broken,
    )


class _Layout:
    """How the lines of a page are set, as far as that tells where paragraphs end."""

    def __init__(self, lines: list[Line]) -> None:
        steps = [
            (after.base - before.base) / before.em
            for before, after in pairwise(lines)
            if before.em > 0 and 0 < after.base - before.base < _WIDEST_PITCH * before.em
        ]
        self._pitch = max(median(steps), 1.0) if steps else _USUAL_PITCH
        self._usual_em = median(line.em for line in lines for _ in range(1 + len(line.text) // 10)) if lines else 0.0
        self._ends: dict[int, list[float]] = {}
        for line in lines:
            self._ends.setdefault(_column(line), []).append(line.right)
        for ends in self._ends.values():
            ends.sort()

    def goes_on(self, block: _Open, line: Line) -> bool:
        """Whether the line belongs to the block before it."""
        last = block.last
        if abs(line.em - last.em) > 0.12 * max(line.em, last.em) or _changes_weight(last, line):
            return False
        if last.broken:
            return True
        if _is_spaced(last) or _is_spaced(line):
            return False
        step = line.base - last.base
        if step < -last.em / 2:
            return _is_half_a_sentence(block) and line.text[:1].islower()
        if step > 1.3 * self._pitch * last.em or line.left > last.right or line.right < last.left:
            return False
        return not self._starts_item(block, line) and not self._ended(block, line)

    def _starts_item(self, block: _Open, line: Line) -> bool:
        mark = mark_of(line.text)
        if mark is None:
            return False
        if block.mark is None:
            return not _is_half_a_sentence(block) or (mark.is_sure and line.left > block.last.left)
        return block.mark.is_followed_by(mark) or mark.is_sure or not _is_half_a_sentence(block)

    def _ended(self, block: _Open, line: Line) -> bool:
        last, half = block.last, _is_half_a_sentence(block)
        if block.mark is not None and line.left < block.lines[0].left - last.em / 2:
            return True
        if block.mark is not None and not half and line.left < block.lines[0].left + last.em / 2:
            return True
        if block.mark is None and not half and line.left > last.left + 0.8 * last.em:
            return True
        return last.em <= 1.12 * self._usual_em and self._had_room(last, line)

    def _had_room(self, last: Line, line: Line) -> bool:
        """Whether the line's first word would have fitted behind the last one, so that the line ended on purpose."""
        width = (line.right - line.left) / max(1, len(line.text))
        word = len(line.text.split(" ", 1)[0]) + 1
        return last.right + (word + 1) * width < self._end(last)

    def _end(self, line: Line) -> float:
        """Where lines that begin with this one mostly end: nine of ten are not longer."""
        ends = sorted(end for near in (-1, 0, 1) for end in self._ends.get(_column(line) + near, []))
        return ends[len(ends) * 9 // 10]


def _column(line: Line) -> int:
    return int(line.left // 20)


def _changes_weight(last: Line, line: Line) -> bool:
    """Bold to light in the middle of a full line is a paragraph that begins in bold."""
    return line.bold and not last.bold if last.bold <= line.bold else last.right < line.right - 2 * last.em


def _is_spaced(line: Line) -> bool:
    """Whether there are wide gaps in it: a row of a table that has no lines around its cells."""
    return len(line.text) >= _SHORTEST_ROW and line.right - line.left > _WIDEST_LETTER * line.em * len(line.text)


def _is_half_a_sentence(block: _Open) -> bool:
    return not block.text.endswith(_SENTENCE_END)
