"""The fenced blocks of a Markdown page: language, file name, text, and why the tests do not run one."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_NOT_RUN: Final = re.compile(r"^(?:#|//|<!--) Not run by the tests: (.{10,})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. Its info string is a language and, for a block that readers save, a file name: "python receiver.py"."""

    page: str
    line: int
    language: str
    file: str | None
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def not_run(self) -> str | None:
        """Why the tests do not run it, which its own first line says to readers, too."""
        first = self.text.partition("\n")[0]
        found = _NOT_RUN.match(first)
        return found[1] if found else None


def blocks_of(text: str, page: str) -> list[Block]:
    """Every fenced block of a page in order; raises ValueError where one is not closed, or of no language."""
    found: list[Block] = []
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        opening = re.match(r"^( {0,3})(`{3,}|~{3,})(.*)$", line)
        if opening is None:
            continue
        indent, fence, info = opening.groups()
        words = info.split()
        if not 1 <= len(words) <= 2:
            raise ValueError(f"{page}:{number}: a block must name its language, and may name a file")
        inside: list[str] = []
        for _, inner in lines:
            if re.match(rf"^ {{0,3}}{re.escape(fence)}{fence[0]}*\s*$", inner):
                break
            inside.append(inner.removeprefix(indent))
        else:
            raise ValueError(f"{page}:{number}: the block is never closed")
        name = words[1] if len(words) > 1 else None
        found.append(Block(page, number, words[0], name, "\n".join(inside) + "\n"))
    return found


def page_blocks(path: Path) -> list[Block]:
    """The blocks of one page of this repository."""
    return blocks_of(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
