"""A page as its reader sees it: turned as the document says, with x to the right and y downwards from the top."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from secretary.documents.ruled_lines import RuledLines

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Numbers = Iterable[float]

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

    def boxes(self, x0: Numbers, y0: Numbers, x1: Numbers, y1: Numbers) -> list[Box]:
        """The same of many, which a page has."""
        sides = zip(x0, y0, x1, y1, strict=True)
        if self.rotation:
            return [self.box(*four) for four in sides]
        return [
            (left, -top, right, -bottom) if left <= right and bottom <= top else self.box(left, bottom, right, top)
            for left, bottom, right, top in sides
        ]

    def heights(self, x: Numbers, y: Numbers) -> list[float]:
        """How far down each point is."""
        if self.rotation:
            return [self.point(*place)[1] for place in zip(x, y, strict=True)]
        return [-up for up in y]

    def are_level(self, x: Numbers, y: Numbers) -> list[bool]:
        """Whether each step goes along rather than up or down."""
        across, up = (y, x) if self.rotation in (90, 270) else (x, y)
        return [abs(along) >= abs(down) for along, down in zip(across, up, strict=True)]

    def lines(self, lines: RuledLines) -> RuledLines:
        seen = RuledLines()
        for position, start, end in lines.horizontal:
            seen.add(*self.point(start, position), *self.point(end, position))
        for position, start, end in lines.vertical:
            seen.add(*self.point(position, start), *self.point(position, end))
        return seen


def view_of(page: Any) -> View:
    return View(page.get_rotation() % 360)
