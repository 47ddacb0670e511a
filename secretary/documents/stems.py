"""Names for the files a job produces, made from its document's name."""

import re
import unicodedata

_MOST_CHARACTERS = 80
_MOST_BYTES = 200  # file systems take 255, and suffixes such as `.json` or `.part` follow
_NAMELESS = "document"
_KEPT = "-_.()"


def safe_stem(stem: str) -> str:
    """The stem with letters and digits of every script kept, hyphens for the rest, never empty, long, or hidden."""
    normal = unicodedata.normalize("NFC", stem)
    kept = "".join(character if _is_kept(character) else "-" for character in normal)
    short = re.sub("-{2,}", "-", kept).strip("-.")[:_MOST_CHARACTERS]
    short = short.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip("-.")
    return short or _NAMELESS


def _is_kept(character: str) -> bool:
    """Letters, the marks that belong to them, and digits."""
    return character in _KEPT or unicodedata.category(character)[0] in "LMN"
