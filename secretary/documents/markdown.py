"""The Markdown file of a job: a title, then each page's text and tables under a marker with its number."""

from pathlib import Path
from types import TracebackType
from typing import Self

from secretary.results.pdf import PdfTable

_Rows = list[list[str | None]]


class MarkdownFile:
    """Written page by page, so that a long document is never whole in memory."""

    def __init__(self, path: Path, title: str) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(f"# {title}\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._file.close()

    def add_page(self, number: int, text: str, tables: list[PdfTable]) -> None:
        self._file.write(f"\n<!-- page {number} -->\n")
        for part in (text.strip("\n"), *(markdown_table(table.rows) for table in tables)):
            if part:
                self._file.write(f"\n{part}\n")


def markdown_table(rows: _Rows) -> str:
    """The rows as a Markdown table whose head is the first row; short rows are filled up with empty cells."""
    columns = max(map(len, rows), default=0)
    if columns == 0:
        return ""
    lines = [_line([markdown_cell(cell) for cell in row] + [""] * (columns - len(row))) for row in rows]
    return "\n".join([lines[0], _line(["---"] * columns), *lines[1:]])


def markdown_cell(text: str | None) -> str:
    """The text on one line, with what would end the cell escaped."""
    escaped = (text or "").replace("\\", "\\\\").replace("|", "\\|")
    return "<br>".join(line.strip() for line in escaped.splitlines())


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
