"""The tables of a job as CSV files, one each, that may be opened in a spreadsheet without running what a document says."""

import csv
import re
from pathlib import Path

from secretary.results.pdf import PdfTable

# What a spreadsheet takes for a formula; a number with its sign is none. OWASP: CSV injection.
_FORMULA = re.compile(r"\s*[=@]|[\t\r]|\s*[+-](?![\s\d.,()%/:-]*$)")


class TableFiles:
    """Numbers the tables of each page: `tables/page-0003-table-1.csv`."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / "tables"

    def add_page(self, number: int, tables: list[PdfTable]) -> None:
        for index, table in enumerate(tables, 1):
            self._folder.mkdir(exist_ok=True)
            write_table(self._folder / f"page-{number:04}-table-{index}.csv", table.rows)


def write_table(path: Path, rows: list[list[str | None]]) -> None:
    """As RFC 4180 says, in UTF-8; a cell that another spans is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([safe_cell(cell or "") for cell in row] for row in rows)


def safe_cell(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
