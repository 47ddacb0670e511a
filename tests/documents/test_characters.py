"""Many characters asked about at once, against each asked about alone, on pages turned each way."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from secretary.documents.characters import Characters
from secretary.documents.pdfium import address, pdfium
from secretary.documents.text_page import text_page_of
from secretary.documents.view import view_of

TURNS = (0, 90, 180, 270)


@contextmanager
def characters_of(path: Path, turn: int) -> Iterator[Characters]:
    canvas = Canvas(str(path))
    canvas.setPageRotation(turn)
    for line in range(12):
        canvas.setFont("Helvetica-Bold" if line % 2 else "Helvetica", 9 + line)
        canvas.drawString(60, 700 - 40 * line, f"line number {line} of a page that is turned")
    canvas.save()
    with pdfium.PdfDocument(path) as document:
        page = document[0]
        with text_page_of(page) as text_page:
            yield Characters(address(text_page), view_of(page), page.get_bbox())
        page.close()


@pytest.mark.parametrize("turn", TURNS)
def test_boxes_of_many_are_those_of_each(tmp_path: Path, turn: int) -> None:
    with characters_of(tmp_path / "a.pdf", turn) as characters:
        indexes = range(len(characters.text))
        assert len(indexes) > 2 * 200, "more than are asked about in one go"
        assert characters.boxes(indexes) == [characters.box(index) for index in indexes]


@pytest.mark.parametrize("turn", TURNS)
def test_letters_of_each_line_have_its_size_font_and_base(tmp_path: Path, turn: int) -> None:
    with characters_of(tmp_path / "a.pdf", turn) as characters:
        first = [characters.text.index(f"line number {line} ") for line in range(12)]
        drawn_with = characters.drawn_with(first)
        letters = characters.letters(first, drawn_with)
        assert [round(size, 3) for size, _, _ in letters] == [9 + line for line in range(12)]
        assert {is_telling for _, is_telling, _ in letters} == {turn in (0, 180)}
        assert [is_bold for _, _, is_bold in letters] == [bool(line % 2) for line in range(12)]
        bases = characters.bases(first)
        steps = {round(after - before, 3) for before, after in pairwise(bases)}
        assert steps == {{0: 40.0, 90: 0.0, 180: -40.0, 270: 0.0}[turn]}


def test_nothing_is_known_of_no_character(tmp_path: Path) -> None:
    with characters_of(tmp_path / "a.pdf", 0) as characters:
        assert characters.boxes([]) == characters.bases([]) == characters.drawn_with([]) == []
