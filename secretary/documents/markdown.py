"""The Markdown file of a job: a title, then the blocks of each page under a marker with the page's number."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from secretary.documents.blocks import BULLET, NUMBERED, TABLE, TEXT, Block, Kind
from secretary.documents.headings import Headings
from secretary.documents.markdown_text import cell, heading, paragraph
from secretary.results.pdf import PdfTable

_Rows = list[list[str | None]]
_Page = tuple[int, Sequence[Block], Sequence[PdfTable]]

_ENOUGH_CHARACTERS = 4_000  # to know how large most of a document's letters are
_MOST_WAITING = 10
_MARKER = re.compile(r"<!-- page (\d+) -->")
_ITEMS = (BULLET, NUMBERED)
_INDENT = "    "  # enough for an item in an item, whether bullets or numbers of two digits


class MarkdownFile:
    """Written page by page, so that a long document is never whole in memory; the first pages wait for each other."""

    def __init__(self, path: Path, title: str) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(f"{heading(title, 1)}\n")
        self._headings = Headings()
        self._waiting: list[_Page] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        try:
            if error is None:
                self._write_waiting()
        finally:
            self._file.close()

    def add_page(self, number: int, blocks: Sequence[Block], tables: Sequence[PdfTable]) -> None:
        """Blocks in reading order; those of kind TABLE stand for these tables."""
        self._headings.learn(blocks)
        self._waiting.append((number, blocks, tables))
        if self._headings.characters >= _ENOUGH_CHARACTERS or len(self._waiting) >= _MOST_WAITING:
            self._write_waiting()

    def _write_waiting(self) -> None:
        for number, blocks, tables in self._waiting:
            self._file.write("".join([f"\n{page_marker(number)}\n", *self._parts(blocks, tables)]))
        self._waiting.clear()

    def _parts(self, blocks: Sequence[Block], tables: Sequence[PdfTable]) -> Iterator[str]:
        """Each block with an empty line before it, except between the items of one list."""
        before = TEXT
        for block in blocks:
            level = self._headings.level(block)
            if level:
                before = TEXT
                yield f"\n{heading(f'{block.mark} {block.text}', level)}\n"
                continue
            text = markdown_table(tables[block.table].rows) if block.kind is TABLE else _written(block, before)
            if text:
                is_next_item = block.kind is before and before in _ITEMS
                yield f"{text}\n" if is_next_item else f"\n{text}\n"
                before = block.kind


def page_marker(number: int) -> str:
    """A line that no text of a document can be taken for."""
    return f"<!-- page {number} -->"


def page_of_marker(line: str) -> int | None:
    match = _MARKER.fullmatch(line.rstrip("\n"))
    return int(match[1]) if match else None


def _written(block: Block, before: Kind) -> str:
    if block.kind is TEXT:
        return paragraph(block.text)
    indent = _INDENT * block.depth if before in _ITEMS else ""
    return f"{indent}{block.mark if block.kind is NUMBERED else '-'} {paragraph(block.text)}"


def markdown_table(rows: _Rows) -> str:
    """The rows as a Markdown table whose head is the first row; short rows are filled up with empty cells."""
    columns = max(map(len, rows), default=0)
    if columns == 0:
        return ""
    lines = [_line([cell(text) for text in row] + [""] * (columns - len(row))) for row in rows]
    return "\n".join([lines[0], _line(["---"] * columns), *lines[1:]])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
