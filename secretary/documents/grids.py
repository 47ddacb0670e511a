"""Whether lines on a page form a grid of two rows and two columns: only then are its tables looked for."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import itemgetter

from secretary.documents.ruled_lines import RuledLines

_Line = tuple[float, float, float]
_Crossings = dict[int, set[int]]

_START = itemgetter(1)
_NEAR = 3.0  # points; pdfplumber's own tolerance for snapping, joining and crossing
_NEEDED = 3  # lines of each direction around two rows and two columns
_MOST_LINES = 1_000  # of one direction, after joining; more is a drawing and not worth the comparing


def grid_points(lines: RuledLines) -> int:
    """How many crossings the grids on a page have, 0 when nothing there can be a table of two rows and two columns."""
    across, down = joined(lines.horizontal), joined(lines.vertical)
    if min(len(across), len(down)) < _NEEDED:
        return 0
    if max(len(across), len(down)) > _MOST_LINES:
        return len(across) * len(down)
    of_across, of_down = meetings(across, down)
    _drop_loose_ends(of_across, of_down)
    return sum(
        sum(len(of_across[line]) for line in rows)
        for rows, columns in _connected(of_across, of_down)
        if len({across[line][0] for line in rows}) >= _NEEDED and len({down[line][0] for line in columns}) >= _NEEDED
    )


def joined(lines: list[_Line]) -> list[_Line]:
    """Lines that nearly share a position are one; their stretches are joined where they nearly touch."""
    whole: list[_Line] = []
    for position, group in _snapped(lines):
        stretch_start, stretch_end = group[0][1], group[0][2]
        for _, start, end in group[1:]:
            if start <= stretch_end + _NEAR:
                stretch_end = max(stretch_end, end)
            else:
                whole.append((position, stretch_start, stretch_end))
                stretch_start, stretch_end = start, end
        whole.append((position, stretch_start, stretch_end))
    return whole


def _snapped(lines: list[_Line]) -> Iterator[tuple[float, list[_Line]]]:
    """The lines in groups of neighbours, each with its middle position and its lines in order of their starts."""
    group: list[_Line] = []
    for line in sorted(lines):
        if group and line[0] - group[-1][0] > _NEAR:
            yield _middle(group), sorted(group, key=_START)
            group = []
        group.append(line)
    if group:
        yield _middle(group), sorted(group, key=_START)


def _middle(lines: list[_Line]) -> float:
    return sum(position for position, _, _ in lines) / len(lines)


def meetings(across: list[_Line], down: list[_Line]) -> tuple[_Crossings, _Crossings]:
    """For each line the numbers of the lines it meets."""
    of_across: _Crossings = {number: set() for number in range(len(across))}
    of_down: _Crossings = {number: set() for number in range(len(down))}
    places = [position for position, _, _ in down]
    for row, (position, start, end) in enumerate(across):
        for column in range(bisect_left(places, start - _NEAR), bisect_right(places, end + _NEAR)):
            if down[column][1] - _NEAR <= position <= down[column][2] + _NEAR:
                of_across[row].add(column)
                of_down[column].add(row)
    return of_across, of_down


def _drop_loose_ends(of_across: _Crossings, of_down: _Crossings) -> None:
    """A line that meets fewer than two others bounds no cell; without it others may bound none either."""
    dropped = True
    while dropped:
        dropped = _drop_from(of_across, of_down) or _drop_from(of_down, of_across)


def _drop_from(lines: _Crossings, others: _Crossings) -> bool:
    loose = [line for line, met in lines.items() if len(met) < 2]  # noqa: PLR2004
    for line in loose:
        for other in lines.pop(line):
            others[other].discard(line)
    return bool(loose)


def _connected(of_across: _Crossings, of_down: _Crossings) -> Iterator[tuple[set[int], set[int]]]:
    """The separate grids, each as the numbers of its horizontal and of its vertical lines."""
    left = set(of_across)
    while left:
        rows: set[int] = set()
        columns: set[int] = set()
        waiting = {left.pop()}
        while waiting:
            rows |= waiting
            met = set().union(*(of_across[row] for row in waiting)) - columns
            columns |= met
            waiting = set().union(*(of_down[column] for column in met)) - rows
        left -= rows
        yield rows, columns
