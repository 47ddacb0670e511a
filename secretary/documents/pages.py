"""What a job asks of an opened document, whichever engine reads it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from secretary.documents.blocks import Block
from secretary.documents.embedded_images import EmbeddedImages, PageImages
from secretary.documents.page_signals import PageSignals
from secretary.errors import ErrorCode

MAX_PAGE_CHARACTERS = 2_000_000


MaterialKind = Literal["pdf", "jpeg"]
UNREADABLE = "not readable, left out of the results"


class PageError(Exception):
    """One page cannot be read or drawn; the rest of the document may be fine. `sentence` is what the job's owner reads of it."""

    code: ClassVar[ErrorCode] = ErrorCode.INVALID_FILE
    sentence: ClassVar[str] = UNREADABLE


class PageNeedsOcr(PageError):
    """The page has no text that is worth keeping, and this server no OCR."""

    code = ErrorCode.OCR_UNAVAILABLE
    sentence = "needs OCR, which this server does not have"


@dataclass(frozen=True, slots=True)
class PageReading:
    """A page's text as it is, the same text in blocks if they were asked for, and its tables as rows of cells, which the blocks
    do not repeat."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    tables: list[list[list[str | None]]] = field(default_factory=list)
    is_cut: bool = False
    is_too_dense: bool = False
    """There are so many lines that no tables were looked for."""


@dataclass(frozen=True, slots=True)
class DocumentInformation:
    """What the document says of itself, under PDF's own names such as `Title` and `CreationDate`."""

    entries: dict[str, str] = field(default_factory=dict)
    pdf_version: str | None = None
    encrypted: bool = False


class Pages(Protocol):
    """An opened document; page numbers count from 1."""

    repaired: bool

    @property
    def page_count(self) -> int: ...

    def information(self) -> DocumentInformation: ...

    def read(self, number: int, *, grids: bool, blocks: bool = True) -> PageReading:
        """The page's text, with `grids` its tables and with `blocks` its blocks; PageError when it cannot be read."""

    def draw(self, number: int, image: Path, preview: Path) -> None:
        """Write a JPEG of the page and a small one; PageError when it cannot be drawn."""

    def embedded(self, number: int, images: EmbeddedImages) -> PageImages:
        """Write the images that the page holds; PageError when it cannot be looked at."""

    def signals(self, number: int) -> PageSignals:
        """What lies on the page beside its text; PageError when it cannot be looked at."""

    def gray(self, number: int, dpi: int) -> tuple[Any, int]:
        """The page as a Pillow picture of mode L and its dots an inch, fewer than `dpi` where it would get too large;
        PageError when it cannot be drawn."""

    def material(self, number: int, kind: MaterialKind) -> bytes:
        """The page alone, as it can be sent to a remote service; PageError when it cannot be made."""

    def close(self) -> None: ...
