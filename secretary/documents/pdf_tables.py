"""Tables of the pages whose lines form a grid, read by pdfplumber: the slowest part of a job."""

from pathlib import Path
from typing import Any

from secretary.documents.plain_text import plain
from secretary.documents.plumber import open_plumber, reading_page
from secretary.results.pdf import PdfTable

_PAGES_AN_OPENING = 20  # pdfminer keeps every object it has met; opening anew keeps memory flat

MAX_GRID_POINTS = 10_000
"""Finding cells takes time with the square of the crossings: 3 s for 10,000, and a drawing has more."""


class TableReader:
    """Tables of one document, page by page."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._path = path
        self._password = password
        self._document: Any = None
        self._pages_read = 0

    def tables(self, number: int) -> list[PdfTable]:
        """Tables of more than one cell, in the order pdfplumber finds them; PageError when the page cannot be read."""
        if self._pages_read >= _PAGES_AN_OPENING:
            self.close()
        if self._document is None:
            self._document = open_plumber(self._path, self._password)
        self._pages_read += 1
        with reading_page(self._document, number) as page:
            found = [
                [[None if cell is None else plain(cell) for cell in row] for row in table]
                for table in page.extract_tables()
            ]
        return [PdfTable(page=number, rows=rows) for rows in found if sum(map(len, rows)) > 1]

    def close(self) -> None:
        if self._document is not None:
            self._document.close()
        self._document, self._pages_read = None, 0
