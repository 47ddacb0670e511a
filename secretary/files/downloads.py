"""Inputs that were fetched, kept so that their servers need only be asked whether they have changed; each owner's apart."""

import contextlib
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from secretary.files.cache import link_or_copy
from secretary.files.shelf import Entry, Shelf

_BODY: Final = "body"


@dataclass(frozen=True, slots=True)
class Download:
    """What is remembered of a fetched file: where it came from after redirects, what it is, and how to ask for it again."""

    url: str
    filename: str
    media_type: str | None
    etag: str | None
    last_modified: str | None
    charset: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for the file only if it has changed (RFC 9110, 13.1)."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


class DownloadCache(Shelf):
    """Fetched files by owner and the URL they were asked for."""

    def known(self, owner: str, url: str) -> Download | None:
        """What is kept, if its body is there."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            entry = self.find(_key(owner, url))
            if entry is not None and _is_whole(entry):
                return _download(entry)
        return None

    def take(self, owner: str, url: str, into: Path) -> bool:
        """Put the file there and let it be as new; False when it is no longer kept."""
        try:
            entry = self.find(_key(owner, url))
            if entry is None:
                return False
            link_or_copy(entry.folder / _BODY, into, size=entry.size)
        except (OSError, ValueError, KeyError, TypeError):
            return False
        self.renew(entry)
        return True

    def keep(self, owner: str, url: str, body: Path, download: Download) -> None:
        """Keep a file, if its server has said how to ask for it again."""
        size = body.stat().st_size
        if not download.conditions or not self.holds(size):
            return
        with self.putting(_key(owner, url), size, **asdict(download)) as new:
            link_or_copy(body, new / _BODY)

    def forget_url(self, owner: str, url: str) -> None:
        """Remove what this owner was given of this URL."""
        self.forget(_key(owner, url))


def _key(owner: str, url: str) -> str:
    return hashlib.sha256(f"{owner}\0{url}".encode(errors="replace")).hexdigest()


def _is_whole(entry: Entry) -> bool:
    return (entry.folder / _BODY).stat().st_size == entry.size


def _download(entry: Entry) -> Download:
    return Download(**entry.said)
