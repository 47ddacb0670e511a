"""The pages of a job that could not be read, and when that is too many of them."""

from secretary.documents.collected_text import CollectedText
from secretary.documents.ocr.engines import HOW_TO_GET_OCR
from secretary.errors import Crashed, ErrorCode, InvalidFile, JobFailure, OcrUnavailable, OutOfMemory, TimedOut
from secretary.results.pdf import PdfFailedPage

_FAILURES: dict[str, tuple[type[JobFailure], str]] = {
    ErrorCode.CRASHED: (Crashed, "every page of it ends the program that reads it"),
    ErrorCode.OUT_OF_MEMORY: (OutOfMemory, "every page of it needs more memory than this server gives to one"),
    ErrorCode.TIMEOUT: (TimedOut, "every page of it takes longer than this server gives to one"),
    ErrorCode.OCR_UNAVAILABLE: (
        OcrUnavailable,
        f"its pages have no text of their own, and this server has no OCR; its operator would {HOW_TO_GET_OCR}",
    ),
}


class LostPages:
    """Failed pages in order."""

    def __init__(self) -> None:
        self.pages: list[PdfFailedPage] = []

    def add(self, page: PdfFailedPage) -> None:
        self.pages.append(page)

    def notes(self) -> dict[str, list[int]]:
        """Page numbers by what happened to them."""
        notes: dict[str, list[int]] = {}
        for page in self.pages:
            notes.setdefault(page.message, []).append(page.page)
        return notes

    def check_not_all(self, name: str, text: CollectedText, *, repaired: bool) -> None:
        """Raise a JobFailure with the pages' own code when no page could be read: a job never completes empty."""
        if text.contents and not (repaired and not text.whole.strip()):
            return
        codes = {page.code for page in self.pages}
        for code, (failure, sentence) in _FAILURES.items():
            if code in codes:
                raise failure(f"{name} cannot be read: {sentence}.")
        raise InvalidFile(f"{name} is a damaged PDF: no page of it can be read.")
