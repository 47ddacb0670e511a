"""Addresses as pages name them: resolved, of the web only, and as they may stand in Markdown and HTML."""

import html
import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

_MOST_CHARACTERS: Final = 2_000
_BLANKS: Final = re.compile(r"[\t\n\r]")
_KEPT_IN_LINKS: Final = "%/:=&?~#+!$,;'@*-._[]"


def resolved(base: str, reference: str | None) -> str | None:
    """Where the reference leads from the page at `base`, without its fragment; None for what is no web address."""
    reference = _BLANKS.sub("", reference or "").strip()
    if not reference or len(reference) > _MOST_CHARACTERS:
        return None
    try:
        url = urldefrag(urljoin(base, reference))[0]
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def shown(url: str | None) -> str:
    """The address as it can stand in a Markdown link or text: nothing in it ends either. Empty for what is none of the web."""
    whole = resolved(url, url) if url else None
    if whole is None:
        return ""
    return quote(whole, safe=_KEPT_IN_LINKS).replace("[", "%5B").replace("]", "%5D").replace("*", "%2A")


def in_html(url: str) -> str:
    """The address as the value of an attribute."""
    return html.escape(shown(url), quote=True)


def last_name(url: str) -> str:
    """What the address calls its file, readable; the host where it names none."""
    parts = urlsplit(url)
    return unquote(PurePosixPath(parts.path).name) or parts.hostname or url


def has_suffix(url: str, *suffixes: str) -> bool:
    return urlsplit(url).path.lower().endswith(suffixes)


def host(url: str) -> str:
    return urlsplit(url).hostname or ""
