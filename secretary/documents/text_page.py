"""The text of a page as PDFium reads it, for as long as it is open."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from secretary.documents.pages import PageError
from secretary.documents.pdfium import raw

_USUAL_UNITS = 16_384  # UTF-16 units; few pages have more


@contextmanager
def text_page_of(page: Any) -> Iterator[Any]:
    text_page = raw.FPDFText_LoadPage(page)
    if not text_page:
        raise PageError("its text cannot be loaded")
    try:
        yield text_page
    finally:
        raw.FPDFText_ClosePage(text_page)


class TextBuffer:
    """Kept from page to page, as making it takes longer than filling it."""

    def __init__(self) -> None:
        self._units = (ctypes.c_ushort * _USUAL_UNITS)()

    def text_in(self, text_page: Any, box: tuple[float, float, float, float]) -> str:
        """One call into a buffer where pypdfium2 makes two, to count and to copy: PDFium goes through the page for each."""
        left, bottom, right, top = box
        bounds, units = (text_page, left, top, right, bottom), self._units
        count = raw.FPDFText_GetBoundedText(*bounds, units, len(units))
        if count >= len(units):
            units = (ctypes.c_ushort * (1 + raw.FPDFText_GetBoundedText(*bounds, None, 0)))()
            count = raw.FPDFText_GetBoundedText(*bounds, units, len(units))
        return memoryview(units)[: max(count, 0)].tobytes().decode("utf-16-le", errors="ignore").removesuffix("\0")
