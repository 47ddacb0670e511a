"""A PDF as PDFium reads it: the engine of nearly every job."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from secretary.documents.embedded_images import EmbeddedImages, PageImages
from secretary.documents.gray_pictures import gray_picture
from secretary.documents.page_material import page_as_jpeg, page_as_pdf
from secretary.documents.page_signals import PageSignals
from secretary.documents.pages import MAX_PAGE_CHARACTERS, DocumentInformation, MaterialKind, PageError, PageReading
from secretary.documents.pdf_images import draw_page
from secretary.documents.pdfium import pdfium, raw
from secretary.documents.pdfium_signals import measure_signals
from secretary.documents.plain_text import plain
from secretary.documents.structure import page_structure
from secretary.documents.text_page import TextBuffer, text_page_of

_NOT_ENCRYPTED = -1


class PdfiumPages:
    """An opened PDF; not for threads, as PDFium is not."""

    repaired = False

    def __init__(self, path: Path, password: str | None) -> None:
        _forget_last_error()
        self._document = pdfium.PdfDocument(path, password=password)
        self._buffer = TextBuffer()

    @property
    def page_count(self) -> int:
        return len(self._document)

    def information(self) -> DocumentInformation:
        version = self._document.get_version()
        return DocumentInformation(
            entries={key: self._entry(key) for key in pdfium.PdfDocument.METADATA_KEYS},
            pdf_version=f"{version // 10}.{version % 10}" if version else None,
            encrypted=raw.FPDF_GetSecurityHandlerRevision(self._document) != _NOT_ENCRYPTED,
        )

    def read(self, number: int, *, grids: bool, blocks: bool = True) -> PageReading:
        with self._page(number) as page, text_page_of(page) as text_page:
            text = plain(self._buffer.text_in(text_page, page.get_bbox()))
            structure = page_structure(page, text_page, tables=grids, text=blocks)
            return PageReading(
                text[:MAX_PAGE_CHARACTERS],
                structure.blocks,
                structure.tables,
                is_cut=len(text) > MAX_PAGE_CHARACTERS,
                is_too_dense=structure.is_too_dense,
            )

    def draw(self, number: int, image: Path, preview: Path) -> None:
        with self._page(number) as page:
            draw_page(page, image, preview)

    def embedded(self, number: int, images: EmbeddedImages) -> PageImages:
        with self._page(number) as page:
            return images.of_page(page, number)

    def signals(self, number: int) -> PageSignals:
        with self._page(number) as page:
            return measure_signals(page)

    def gray(self, number: int, dpi: int) -> tuple[Any, int]:
        with self._page(number) as page:
            return gray_picture(page, dpi)

    def material(self, number: int, kind: MaterialKind) -> bytes:
        with self._page(number) as page:
            return page_as_jpeg(page) if kind == "jpeg" else page_as_pdf(self._document, number - 1)

    def close(self) -> None:
        self._document.close()

    @contextmanager
    def _page(self, number: int) -> Iterator[Any]:
        try:
            page = self._document[number - 1]
            try:
                yield page
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise PageError(str(error)) from error

    def _entry(self, key: str) -> str:
        """pypdfium2's own reader refuses entries with half a surrogate pair."""
        name = f"{key}\0".encode()
        size = raw.FPDF_GetMetaText(self._document, name, None, 0)
        buffer = bytearray(size)
        raw.FPDF_GetMetaText(self._document, name, (ctypes.c_char * size).from_buffer(buffer), size)
        return buffer.decode("utf-16-le", errors="replace").rstrip("\0")


def _forget_last_error() -> None:
    """PDFium refuses a document without pages with the error of whatever it refused before; now that is "no PDF"."""
    raw.FPDF_LoadMemDocument(None, 0, None)
