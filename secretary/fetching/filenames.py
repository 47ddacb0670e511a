"""What a fetched file is called: as Content-Disposition or the URL's path says, made safe for a file system."""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

FALLBACK: Final = "download"
_MOST_BYTES: Final = 150
_EXTENDED: Final = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']*'([^\s;]+)", re.IGNORECASE)
_QUOTED: Final = re.compile(r'filename\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_PLAIN: Final = re.compile(r"filename\s*=\s*([^\s;\"]+)", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[/\\]")


def filename_of(disposition: str | None, url: str) -> str:
    """The name a server gives a file (RFC 6266), else the last part of the path it came from, else "download"."""
    return safe_filename(_disposed(disposition or "") or unquote(urlsplit(url).path.rpartition("/")[2]))


def safe_filename(name: str) -> str:
    """One name without folders, control or invisible characters, of at most 150 bytes, its ending kept."""
    last = _SEPARATORS.split(unicodedata.normalize("NFC", name).rstrip("/\\ "))[-1]
    readable = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    clean = re.sub(r'[<>:"|?*\s]+', " ", readable).strip(" .")
    stem, dot, suffix = clean.rpartition(".")
    if not stem or len(suffix.encode()) > _MOST_BYTES // 4:
        return _cut(clean, _MOST_BYTES) or FALLBACK
    return _cut(stem, _MOST_BYTES - len(f"{dot}{suffix}".encode())) + dot + suffix


def _disposed(disposition: str) -> str:
    if found := _EXTENDED.search(disposition):
        try:
            return unquote(found[2], encoding=found[1] or "utf-8", errors="strict")
        except (LookupError, UnicodeError):
            # What cannot be decoded is ignored, and the plain name taken (RFC 8187, section 3.2.1).
            pass
    if found := _QUOTED.search(disposition):
        return re.sub(r"\\(.)", r"\1", found[1])
    found = _PLAIN.search(disposition)
    return found[1] if found else ""


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip(" .")
