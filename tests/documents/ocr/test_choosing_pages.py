"""`combined` reads by OCR what needs it, keeps the result where it is better, and says why."""

from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from secretary.documents.page_signals import PageSignals, judge, native_words
from secretary.documents.page_text import PageText, PageTextReader
from secretary.documents.pdfium_pages import PdfiumPages
from secretary.parameters import ExtractionMethod
from tests.documents.ocr.printed import ENGLISH, error_rate, printed, scan_of
from tests.documents_made import text_pdf

PROSE = "\n".join(["The quick brown fox jumps over the lazy dog."] * 3)


@pytest.mark.parametrize(
    ("text", "signals", "needs_ocr", "reason"),
    [
        ("", PageSignals(1.0), True, "no text and a picture covers 100% of the page"),
        ("Page 4", PageSignals(0.3), True, "5 characters and a picture covers 30% of the page"),
        ("", PageSignals(0.04), False, "no text, and nothing on the page that could be read by OCR"),
        ("", PageSignals(0.0, paths=201), True, "no text and 201 drawn paths"),
        ("", PageSignals(0.0, paths=200), False, "no text, and nothing on the page that could be read by OCR"),
        (PROSE, PageSignals(0.2), False, "the page's own text is good"),
        (PROSE, PageSignals(0.9), True, "only 108 characters and a picture covers 90% of the page"),
        (PROSE, PageSignals(0.9, text_is_hidden=True), False, "the page's own text is good"),
        (PROSE * 4, PageSignals(0.9), False, "the page's own text is good"),
        ("Contents " + "........ 7 " * 20, PageSignals(), False, "the page's own text is good"),
        ("!$%&/()=" * 9 + "abc", PageSignals(), True, "only 4% of the text's characters are letters or digits"),
        (PROSE + "\ufffd" * 9, PageSignals(), True, "8% of the text's characters have no meaning"),
    ],
)
def test_the_verdict_follows_the_measured_signals(
    text: str, signals: PageSignals, needs_ocr: bool, reason: str
) -> None:
    verdict = judge(text, signals)
    assert (verdict.needs_ocr, verdict.reason) == (needs_ocr, reason)


def test_only_what_could_be_words_counts_as_words() -> None:
    assert native_words("Three good words") == 3
    assert native_words("!$% \ufffdn\ufffd (%& a1") == 1


def combined(path: Path) -> PageText:
    with (
        closing(PdfiumPages(path, None)) as pages,
        closing(PageTextReader(ExtractionMethod.COMBINED, None, None)) as reader,
    ):
        return reader.read(pages, 1, pages.read(1, grids=False).text)


def test_a_page_with_good_text_is_not_read_by_ocr(tmp_path: Path) -> None:
    page = combined(text_pdf(tmp_path / "text.pdf", PROSE))
    assert page == PageText(1, PROSE, reason="the page's own text is good")


@pytest.mark.usefixtures("tesseract")
def test_a_scan_is_read_by_ocr(tmp_path: Path) -> None:
    page = combined(scan_of(tmp_path / "scan.pdf", printed(ENGLISH)))
    assert (page.method, page.reason) == ("ocr", "no text and a picture covers 100% of the page")
    assert error_rate(page.text, ENGLISH) <= 0.005


@pytest.mark.usefixtures("tesseract")
def test_a_scan_with_a_number_stamped_on_it_is_read_by_ocr(tmp_path: Path) -> None:
    page = combined(stamped(tmp_path / "scan.pdf", "Exhibit 7", mode=0))
    assert page.method == "ocr"
    assert "committee met on Tuesday" in page.text


@pytest.mark.usefixtures("tesseract")
def test_ocr_that_finds_no_more_words_is_not_taken(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "photo.pdf"))
    canvas.drawImage(ImageReader(printed("")), 0, 0, 595, 842)
    canvas.setFillGray(1)
    canvas.drawString(72, 500, "Caption in white")
    canvas.save()
    page = combined(tmp_path / "photo.pdf")
    assert (page.text, page.method) == ("Caption in white", "native")
    assert page.reason == "14 characters and a picture covers 100% of the page; OCR found no more words"


@pytest.mark.usefixtures("tesseract")
def test_ocr_that_is_not_sure_is_not_taken(tmp_path: Path) -> None:
    strokes = Image.effect_noise((1_654, 2_339), 90).point(lambda value: 255 * (value > 110))
    page = combined(scan_of(tmp_path / "noise.pdf", strokes.resize((300, 420)).resize((1_654, 2_339))))
    assert (page.text, page.method) == ("", "native")
    assert page.reason is not None
    assert page.reason.startswith("no text and a picture covers 100% of the page; OCR ")


def test_text_that_a_scanner_laid_behind_the_picture_is_taken_as_it_is(tmp_path: Path) -> None:
    page = combined(stamped(tmp_path / "scan.pdf", PROSE, mode=3))
    assert (page.text, page.method) == (PROSE, "native")


def stamped(path: Path, text: str, *, mode: int) -> Path:
    """A scan with a line of text on it, drawn as PDF's text rendering `mode` says: 3 is invisible."""
    canvas = Canvas(str(path))
    canvas.drawImage(ImageReader(printed(ENGLISH)), 0, 0, 595, 842)
    line = canvas.beginText(72, 40)
    line.setFont("Helvetica", 6)
    line.setTextRenderMode(mode)
    line.textLines(text)
    canvas.drawText(line)
    canvas.save()
    return path
