"""The second chance of a job's damaged PDF: pdfplumber finds pages in files that PDFium refuses, such as cut ones."""

from io import BytesIO
from pathlib import Path
from typing import Any

from secretary.documents.embedded_images import EmbeddedImages, PageImages
from secretary.documents.page_signals import PageSignals
from secretary.documents.pages import MAX_PAGE_CHARACTERS, DocumentInformation, MaterialKind, PageError, PageReading
from secretary.documents.plain_blocks import text_blocks
from secretary.documents.plain_text import plain
from secretary.documents.plumber import open_plumber, reading_page

# A cut file has lost the end that names its catalog; with this one pdfminer looks at every object for pages.
_LOST_END = b"\nendstream\nendobj\ntrailer\n<< /Root << /Type /Catalog >> >>\nstartxref\n0\n%%EOF\n"


class RepairedPages:
    """What could be found in a damaged PDF; its pages are read, never drawn."""

    repaired = True

    def __init__(self, path: Path, password: str | None) -> None:
        try:
            self._document: Any = open_plumber(path, password)
        except PageError:
            self._document = open_plumber(BytesIO(path.read_bytes() + _LOST_END), password)
        self.page_count = len(self._document.pages)

    def information(self) -> DocumentInformation:
        entries = {key: value for key, value in self._document.metadata.items() if isinstance(value, str)}
        return DocumentInformation(entries, encrypted=bool(self._document.doc.encryption))

    def read(self, number: int, *, grids: bool, blocks: bool = True) -> PageReading:  # noqa: ARG002
        """Tables are not looked for: what is left of a damaged page does not say which lines belong together."""
        with reading_page(self._document, number) as page:
            text = plain(page.extract_text())
        text, is_cut = text[:MAX_PAGE_CHARACTERS], len(text) > MAX_PAGE_CHARACTERS
        return PageReading(text, text_blocks(text) if blocks else [], is_cut=is_cut)

    def draw(self, number: int, image: Path, preview: Path) -> None:  # noqa: ARG002
        raise PageError("the document is damaged")

    def embedded(self, number: int, images: EmbeddedImages) -> PageImages:  # noqa: ARG002
        raise PageError("the document is damaged")

    def signals(self, number: int) -> PageSignals:  # noqa: ARG002
        """Nothing is known of what lies on a damaged page, so its text is taken as it is."""
        return PageSignals()

    def gray(self, number: int, dpi: int) -> tuple[Any, int]:  # noqa: ARG002
        raise PageError("the document is damaged")

    def material(self, number: int, kind: MaterialKind) -> bytes:  # noqa: ARG002
        raise PageError("the document is damaged")

    def close(self) -> None:
        self._document.close()
