"""A page as its reader sees it: turned as the document says, with x to the right and y downwards from the top."""

from dataclasses import dataclass
from typing import Any

from secretary.documents.ruled_lines import RuledLines

Point = tuple[float, float]
Box = tuple[float, float, float, float]

# Where x and y of the page go, as (x of x, x of y, y of x, y of y), by how far the page is turned clockwise.
_TURNS = {0: (1, 0, 0, -1), 90: (0, 1, 1, 0), 180: (-1, 0, 0, 1), 270: (0, -1, -1, 0)}


@dataclass(frozen=True, slots=True)
class View:
    """The turn of a page; boxes are (left, top, right, bottom) as seen."""

    rotation: int = 0

    def point(self, x: float, y: float) -> Point:
        if not self.rotation:
            return (x, -y)
        xx, xy, yx, yy = _TURNS[self.rotation]
        return (xx * x + xy * y, yx * x + yy * y)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        if not self.rotation and x0 <= x1 and y0 <= y1:
            return (x0, -y1, x1, -y0)
        (left, top), (right, bottom) = self.point(x0, y0), self.point(x1, y1)
        return (min(left, right), min(top, bottom), max(left, right), max(top, bottom))

    def lines(self, lines: RuledLines) -> RuledLines:
        seen = RuledLines()
        for position, start, end in lines.horizontal:
            seen.add(*self.point(start, position), *self.point(end, position))
        for position, start, end in lines.vertical:
            seen.add(*self.point(position, start), *self.point(position, end))
        return seen


def view_of(page: Any) -> View:
    return View(page.get_rotation() % 360)
