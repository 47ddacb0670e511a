"""What a page consists of in reading order, for the Markdown file of a job: paragraphs, list items and places of tables."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a block is."""

    TEXT = "text"
    """A paragraph, or a heading where its letters are larger than those of most of the document."""
    BULLET = "bullet"
    """An item of a list, its mark taken off."""
    NUMBERED = "numbered"
    """An item of a numbered list, whose number is `mark`."""
    TABLE = "table"
    """The place of the page's table number `table`; its text stands in no other block."""


TEXT, BULLET, NUMBERED, TABLE = Kind
"""For loops over blocks: to look a member up in its class takes Python 3.11 ten times as long as a name of the module."""


@dataclass(slots=True)
class Block:
    """One block; `size` is that of its letters in points, 0 where nothing says, as in text read by OCR.

    Not to be changed; not frozen either, for the reason lines are not."""

    kind: Kind
    text: str = ""
    size: float = 0.0
    bold: bool = False
    depth: int = 0
    mark: str = ""
    table: int = 0
