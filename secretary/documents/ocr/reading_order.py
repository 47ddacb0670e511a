"""The order in which lines found on a picture are read: blocks one under the other, columns in a block one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

_COLUMN_GAP: Final = 0.8  # of a line's height; words of one line stand closer
_SAME_LINE: Final = 0.5  # of a line's height
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its place in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    confidence: float


def in_reading_order(lines: Sequence[Line], depth: int = 0) -> list[Line]:
    """Cut at the first gap that runs through the whole height, then at those that run through the whole width, and so on."""
    if len(lines) < 2 or depth > _DEEPEST:  # noqa: PLR2004  # one line has no order
        return list(lines)
    height = median(line.bottom - line.top for line in lines)
    columns = _parts(lines, lambda line: (line.left, line.right), height * _COLUMN_GAP)
    if len(columns) > 1:
        return [line for column in columns for line in in_reading_order(column, depth + 1)]
    blocks = _parts(lines, lambda line: (line.top, line.bottom), 0.0)
    if len(blocks) > 1:
        return _blocks_in_order(blocks, height, depth)
    return sorted(lines, key=lambda line: (round(line.top / max(height * _SAME_LINE, 1.0)), line.left))


def _blocks_in_order(blocks: list[list[Line]], height: float, depth: int) -> list[Line]:
    """A headline over two columns hides their gap, so rows that have the same gap are taken together first."""
    groups: list[list[Line]] = []
    for block in blocks:
        together = [*groups[-1], *block] if groups else block
        if groups and _columns(block, height) == _columns(groups[-1], height) == _columns(together, height):
            groups[-1] = together
        else:
            groups.append(block)
    return [line for group in groups for line in in_reading_order(group, depth + 1)]


def _columns(lines: Sequence[Line], height: float) -> int:
    return len(_parts(lines, lambda line: (line.left, line.right), height * _COLUMN_GAP))


def _parts(lines: Sequence[Line], extent: Callable[[Line], tuple[float, float]], gap: float) -> list[list[Line]]:
    """The lines cut wherever more than `gap` lies between all before and all after."""
    parts: list[list[Line]] = []
    reached = 0.0
    for line in sorted(lines, key=extent):
        start, end = extent(line)
        if parts and start - reached <= gap:
            parts[-1].append(line)
            reached = max(reached, end)
        else:
            parts.append([line])
            reached = end
    return parts
