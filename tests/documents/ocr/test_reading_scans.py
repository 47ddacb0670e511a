"""Scans are read letter for letter: upright, skewed and turned, in columns, in small type, in English and German."""

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from secretary.documents.page_text import PageText, PageTextReader
from secretary.documents.pdfium_pages import PdfiumPages
from secretary.parameters import ExtractionMethod
from tests.documents.ocr.printed import (
    ENGLISH,
    GERMAN,
    error_rate,
    in_two_columns,
    printed,
    scan_of,
    skewed,
)
from tests.documents_made import sized_pdf

pytestmark = pytest.mark.usefixtures("tesseract")

ALLOWED = 0.005


@pytest.fixture(scope="module")
def reader() -> Any:
    with closing(PageTextReader(ExtractionMethod.OCR, None, None)) as reader:
        yield reader


def read(reader: PageTextReader, path: Path) -> PageText:
    with closing(PdfiumPages(path, None)) as pages:
        return reader.read(pages, 1, pages.read(1, grids=False).text)


@pytest.mark.parametrize("degrees", [0, 0.7, -1.0])
@pytest.mark.parametrize("known", [ENGLISH, GERMAN], ids=["English", "German"])
def test_a_clean_or_lightly_skewed_scan_is_read_to_the_letter(
    tmp_path: Path, reader: PageTextReader, known: str, degrees: float
) -> None:
    page = read(reader, scan_of(tmp_path / "scan.pdf", skewed(printed(known), degrees)))
    assert error_rate(page.text, known) <= ALLOWED
    assert (page.method, page.dpi, page.reason) == ("ocr", 200, None)
    assert page.engine is not None
    assert page.engine.startswith("tesseract ")
    assert page.confidence is not None
    assert 0.85 < page.confidence <= 1


@pytest.mark.parametrize("language", [["de"], ["en", "de"], ["ger"]])
def test_german_umlauts_are_right(tmp_path: Path, language: list[str]) -> None:
    with closing(PageTextReader(ExtractionMethod.OCR, language, None)) as reader:
        page = read(reader, scan_of(tmp_path / "scan.pdf", printed(GERMAN)))
    umlauts = set("äöüÄÖÜß")
    assert Counter(letter for letter in page.text if letter in umlauts) == Counter(
        letter for letter in GERMAN if letter in umlauts
    )


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_scanned_on_its_side_or_upside_down_is_read(
    tmp_path: Path, reader: PageTextReader, degrees: int
) -> None:
    page = read(reader, scan_of(tmp_path / "scan.pdf", printed(GERMAN).rotate(degrees, expand=True)))
    assert error_rate(page.text, GERMAN) <= ALLOWED
    # Turned counterclockwise by Pillow, so it has to be turned clockwise as far.
    assert page.reason == f"turned by {degrees} degrees"


def test_columns_are_read_one_after_the_other(tmp_path: Path, reader: PageTextReader) -> None:
    left = "\n".join(line[:44].rsplit(" ", 1)[0] for line in ENGLISH.splitlines() * 2)
    right = "\n".join(line[:44].rsplit(" ", 1)[0] for line in GERMAN.splitlines() * 2)
    page = read(reader, scan_of(tmp_path / "scan.pdf", in_two_columns(left, right)))
    assert error_rate(page.text, f"Minutes of the Council {left} {right}") <= ALLOWED


def test_small_and_coarse_type_is_read_from_a_finer_picture(tmp_path: Path, reader: PageTextReader) -> None:
    page = read(reader, scan_of(tmp_path / "scan.pdf", printed(ENGLISH, points=5.5, dpi=110), dpi=110))
    assert error_rate(page.text, ENGLISH) <= 0.03
    assert page.dpi == 300


def test_an_empty_page_has_no_text_and_no_confidence(tmp_path: Path, reader: PageTextReader) -> None:
    page = read(reader, scan_of(tmp_path / "scan.pdf", printed("")))
    assert (page.text, page.confidence, page.reason) == ("", 0.0, None)


def test_a_giant_page_is_drawn_coarser(tmp_path: Path) -> None:
    with closing(PdfiumPages(sized_pdf(tmp_path / "poster.pdf", (9_999, 9_999)), None)) as pages:
        drawn, dpi = pages.gray(1, 300)
    assert drawn.size == (4_000, 4_000)
    assert dpi == 29
