"""What an upload is, from its first bytes: nobody's word is taken for it, and what no job could read is not taken at all."""

from typing import Final

HEAD_BYTES: Final = 4096
PDF: Final = "application/pdf"
_PDF_WITHIN: Final = 1024
"""Readers accept so many bytes before the mark of a PDF."""
_NOT_TEXT: Final = (b"%!PS", b"{\\rtf", b"GIF87a", b"GIF89a")
"""What looks like text at first and is not; other kinds of files show it by their control characters."""
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b") | {127}
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body")
_BY_ENDING: Final = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
}


def media_type_of_upload(head: bytes, name: str) -> str | None:
    """The media type of a file that begins with `head`, up to HEAD_BYTES of it; None when it is neither PDF nor text.

    Only among texts, which are all read alike, does the name decide.
    """
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return PDF
    if head.startswith(_NOT_TEXT) or not _CONTROLS.isdisjoint(head):
        return None
    if any(mark in head[:1024].lower() for mark in _HTML):
        return "text/html"
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _BY_ENDING.get(ending, "text/plain")
