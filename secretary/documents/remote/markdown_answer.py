"""The Markdown a remote service wrote for a page, as what a job keeps of a page: plain text, blocks, tables."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from secretary.documents.blocks import Block, Kind
from secretary.documents.plain_text import plain

_PICTURE: Final = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ITEM: Final = re.compile(r"(\s*)(?:[-*+]|(\d{1,9}[.)]))\s+(.*)")
_ROW: Final = re.compile(r"\s*\|(.*)\|\s*$")
_RULE: Final = re.compile(r"[\s|:-]*-[\s|:-]*")
_CELL: Final = re.compile(r"(?<!\\)\|")
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$])")
_BREAK: Final = re.compile(r"<br\s*/?>")
# Letters as large as a printer would take: headings are told from text by their size, wherever the text comes from.
_BODY_SIZE: Final = 10.0
_HEADING_SIZES: Final = (24.0, 19.0, 16.0, 14.0, 13.0, 12.5)

_FEWEST_LINES: Final = 2  # a head and the rule under it

Rows = list[list[str | None]]


@dataclass(slots=True)
class Answer:
    """One page."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[Rows] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(filter(None, map(self._plain, self.blocks)))

    def _plain(self, block: Block) -> str:
        if block.kind is Kind.TABLE:
            return "\n".join("\t".join(cell or "" for cell in row) for row in self.tables[block.table])
        mark = {Kind.BULLET: "- ", Kind.NUMBERED: f"{block.mark} "}.get(block.kind, "")
        return f"{mark}{block.text}"


def read_answer(markdown: str) -> Answer:
    answer = Answer()
    paragraph: list[str] = []
    lines = deque(_PICTURE.sub("", plain(markdown)).splitlines())
    while lines:
        found = _table(lines, answer) or _special(lines[0])
        line = lines.popleft().strip()
        if found is None and line:
            paragraph.append(line)
            continue
        answer.blocks += [*_paragraph(paragraph), *([found] if found else [])]
        paragraph.clear()
    answer.blocks += _paragraph(paragraph)
    return answer


def _paragraph(lines: list[str]) -> list[Block]:
    return [Block(Kind.TEXT, _inline(" ".join(lines)), size=_BODY_SIZE)] if lines else []


def _special(line: str) -> Block | None:
    """A heading or an item of a list."""
    if heading := _HEADING.match(line):
        size = _HEADING_SIZES[len(heading[1]) - 1]
        return Block(Kind.TEXT, _inline(heading[2]), size=size, bold=True)
    if item := _ITEM.match(line):
        kind = Kind.NUMBERED if item[2] else Kind.BULLET
        return Block(kind, _inline(item[3]), size=_BODY_SIZE, depth=min(len(item[1]) // 2, 1), mark=item[2] or "")
    return None


def _table(lines: deque[str], answer: Answer) -> Block | None:
    """The table that begins at the first line; of its lines only the last is left there."""
    if len(lines) < _FEWEST_LINES or not _ROW.match(lines[0]) or not _RULE.fullmatch(lines[1]):
        return None
    rows = [_cells(lines.popleft())]
    while len(lines) > 1 and _ROW.match(lines[1]):
        lines.popleft()
        rows.append(_cells(lines[0]))
    answer.tables.append(rows)
    return Block(Kind.TABLE, table=len(answer.tables) - 1)


def _cells(line: str) -> list[str | None]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [_inline(cell) for cell in _CELL.split(inner)]


def _inline(text: str) -> str:
    text = _STRONG.sub(r"\2", _BREAK.sub("\n", text))
    return _ESCAPED.sub(r"\1", text).strip()
