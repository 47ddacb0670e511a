"""Writes front matter: what is static as it was written, each value so that the whole stays valid YAML."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from secretary.language.filled import Value
from secretary.language.templates import yaml_scalars
from secretary.language.templates.template import Piece, Placeholder

ValueOf: TypeAlias = Callable[[Placeholder], Value]
Item: TypeAlias = str | Placeholder
"""One character as written, or a placeholder."""

_BLOCK_HEADER: Final = re.compile(r"[|>][+\-1-9]{0,2}[ \t]*(#.*)?")
_LINE_END: Final = re.compile(r"\r\n|\n|\r|\x85|\u2028|\u2029")
_BLANK: Final = " \t\r\n"


def write_front_matter(pieces: Sequence[Piece], value_of: ValueOf) -> str:
    """The entries with their values. `value_of` gives the value of each placeholder."""
    writer = _Writer(value_of)
    for line in _lines(pieces):
        writer.write(line)
    return "".join(writer.out)


def _lines(pieces: Iterable[Piece]) -> Iterator[list[Item]]:
    line: list[Item] = []
    for piece in pieces:
        for item in [piece] if isinstance(piece, Placeholder) else piece:
            line.append(item)
            if item == "\n":
                yield line
                line = []
    if line:
        yield line


class _Writer:
    """Goes from line to line and knows in what kind of YAML text it is."""

    def __init__(self, value_of: ValueOf) -> None:
        self.out: list[str] = []
        self._value_of = value_of
        self._block: int | None = None
        self._quote = ""
        self._depth = 0
        self._line: list[Item] = []
        self._at = 0
        self._indent = 0

    def write(self, line: list[Item]) -> None:
        self._line, self._at = line, 0
        self._indent = next((index for index, item in enumerate(line) if item != " "), len(line))
        if self._block is not None and (self._indent > self._block or self._is_blank(0)):
            self._write_block_line()
            return
        self._block = None
        if not self._quote and not self._depth:
            self._copy_key()
        while self._at < len(line):
            self._step()

    def _write_block_line(self) -> None:
        """A line of a text after `key: |`: it is as it is, so a value's further lines are indented like the first."""
        margin = "\n" + " " * self._indent
        for item in self._line:
            if isinstance(item, Placeholder):
                lines = _LINE_END.split(yaml_scalars.inline(self._value_of(item)).strip(_BLANK))
                item = margin.join(yaml_scalars.printable(line) for line in lines)  # noqa: PLW2901
            self.out.append(item)

    def _copy_key(self) -> None:
        """Indentation, the dashes of list items and `key:`, as they are."""
        self._copy_blanks()
        while self._peek() == "-" and self._is_blank(self._at + 1, 1):
            self._copy(1)
            self._copy_blanks()
        end = self._key_end()
        if end:
            self._copy(end - self._at)
            if isinstance(self._peek(), Placeholder):
                self.out.append(" ")
            self._copy_blanks()

    def _key_end(self) -> int:
        """Behind the colon of `key:`, or 0."""
        opening = self._peek()
        if opening == "#" or (isinstance(opening, str) and opening in "[{"):
            return 0
        quote = opening if isinstance(opening, str) and opening in "\"'" else ""
        for index in range(self._at + len(quote), len(self._line)):
            item = self._line[index]
            if isinstance(item, Placeholder):
                return 0
            if quote and item == quote:
                quote = ""
            elif not quote and item == ":" and self._ends_key(index + 1):
                return index + 1
        return 0

    def _ends_key(self, index: int) -> bool:
        return self._is_blank(index, 1) or isinstance(self._line[index], Placeholder)

    def _step(self) -> None:
        item = self._line[self._at]
        if self._quote:
            self._step_in_quotes(item)
        elif isinstance(item, Placeholder):
            self._write_scalar()
        elif item in _BLANK:
            self._copy(1)
        elif item in "\"'":
            self._quote = item
            self._copy(1)
        elif item in "[{" or (self._depth and item in "]},:"):
            self._depth = max(0, self._depth + (item in "[{") - (item in "]}"))
            self._copy(1)
        elif item == "#":
            self._write_comment()
        elif not self._depth and item in "|>" and _BLOCK_HEADER.fullmatch(self._rest()):
            self._block = self._indent
            self._copy(len(self._line) - self._at)
        else:
            self._write_scalar()

    def _step_in_quotes(self, item: Item) -> None:
        if isinstance(item, Placeholder):
            self.out.append(self._within_quotes(yaml_scalars.inline(self._value_of(item))))
            self._at += 1
        elif (item == "\\" and self._quote == '"') or (item == self._quote == "'" and self._peek(1) == "'"):
            self._copy(2 if isinstance(self._peek(1), str) else 1)
        else:
            self._quote = "" if item == self._quote else self._quote
            self._copy(1)

    def _within_quotes(self, text: str) -> str:
        if self._quote == '"':
            return yaml_scalars.escaped(text)
        # Between single quotes there are no escapes, and one end of line is read as a blank, two as one end of line, three as two.
        first, *others = map(yaml_scalars.printable, _LINE_END.split(text.replace("'", "''")))
        written, margin, is_run = first, " " * (self._indent + 2), False
        for line in others:
            written = written + ("\n" if is_run else "\n\n") + (margin + line if line.strip() else "")
            is_run = not line.strip()
        return written + (margin if is_run else "")

    def _write_comment(self) -> None:
        for item in self._line[self._at :]:
            if isinstance(item, Placeholder):
                text = yaml_scalars.inline(self._value_of(item))
                self.out.append(yaml_scalars.printable(_LINE_END.sub(" ", text)))
            else:
                self.out.append(item)
        self._at = len(self._line)

    def _write_scalar(self) -> None:
        """A text without quotes: as it is when nothing is put into it, otherwise quoted when it has to be."""
        end = self._scalar_end()
        items, self._at = self._line[self._at : end], end
        flow = self._depth > 0
        if len(items) == 1 and isinstance(items[0], Placeholder):
            self.out.append(yaml_scalars.scalar(self._value_of(items[0]), flow=flow))
            return
        texts = (yaml_scalars.inline(self._value_of(item)) if isinstance(item, Placeholder) else item for item in items)
        text = "".join(texts)
        is_static = all(isinstance(item, str) for item in items)
        self.out.append(text if is_static else yaml_scalars.written(text, flow=flow))

    def _scalar_end(self) -> int:
        end = index = self._at
        while index < len(self._line):
            item = self._line[index]
            if item in ("\n", "\r") or (item == "#" and index > end):
                break
            if self._depth and (item in (",", "[", "]", "{", "}") or (item == ":" and self._is_blank(index + 1, 1))):
                break
            index += 1
            end = end if item in (" ", "\t") else index
        return max(end, self._at + 1)

    def _peek(self, ahead: int = 0) -> Item:
        index = self._at + ahead
        return self._line[index] if index < len(self._line) else "\n"

    def _rest(self) -> str:
        return "".join(item if isinstance(item, str) else "{}" for item in self._line[self._at :]).rstrip("\r\n")

    def _is_blank(self, index: int, count: int | None = None) -> bool:
        """Whether `count` items from `index` on are blank, or all of them; the end of the line is."""
        items = self._line[index:] if count is None else self._line[index : index + count]
        return all(isinstance(item, str) and item in _BLANK for item in items)

    def _copy_blanks(self) -> None:
        while self._at < len(self._line) and self._peek() in (" ", "\t"):
            self._copy(1)

    def _copy(self, count: int) -> None:
        self.out += [item for item in self._line[self._at : self._at + count] if isinstance(item, str)]
        self._at += count
