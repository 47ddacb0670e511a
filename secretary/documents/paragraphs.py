"""Lines put together again: what was one paragraph or one list item before it was laid out on a page."""

from collections.abc import Iterable
from dataclasses import replace

from secretary.documents.blocks import Block
from secretary.documents.layout import Layout
from secretary.documents.list_marks import mark_of
from secretary.documents.open_blocks import OpenBlock
from secretary.documents.text_lines import Line
from secretary.documents.view import Box

PlacedBlock = tuple[Block, Box]

_DEEPEST = 5


def placed_blocks(lines: Iterable[Line]) -> list[PlacedBlock]:
    """Blocks in the order of the lines, with the room they take."""
    return [(each.block(), each.box) for each in _opened_blocks(lines)]


def blocks(lines: Iterable[Line]) -> list[Block]:
    """The same without the room, where nothing has to be put between them."""
    return [each.block() for each in _opened_blocks(lines)]


def _opened_blocks(lines: Iterable[Line]) -> list[OpenBlock]:
    rows = _rows(lines)
    layout = Layout(rows)
    opened: list[OpenBlock] = []
    lefts: list[float] = []
    for number, row in enumerate(rows):
        if opened and layout.goes_on(opened[-1], number):
            opened[-1].add(row)
        else:
            opened.append(_opened(row, lefts))
    return opened


def _opened(line: Line, lefts: list[float]) -> OpenBlock:
    """A new block; `lefts` are those of the list items it may be nested in."""
    mark = mark_of(line.text)
    if mark is None:
        lefts.clear()
        return OpenBlock([line])
    while lefts and lefts[-1] > line.left - line.em / 2:
        lefts.pop()
    lefts.append(line.left)
    return OpenBlock([line], mark, min(len(lefts) - 1, _DEEPEST))


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
    if abs(after.base - before.base) >= em / 2:
        return False
    gap = after.left - before.right
    if not -em / 2 <= gap <= 4 * em:
        return False
    return gap <= 2 * em or mark_of(f"{before.text} x") is not None


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
