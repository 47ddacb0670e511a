"""What stands on a page: its blocks in reading order and its tables, in one pass over PDFium's characters and lines."""

from dataclasses import dataclass, field
from typing import Any

from secretary.documents.blocks import Block, Kind
from secretary.documents.characters import Characters
from secretary.documents.grids import grid_points
from secretary.documents.paragraphs import PlacedBlock, blocks, placed_blocks
from secretary.documents.pdfium import address
from secretary.documents.plain_blocks import text_blocks
from secretary.documents.plain_text import plain
from secretary.documents.ruled_lines import ruled_lines
from secretary.documents.table_cells import TableGrid, TooManyLines, table_grids
from secretary.documents.table_texts import TableTexts
from secretary.documents.text_lines import Line, text_lines
from secretary.documents.view import Box, view_of

_Rows = list[list[str | None]]
_MOST_GRID_POINTS = 10_000  # a hundred rows of a hundred cells; a drawing may have millions
_MOST_LINES = 20_000  # of text; a second's work, and more than any page has that can be read
_BAND = 20.0  # points
_NEAR = 3.0  # points that letters may reach into a table's line
_LOWEST_ROW = 10.0  # points; what has lower rows and not one character is a drawing, such as a logo


@dataclass(frozen=True, slots=True)
class Structure:
    """A block of kind TABLE names one of the tables. Those without text, and of a single row or column, have no block: the
    text in a frame is read better as paragraphs."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[_Rows] = field(default_factory=list)
    is_too_dense: bool = False


def page_structure(page: Any, text_page: Any, *, tables: bool, text: bool = True) -> Structure:
    """What is on the page: with `text` its blocks, with `tables` those."""
    if not (tables or text):
        return Structure()
    characters = Characters(address(text_page), view_of(page), page.get_bbox())
    if characters.text.count("\n") > _MOST_LINES:
        return Structure(text_blocks(plain(characters.text)) if text else [], is_too_dense=tables)
    is_too_dense, found = False, []
    try:
        found = [TableTexts(grid) for grid in (_grids(page) if tables else [])]
    except TooManyLines:
        is_too_dense = True
    if not found:
        return Structure(blocks(text_lines(characters)) if text else [], is_too_dense=is_too_dense)
    taken = _taken(characters, found)
    kept = [table for table in found if table.has_text or not _is_drawing(table.grid)]
    return Structure(
        _blocks_around(kept, text_lines(characters, taken)) if text else [], [table.rows() for table in kept]
    )


def _blocks_around(tables: list[TableTexts], lines: list[Line]) -> list[Block]:
    """The blocks of the lines, and one for each table where it stands between them."""
    placed = placed_blocks(lines)
    for number, table in enumerate(tables):
        if table.has_text and table.grid.is_two_ways:
            placed.insert(_place(table.grid.box, placed), (Block(Kind.TABLE, table=number), table.grid.box))
    return [block for block, _ in placed]


def _grids(page: Any) -> list[TableGrid]:
    """Finding out that there is none takes a tenth of looking for them."""
    lines = ruled_lines(page)
    points = grid_points(lines)
    if points > _MOST_GRID_POINTS:
        raise TooManyLines
    return table_grids(view_of(page).lines(lines)) if points else []


def _taken(characters: Characters, texts: list[TableTexts]) -> list[bool]:
    """For each character whether its place is in a table and not in the text; tables that overlap are all given it."""
    taken: list[bool] = []
    gap = ""
    visible = 0
    at_height = _by_height(texts)
    for index, character in enumerate(characters.text):
        if character.isspace():
            taken.append(bool(taken) and taken[-1])
            gap += character
            continue
        visible += 1
        box = characters.box(index)
        near = at_height.get(_band((box[1] + box[3]) / 2), [])
        takers = [text for text in near if text.take(visible, character, box, gap)]
        taken.append(any(text.grid.is_two_ways for text in takers))
        gap = ""
    return taken


def _by_height(texts: list[TableTexts]) -> dict[int, list[TableTexts]]:
    """The tables at each height, as a page may have a thousand small ones and ten thousand characters."""
    at_height: dict[int, list[TableTexts]] = {}
    for text in texts:
        _, top, _, bottom = text.grid.box
        for band in range(_band(top), _band(bottom) + 1):
            at_height.setdefault(band, []).append(text)
    return at_height


def _band(height: float) -> int:
    return int(height // _BAND)


def _place(table: Box, blocks: list[PlacedBlock]) -> int:
    """Behind the nearest block above the table, else before the first below: documents draw tables early or late."""
    left, top, right, _ = table
    beside = [(box, number) for number, (_, box) in enumerate(blocks) if box[0] < right and box[2] > left]
    above = [(box[3], number) for box, number in beside if box[3] <= top + _NEAR]
    if above:
        return max(above)[1] + 1
    return min((number for _, number in beside), default=len(blocks))


def _is_drawing(grid: TableGrid) -> bool:
    _, top, _, bottom = grid.box
    return (bottom - top) / len(grid.tops) < _LOWEST_ROW
