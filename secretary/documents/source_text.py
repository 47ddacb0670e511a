"""The text of a file from elsewhere, whatever kind it is of: a web page, a PDF, Markdown or plain text."""

import codecs
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from secretary.documents.charset import decoded
from secretary.documents.collected_text import MAX_CHARACTERS, CollectedText
from secretary.documents.file_kinds import looks_like_pdf, seeming_kind
from secretary.documents.lost_pages import LostPages
from secretary.documents.page_apart import read_web_page_apart
from secretary.documents.page_content import PageContent, PageOrder
from secretary.documents.page_range import chosen_pages, listed
from secretary.documents.page_workers import CarefulReading, JobLimits
from secretary.documents.source_file import SourceFile, identify
from secretary.errors import FileTooLarge, InvalidFile
from secretary.parameters.pdf import ONLY_TEXT, PdfParameters

Kind = Literal["html", "pdf", "markdown", "plain"]

_KINDS: Final[dict[str, Kind]] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "plain",
}
_SAYS_NOTHING: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/download"})
_SUFFIXES: Final[dict[str, Kind]] = {".md": "markdown", ".markdown": "markdown"}
_HTML: Final = "an HTML page"
_TEXTS: Final = frozenset({_HTML, "an XML file", "a JSON or text file", "a text file"})
_UNKNOWN: Final = "a file of another kind"
_MOST_TEXT_BYTES: Final = 10_000_000
_READS: Final = "web pages, PDFs, Markdown and plain text are read"


class Limits(JobLimits, Protocol):
    """What the job may use."""

    @property
    def max_pages(self) -> int:
        """Pages a document may have."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """What was read, and what of it was only partly possible."""

    text: str
    kind: Kind
    title: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidOfSource:
    """What its server said of a file: the media type and charset of its Content-Type."""

    media_type: str | None = None
    charset: str | None = None


def read_source(
    path: Path, said: SaidOfSource, directory: Path, limits: Limits, *, sign_of_life: Callable[[], None]
) -> SourceText:
    """Raises InvalidFile for other kinds and for what holds no text, and what reading a PDF raises.

    PDFs and web pages are opened in page workers only, which have no network and no key.
    """
    source = identify(path)
    kind = _kind(source, said.media_type)
    if kind == "pdf":
        return _read_pdf(source, directory, limits, sign_of_life)
    if source.size > _MOST_TEXT_BYTES:
        raise FileTooLarge(f"{source.name} has {source.size:,} bytes; texts are read up to {_MOST_TEXT_BYTES:,}.")
    if kind == "html":
        page = read_web_page_apart(source, said.charset, directory, limits, sign_of_life=sign_of_life)
        return SourceText(page.markdown, kind, page.title)
    text = decoded(path.read_bytes(), said=said.charset)
    if not text.strip():
        raise InvalidFile(f"{source.name} holds no text.")
    return SourceText(text.replace("\0", "\ufffd"), kind)


def _kind(source: SourceFile, media_type: str | None) -> Kind:
    """The bytes are believed before the server, and the server before the file's name."""
    if looks_like_pdf(source.head):
        return "pdf"
    stated = (media_type or "").partition(";")[0].strip().lower()
    seeming = seeming_kind(source.head)
    is_other = seeming not in _TEXTS and (seeming != _UNKNOWN or stated in _SAYS_NOTHING)
    if is_other or _is_binary(source.head) or _KINDS.get(stated) == "pdf":
        raise InvalidFile(f"{source.name} is {seeming}, which is not read here; {_READS}.")
    if stated not in _KINDS and stated not in _SAYS_NOTHING:
        raise InvalidFile(f"{source.name} is of the type {stated}, which is not read here; {_READS}.")
    kind = _KINDS.get(stated) or ("html" if seeming == _HTML else "plain")
    # Many servers call Markdown plain text.
    return _SUFFIXES.get(source.path.suffix.lower(), kind) if kind == "plain" else kind


def _is_binary(head: bytes) -> bool:
    return b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _read_pdf(source: SourceFile, directory: Path, limits: Limits, sign_of_life: Callable[[], None]) -> SourceText:
    parameters = PdfParameters.model_validate({"filename": source.name, **ONLY_TEXT})
    order = PageOrder(source=source, parameters=parameters, directory=directory)
    text, lost = CollectedText(), LostPages()
    with closing(CarefulReading(order, limits, sign_of_life=sign_of_life)) as reading:
        numbers = chosen_pages(source.name, reading.opening.page_count, parameters, limits.max_pages)
        for number, page in zip(numbers, reading.read_all(numbers), strict=True):
            if isinstance(page, PageContent):
                text.add(number, page)
            else:
                lost.add(page)
        lost.check_not_all(source.name, text, repaired=reading.opening.repaired)
        title = reading.opening.metadata.title
    if not text.whole.strip():
        raise InvalidFile(
            f"{source.name} has no text of its own; it may be a scan, which a pdf job with extraction_method combined reads."
        )
    warnings = [f"{listed(pages)}: {note}." for note, pages in lost.notes().items()]
    if text.is_cut:
        warnings.append(f"The text is longer than {MAX_CHARACTERS:,} characters: only its beginning was read.")
    return SourceText(text.whole, "pdf", title, tuple(warnings))
