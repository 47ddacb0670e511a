"""Reading a long document takes no more memory at its end than at its beginning."""

import psutil

from secretary.documents.pdfium_pages import PdfiumPages
from tests.documents_made import table_pdf


def test_memory_stays_flat_over_350_pages_with_tables(tmp_path):
    tables = [[[f"{page}-{row}-{column}" for column in range(4)] for row in range(20)] for page in range(350)]
    pages = PdfiumPages(table_pdf(tmp_path / "long.pdf", *tables), None)
    process = psutil.Process()
    for number in range(1, 51):
        assert pages.read(number, grids=True).tables == [tables[number - 1]]
    before = process.memory_info().rss
    for number in range(51, 351):
        assert pages.read(number, grids=True).tables == [tables[number - 1]]
    assert process.memory_info().rss - before < 8_000_000
    pages.close()
