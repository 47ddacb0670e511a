"""The web page of a session: fetched, known to be one, and read for people and for machines."""

from dataclasses import dataclass
from typing import Final

from secretary.documents.charset import decoded
from secretary.documents.collected_text import MAX_CHARACTERS
from secretary.documents.file_kinds import looks_like_pdf, seeming_kind
from secretary.documents.plain_text import plain
from secretary.documents.web_page import read_web_page
from secretary.errors import InvalidFile
from secretary.fetching import OutboundClient, Page
from secretary.sessions.links import host
from secretary.sessions.page_facts import PageFacts, read_facts

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


def fetch_page(url: str, session: str, client: OutboundClient) -> SessionPage:
    """Raises what `OutboundClient.get` raises, and InvalidFile for what is no web page or has nothing to read."""
    page = client.get(url, max_bytes=MAX_PAGE_BYTES)
    name = f"The page at {host(page.url)}"
    if not page.body.strip():
        raise InvalidFile(f"{name} is empty.")
    _check_kind(page)
    return read_page(decoded(page.body, said=page.charset, is_html=True), page.url, session, name)


def read_page(html: str, url: str, session: str, name: str) -> SessionPage:
    """The page from its HTML; one that only tells machines what the session is about is read from that."""
    facts = read_facts(html, url, session)
    try:
        found = read_web_page(html, name)
        title, text = found.title, found.markdown
    except InvalidFile:
        if not facts.description:
            raise InvalidFile(
                f"{name} has no text to read; pages that scripts fill in a browser cannot be read."
            ) from None
        title, text = facts.title, facts.description
    return SessionPage(url, facts.title or title, plain(text)[:MAX_CHARACTERS].strip() + "\n", facts)


def _check_kind(page: Page) -> None:
    """The bytes are believed before the server."""
    head = page.body[:2048]
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
