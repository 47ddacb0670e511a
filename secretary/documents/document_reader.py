"""An open document and everything a job asks of one of its pages, in whichever process dares to open it."""

import base64
from pathlib import Path

from secretary.documents.blocks import Block
from secretary.documents.embedded_images import EmbeddedImages
from secretary.documents.page_content import DrawnPage, Opening, PageContent, PageOrder
from secretary.documents.page_signals import is_partly_unknown
from secretary.documents.page_text import PageText, PageTextReader
from secretary.documents.pages import MAX_PAGE_CHARACTERS, MaterialKind, PageNeedsOcr, PageReading
from secretary.documents.pdf_metadata import describe
from secretary.documents.pdf_opening import open_pages
from secretary.documents.plain_blocks import text_blocks
from secretary.parameters.pdf import ExtractionMethod
from secretary.results.pdf import PdfTable

_CUT = f"more than {MAX_PAGE_CHARACTERS:,} characters, the rest was left out"
_TOO_DENSE = "too many lines to look for tables"
_UNKNOWN = "characters without a meaning, as their font does not say what they are; extraction_method combined reads them by OCR"


class DocumentReader:
    """Raises a JobFailure when the document cannot be opened; its methods raise PageError when one page cannot be read."""

    def __init__(self, order: PageOrder) -> None:
        self._order = order
        self._text = PageTextReader(_local(order), order.parameters.language, order.providers.tessdata)
        self._text.check()
        self._pages = open_pages(order.source, order.parameters.password)
        self._embedded = EmbeddedImages(order.directory)
        self.opening = Opening(
            page_count=self._pages.page_count,
            repaired=self._pages.repaired,
            metadata=describe(order.source, self._pages),
        )

    def read(self, number: int) -> PageContent:
        wanted = self._order.parameters
        page = self._pages.read(number, grids=wanted.include_tables, blocks=wanted.include_markdown)
        read = self._text.read(self._pages, number, page.text)
        tables = [PdfTable(page=number, rows=rows) for rows in page.tables]
        is_unknown = wanted.extraction_method is ExtractionMethod.NATIVE and is_partly_unknown(page.text)
        found = ((_CUT, page.is_cut), (_TOO_DENSE, page.is_too_dense), (_UNKNOWN, is_unknown))
        notes = [note for note, holds in found if holds]
        if read.problem is not None:
            if not page.text.strip():
                raise PageNeedsOcr
            notes.append(PageNeedsOcr.sentence)
        return PageContent(
            text=read.text,
            blocks=self._blocks(page, read),
            method=read.method,
            engine=read.engine,
            dpi=read.dpi,
            confidence=read.confidence,
            reason=read.reason,
            tables=tables,
            notes=notes,
        )

    def _blocks(self, page: PageReading, read: PageText) -> list[Block]:
        if read.method == ExtractionMethod.NATIVE:
            return page.blocks
        return text_blocks(read.text) if self._order.parameters.include_markdown else []

    def draw(self, number: int) -> DrawnPage:
        """Write the page's image and preview, and the images it holds."""
        names = [f"{folder}/page-{number:04}.jpg" for folder in ("images", "previews")]
        image, preview = (self._order.directory / name for name in names)
        for path in (image, preview):
            Path(path).parent.mkdir(exist_ok=True)
        self._pages.draw(number, image, preview)
        embedded = self._pages.embedded(number, self._embedded)
        return DrawnPage(names=[*names, *embedded.names], notes=embedded.notes)

    def material(self, number: int) -> str:
        """The page as the remote service of this job wants it, in base64."""
        kind: MaterialKind = (
            "jpeg" if self._order.parameters.extraction_method is ExtractionMethod.OPENAI_VISION else "pdf"
        )
        return base64.b64encode(self._pages.material(number, kind)).decode("ascii")

    def close(self) -> None:
        self._text.close()
        self._pages.close()


def _local(order: PageOrder) -> ExtractionMethod:
    """What a remote service will read is here only looked at."""
    method = order.parameters.extraction_method
    return ExtractionMethod.NATIVE if order.parameters.needs_provider else method
