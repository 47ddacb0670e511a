"""The cells that a page's lines enclose, and which of them make a table; what pdfplumber finds, in a hundredth of its time."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from secretary.documents.grids import joined, meetings
from secretary.documents.ruled_lines import RuledLines
from secretary.documents.view import Box

_Line = tuple[float, float, float]
_MOST_LOOKS = 2_000_000  # at corners a cell may have; three seconds, where a table takes some thousands


class TooManyLines(Exception):
    """A drawing and not a table: looking for its cells would take too long."""


@dataclass(frozen=True, slots=True)
class TableGrid:
    """One table: its cells, and the tops of its rows and lefts of its columns in order."""

    cells: frozenset[Box]
    tops: tuple[float, ...]
    lefts: tuple[float, ...]

    @property
    def is_two_ways(self) -> bool:
        return len(self.tops) > 1 and len(self.lefts) > 1

    @property
    def box(self) -> Box:
        return (self.lefts[0], self.tops[0], max(cell[2] for cell in self.cells), max(cell[3] for cell in self.cells))


def table_grids(lines: RuledLines) -> list[TableGrid]:
    """Tables of more than one cell, from the top down; of lines as seen, and TooManyLines where they are too many."""
    groups = [group for group in _connected(list(_cells(lines))) if len(group) > 1]
    return sorted(map(_grid, groups), key=lambda grid: min((cell[1], cell[0]) for cell in grid.cells))


def _grid(cells: list[Box]) -> TableGrid:
    tops, lefts = ({cell[side] for cell in cells} for side in (1, 0))
    return TableGrid(frozenset(cells), tuple(sorted(tops)), tuple(sorted(lefts)))


def _cells(lines: RuledLines) -> Iterator[Box]:
    """For each crossing the smallest cell that has it as its top left corner."""
    across, down = joined(lines.horizontal), joined(lines.vertical)
    of_across, of_down = meetings(across, down)
    looks = count()
    right_of = {row: sorted(met, key=lambda column: down[column][0]) for row, met in of_across.items()}
    below = {column: sorted(met, key=lambda row: across[row][0]) for column, met in of_down.items()}
    for row, columns in right_of.items():
        for column in columns:
            rights = _after(columns, down, column)
            for lower in _after(below[column], across, row):
                right = next((each for each in rights if next(looks) >= 0 and each in of_across[lower]), None)
                if right is not None:
                    yield (down[column][0], across[row][0], down[right][0], across[lower][0])
                    break
            if next(looks) > _MOST_LOOKS:
                raise TooManyLines


def _after(numbers: list[int], lines: list[_Line], number: int) -> list[int]:
    """Those of the lines, in order of position, that lie beyond this one."""
    return numbers[bisect_right(numbers, lines[number][0], key=lambda each: lines[each][0]) :]


def _connected(cells: list[Box]) -> list[list[Box]]:
    """Cells that share a corner, directly or through others, belong together."""
    at_corner: dict[tuple[float, float], list[int]] = {}
    for number, cell in enumerate(cells):
        for corner in _corners(cell):
            at_corner.setdefault(corner, []).append(number)
    groups = []
    left = dict.fromkeys(range(len(cells)))
    while left:
        waiting, group = [left.popitem()[0]], []
        while waiting:
            number = waiting.pop()
            group.append(number)
            met = {other for corner in _corners(cells[number]) for other in at_corner[corner] if other in left}
            for other in met:
                del left[other]
            waiting += met
        groups.append([cells[number] for number in sorted(group)])
    return groups


def _corners(cell: Box) -> tuple[tuple[float, float], ...]:
    left, top, right, bottom = cell
    return ((left, top), (left, bottom), (right, top), (right, bottom))
