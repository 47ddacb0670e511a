"""What a file seems to be from its first bytes, so that a job refused for a wrong file can say what it was given."""

_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1024  # readers accept that much before the mark

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an office document (DOCX, XLSX, PPTX, ODT, EPUB)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document (DOC, XLS, PPT)"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"BM", "a BMP image"),
    (b"RIFF", "a WebP image, a WAV or an AVI file"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)
_ALSO_WORDS = frozenset({b"BM", b"RIFF", b"GIF8", b"Rar!"})
"""What words begin with, too: "BMW" is no picture."""
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")


def looks_like_pdf(head: bytes) -> bool:
    return _PDF_MARK in head[:_PDF_MARK_WITHIN]


def seeming_kind(head: bytes) -> str:
    """A noun with its article for a file that begins with `head` and is not a PDF."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning) and not (beginning in _ALSO_WORDS and _is_text(head)):
            return kind
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if any(mark in start[:512] for mark in _HTML):
        return "an HTML page"
    if start.startswith(b"<?xml"):
        return "an XML file"
    if start.startswith((b"{", b"[")) and _is_text(head):
        return "a JSON or text file"
    return "a text file" if _is_text(head) else "a file of another kind"


def _is_text(head: bytes) -> bool:
    """UTF-8 without control characters; the last character may have been cut in two."""
    text = head.decode(errors="replace").rstrip("\N{REPLACEMENT CHARACTER}")
    return bool(text) and all(character.isprintable() or character in "\t\n\r\f\ufeff" for character in text)
