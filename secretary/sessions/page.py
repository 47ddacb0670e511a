"""The web page of a session: fetched, known to be one, and read for people and for machines."""

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from secretary.documents.collected_text import MAX_CHARACTERS
from secretary.documents.file_kinds import looks_like_pdf, seeming_kind
from secretary.documents.page_apart import PageApart
from secretary.documents.plain_text import plain
from secretary.documents.source_file import identify
from secretary.documents.web_facts import PageFacts
from secretary.documents.web_links import host
from secretary.errors import InvalidFile
from secretary.fetching import Fetched, OutboundClient
from secretary.sessions.job import Job

MAX_PAGE_BYTES: Final = 10_000_000
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_SAYS_NOTHING: Final = frozenset({None, "application/octet-stream", "text/plain"})
_AN_HTML_PAGE: Final = "an HTML page"
_TEXTS: Final = frozenset({_AN_HTML_PAGE, "an XML file", "a text file", "a JSON or text file"})


@dataclass(frozen=True, slots=True)
class SessionPage:
    """What the page says: `text` as Markdown, cut at MAX_CHARACTERS; `url` is where it was in the end."""

    url: str
    title: str | None
    text: str
    facts: PageFacts


def fetch_page(url: str, title: str, client: OutboundClient, job: Job, folder: Path) -> SessionPage:
    """Raises what `OutboundClient.download` raises, and InvalidFile for what is no web page or has nothing to read.

    It lies in `folder` meanwhile, and is opened where there is neither network nor key."""
    fetched = client.download(url, folder / "page.html", max_bytes=MAX_PAGE_BYTES)
    name = f"The page at {host(fetched.url)}"
    source = replace(identify(fetched.path), name=name)
    if not source.head.strip() and not fetched.path.read_bytes().strip():
        raise InvalidFile(f"{name} is empty.")
    _check_kind(fetched, source.head)
    page = PageApart(source, fetched.charset, folder, job.limits, job.sign_of_life)
    with closing(page):
        return _read(page, fetched.url, title, name)


def _read(page: PageApart, url: str, wanted: str, name: str) -> SessionPage:
    """A page that only tells machines what the session is about is read from that."""
    facts = page.facts(url, wanted)
    try:
        found = page.text()
        title, text = found.title, found.markdown
    except InvalidFile:
        if not facts.description:
            raise InvalidFile(
                f"{name} has no text to read; pages that scripts fill in a browser cannot be read."
            ) from None
        title, text = facts.title, facts.description
    return SessionPage(url, facts.title or title, plain(text)[:MAX_CHARACTERS].strip() + "\n", facts)


def _check_kind(page: Fetched, head: bytes) -> None:
    """The bytes are believed before the server."""
    is_text = not looks_like_pdf(head) and (b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")))
    seeming = "a PDF" if looks_like_pdf(head) else seeming_kind(head)
    if is_text and page.media_type in _HTML and seeming in {*_TEXTS, "a file of another kind"}:
        return
    if is_text and page.media_type in _SAYS_NOTHING and seeming == _AN_HTML_PAGE:
        return
    stated = page.media_type if page.media_type not in {*_HTML, *_SAYS_NOTHING} else None
    raise InvalidFile(
        f"{host(page.url)} answered {stated or seeming} where a web page was expected; "
        "url is the address of the session's HTML page."
    )
