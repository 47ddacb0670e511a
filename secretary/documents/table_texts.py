"""What stands in the cells of a page's tables, each character in the cell that holds its middle."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from secretary.documents.plain_text import plain
from secretary.documents.table_cells import TableGrid
from secretary.documents.view import Box

_Rows = list[list[str | None]]
_UPRIGHT = 1.5  # points that letters of text running up the page may stand beside each other
_SAME_LINE = 3.0  # points two pieces of one line may differ in height; pdfplumber's own


@dataclass(slots=True)
class _Piece:
    """Characters that follow each other on one line of one cell."""

    height: float
    left: float
    characters: list[str] = field(default_factory=list)
    end: float = 0.0
    """Where its last character begins."""

    def goes_on(self, height: float, left: float, gap: str) -> bool:
        """On the same line; or above or below the last character, where text runs up or down the page."""
        return abs(self.height - height) <= _SAME_LINE or (abs(self.end - left) <= _UPRIGHT and "\n" not in gap)


class TableTexts:
    """Takes characters in the order of the page; `rows` has what each cell got."""

    def __init__(self, grid: TableGrid) -> None:
        self.grid = grid
        self._slots = _slots(grid)
        self._pieces: dict[Box, list[_Piece]] = {}
        self._last: tuple[int, Box] | None = None

    def take(self, number: int, character: str, box: Box, gap: str) -> bool:
        """Whether one of the cells holds it; `gap` is the white space before it. Visible characters are numbered."""
        left, top, right, bottom = box
        height = (top + bottom) / 2
        cell = self._cell((left + right) / 2, height)
        if cell is None:
            return False
        pieces = self._pieces.setdefault(cell, [])
        if self._last != (number - 1, cell) or not pieces[-1].goes_on(height, left, gap):
            pieces.append(_Piece(height, left))
        elif gap:
            pieces[-1].characters.append(" ")
        pieces[-1].characters.append(character)
        pieces[-1].end = left
        self._last = (number, cell)
        return True

    @property
    def has_text(self) -> bool:
        return bool(self._pieces)

    def rows(self) -> _Rows:
        """None where no cell begins, as another spans the place."""
        found = {(cell[1], cell[0]): plain(_text(self._pieces.get(cell, []))) for cell in self.grid.cells}
        return [[found.get((top, left)) for left in self.grid.lefts] for top in self.grid.tops]

    def _cell(self, across: float, height: float) -> Box | None:
        row = bisect_right(self.grid.tops, height) - 1
        column = bisect_right(self.grid.lefts, across) - 1
        cell = self._slots.get((row, column))
        return cell if cell and across < cell[2] and height < cell[3] else None


def _slots(grid: TableGrid) -> dict[tuple[int, int], Box]:
    """The cell at each row and column; one that spans several stands at each of them, but yields to one inside it."""
    slots: dict[tuple[int, int], Box] = {}
    for cell in sorted(grid.cells, key=_area, reverse=True):
        rows = range(bisect_right(grid.tops, cell[1]) - 1, bisect_right(grid.tops, cell[3] - 1e-6))
        columns = range(bisect_right(grid.lefts, cell[0]) - 1, bisect_right(grid.lefts, cell[2] - 1e-6))
        slots.update(((row, column), cell) for row in rows for column in columns)
    return slots


def _area(box: Box) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _text(pieces: list[_Piece]) -> str:
    """Lines from the top down, each from left to right, whatever order the document draws them in."""
    text = ""
    height = None
    for piece in _in_order(pieces):
        if height is not None:
            text += " " if piece.height == height else "\n"
        text += "".join(piece.characters)
        height = piece.height
    return text


def _in_order(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces that nearly share a height are given the first one's."""
    pieces = sorted(pieces, key=lambda piece: piece.height)
    for before, piece in pairwise(pieces):
        if piece.height - before.height <= _SAME_LINE:
            piece.height = before.height
    return sorted(pieces, key=lambda piece: (piece.height, piece.left))
