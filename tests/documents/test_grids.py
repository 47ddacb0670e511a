"""Which pages are worth searching for tables."""

import pypdfium2 as pdfium
import pytest
from reportlab.pdfgen.canvas import Canvas

from secretary.documents.grids import grid_points
from secretary.documents.ruled_lines import RuledLines, ruled_lines


def test_a_grid_of_two_rows_and_columns_counts_its_crossings():
    assert grid_points(_lines(across=[0, 20, 40], down=[0, 50, 100])) == 9


def test_a_single_row_or_column_is_no_grid():
    assert grid_points(_lines(across=[0, 20], down=[0, 50, 100])) == 0
    assert grid_points(_lines(across=[0, 20, 40], down=[0, 50])) == 0


def test_lines_that_do_not_cross_are_no_grid():
    lines = RuledLines()
    for place in (0, 20, 40):
        lines.add(0, place, 100, place)
        lines.add(200 + place, 0, 200 + place, 100)
    assert grid_points(lines) == 0


def test_separate_boxes_are_no_grid():
    lines = RuledLines()
    for place in (0, 100, 200):
        for x0, y0, x1, y1 in ((0, 0, 50, 0), (0, 20, 50, 20), (0, 0, 0, 20), (50, 0, 50, 20)):
            lines.add(place + x0, place + y0, place + x1, place + y1)
    assert grid_points(lines) == 0


def test_lines_drawn_in_pieces_and_twice_are_one_line():
    lines = RuledLines()
    for place in (0, 20, 40):
        for start in (0, 51):
            lines.add(start, place, start + 49, place)
            lines.add(start, place + 1, start + 49, place + 1)
        lines.add(place * 2, 0, place * 2, 40)
    assert grid_points(lines) == 9


def test_slanting_and_short_lines_do_not_count():
    lines = RuledLines()
    lines.add(0, 0, 100, 5)
    lines.add(0, 0, 2, 0)
    assert (lines.horizontal, lines.vertical) == ([], [])


def test_more_lines_than_any_table_has_are_counted_roughly():
    assert grid_points(_lines(across=range(0, 20_000, 10), down=range(0, 20_000, 10))) == 4_000_000


@pytest.mark.parametrize("drawn", ["lines", "one path", "boxes", "thin bars", "within a form"])
def test_a_grid_is_seen_however_it_is_drawn(tmp_path, drawn):
    canvas = Canvas(str(tmp_path / "grid.pdf"))
    _DRAWINGS[drawn](canvas)
    canvas.save()
    document = pdfium.PdfDocument(tmp_path / "grid.pdf")
    assert grid_points(ruled_lines(document[0])) == 9
    document.close()


def test_a_grid_outside_the_crop_box_is_not_seen(tmp_path):
    canvas = Canvas(str(tmp_path / "grid.pdf"), cropBox=(300, 300, 500, 500))
    _as_lines(canvas)
    canvas.save()
    document = pdfium.PdfDocument(tmp_path / "grid.pdf")
    assert grid_points(ruled_lines(document[0])) == 0
    document.close()


def _lines(across, down):
    lines = RuledLines()
    for place in across:
        lines.add(down[0], place, down[-1], place)
    for place in down:
        lines.add(place, across[0], place, across[-1])
    return lines


def _as_lines(canvas):
    for place in (100, 120, 140):
        canvas.line(100, place, 140, place)
        canvas.line(place, 100, place, 140)


def _as_one_path(canvas):
    path = canvas.beginPath()
    for place in (100, 120, 140):
        path.moveTo(100, place)
        path.lineTo(140, place)
        path.moveTo(place, 100)
        path.lineTo(place, 140)
    canvas.drawPath(path)


def _as_boxes(canvas):
    for x in (100, 120):
        for y in (100, 120):
            canvas.rect(x, y, 20, 20)


def _as_thin_bars(canvas):
    for place in (100, 120, 140):
        canvas.rect(100, place, 40, 1, stroke=0, fill=1)
        canvas.rect(place, 100, 1, 40, stroke=0, fill=1)


def _within_a_form(canvas):
    canvas.beginForm("grid")
    _as_lines(canvas)
    canvas.endForm()
    canvas.translate(50, 50)
    canvas.scale(2, 2)
    canvas.doForm("grid")


_DRAWINGS = {
    "lines": _as_lines,
    "one path": _as_one_path,
    "boxes": _as_boxes,
    "thin bars": _as_thin_bars,
    "within a form": _within_a_form,
}
