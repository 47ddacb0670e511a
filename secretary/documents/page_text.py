"""The text of one page by the method a job asks for, and how it was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from secretary.documents.ocr import OcrEngine, OcrReading, open_engine, scan
from secretary.documents.page_signals import PageSignals, judge, native_words
from secretary.documents.plain_text import plain
from secretary.errors import JobFailure, OcrUnavailable
from secretary.parameters.pdf import ExtractionMethod

_UNSURE: Final = 0.5
"""Below it stand pages in a script whose data is not there, read as letters that mean nothing."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read of a page. `problem` tells that it is only a part of it: a remote answer that was cut off, or a page of a
    `combined` job that needs OCR on a server that has none."""

    number: int
    text: str
    method: str = "native"
    engine: str | None = None
    dpi: int | None = None
    confidence: float | None = None
    reason: str | None = None
    markdown: str | None = None
    """The page as the remote service wrote it, where it wrote Markdown."""
    problem: JobFailure | None = None


class Scannable(Protocol):
    """What is asked of a document whose pages may be read by OCR; PageError where a page cannot be looked at or drawn."""

    def signals(self, number: int) -> PageSignals: ...

    def gray(self, number: int, dpi: int) -> tuple[Any, int]:
        """The page as a Pillow picture of mode L and its dots an inch, fewer than `dpi` where it would get too large."""


class PageTextReader:
    """Reads by `native`, `ocr` or `combined`. The OCR engine is opened when the first page needs it, and kept."""

    def __init__(self, method: ExtractionMethod, languages: Sequence[str] | None, tessdata: str | None) -> None:
        self._method = method
        self._languages = languages
        self._tessdata = tessdata
        self._engine: OcrEngine | None = None

    def check(self) -> None:
        """Raise OcrUnavailable at once, before any page, when the job cannot be done as asked on this server."""
        if self._method is ExtractionMethod.OCR or (self._method is ExtractionMethod.COMBINED and self._languages):
            self._opened()

    def read(self, pages: Scannable, number: int, native: str) -> PageText:
        """The page's text, `native` being its own. Raises PageError when it cannot be drawn, and OcrUnavailable for `ocr`."""
        if self._method is ExtractionMethod.OCR:
            reading = scan(self._opened(), lambda dpi: pages.gray(number, dpi))
            return _by_ocr(number, reading, None)
        if self._method is ExtractionMethod.COMBINED:
            return self._combined(pages, number, native)
        return PageText(number, native)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _combined(self, pages: Scannable, number: int, native: str) -> PageText:
        verdict = judge(native, pages.signals(number))
        if not verdict.needs_ocr:
            return PageText(number, native, reason=verdict.reason)
        try:
            engine = self._opened()
        except OcrUnavailable as unavailable:
            return PageText(number, native, reason=f"{verdict.reason}; OCR is not available", problem=unavailable)
        reading = scan(engine, lambda dpi: pages.gray(number, dpi))
        if reading.confident_words <= native_words(native):
            return PageText(number, native, reason=f"{verdict.reason}; OCR found no more words")
        if reading.confidence < _UNSURE:
            unsure = f"OCR was sure of {reading.confidence:.0%} only"
            return PageText(number, native, reason=f"{verdict.reason}; {unsure}")
        return _by_ocr(number, reading, verdict.reason)

    def _opened(self) -> OcrEngine:
        if self._engine is None:
            self._engine = open_engine(self._languages, self._tessdata)
        return self._engine


def _by_ocr(number: int, reading: OcrReading, reason: str | None) -> PageText:
    turned = f"turned by {reading.rotation} degrees" if reading.rotation else None
    return PageText(
        number,
        plain(reading.text),
        method="ocr",
        engine=reading.engine,
        dpi=reading.dpi,
        confidence=round(reading.confidence, 3),
        reason="; ".join(part for part in (reason, turned) if part) or None,
    )
