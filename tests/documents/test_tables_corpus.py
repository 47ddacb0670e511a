"""Tables of real documents held to those that pdfplumber finds in them; skipped where the documents are not."""

from pathlib import Path

import pytest

from secretary.documents.pdfium_pages import PdfiumPages
from secretary.documents.plumber import open_plumber, reading_page

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
# Documents of lines and letters as they should be; in others pdfplumber doubles letters or reads them backwards.
PAGES = [
    ("plumber-background-checks.pdf", 1),
    ("plumber-ag-energy-round-up-2017-02-24.pdf", 1),
    ("plumber-issue-140-example.pdf", 1),
    ("sample-google-doc-document.pdf", 1),
    ("docling-redp5110_sampled.pdf", 8),
    ("docling-2305.03393v1-pg9.pdf", 1),
]

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real documents is not here")


def test_cells_hold_what_pdfplumber_reads_in_them():
    same = total = 0
    for file, number in PAGES:
        for ours, theirs in zip(_ours(file, number), _theirs(file, number), strict=True):
            assert [len(row) for row in ours] == [len(row) for row in theirs]
            for cell, expected in zip(_cells(ours), _cells(theirs), strict=True):
                assert (cell is None) == (expected is None)
                total += 1
                same += _letters(cell) == _letters(expected)
    assert total > 600
    assert same / total >= 0.99


def _ours(file, number):
    pages = PdfiumPages(CORPUS / file, None)
    tables = pages.read(number, grids=True).tables
    pages.close()
    return [table for table in tables if min(len(table), len(table[0])) > 1]


def _theirs(file, number):
    document = open_plumber(CORPUS / file, None)
    with reading_page(document, number) as page:
        tables = page.extract_tables()
    document.close()
    return [table for table in tables if min(len(table), len(table[0])) > 1]


def _cells(rows):
    return [cell for row in rows for cell in row]


def _letters(cell):
    """pdfplumber guesses spaces and line ends from gaps, PDFium from the document; private characters are icons."""
    return "".join(letter for letter in cell or "" if not letter.isspace() and letter < "\U000f0000")
