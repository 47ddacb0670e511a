"""The readable part of a web page as Markdown, without menus, advertisements and footers. Loads its library when it is needed."""

from dataclasses import dataclass
from typing import Final

from secretary.errors import FileTooLarge, InvalidFile

MAX_CHARACTERS: Final = 10_000_000
_LONGEST_TITLE: Final = 500


@dataclass(frozen=True, slots=True)
class WebPage:
    """What there is to read on it."""

    markdown: str
    title: str | None


def read_web_page(html: str, name: str) -> WebPage:
    """Raises FileTooLarge, and InvalidFile for a page without text, as those are that only a script would fill."""
    import trafilatura

    if len(html) > MAX_CHARACTERS:
        raise FileTooLarge(f"{name} has {len(html):,} characters; web pages are read up to {MAX_CHARACTERS:,}.")
    found = trafilatura.extract(
        html, output_format="markdown", include_formatting=True, include_comments=False, favor_recall=True
    )
    text = found or trafilatura.html2txt(html)
    if not text or not text.strip():
        raise InvalidFile(f"{name} is a web page without text; pages that scripts fill in a browser cannot be read.")
    title = trafilatura.extract_metadata(html).title
    return WebPage(text.strip() + "\n", " ".join(title.split())[:_LONGEST_TITLE] if title else None)
