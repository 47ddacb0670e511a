"""Where a session's report and its assets lie: several languages of one event share the assets."""

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from secretary.documents.stems import safe_stem

SUFFIX: Final = ".md"
ASSETS: Final = "assets"
_DOTS: Final = re.compile(r"\.{2,}")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Names that Windows gives to devices, where an archive may be unpacked."""


@dataclass(frozen=True, slots=True)
class Places:
    """Paths inside the job's folder: `<event>/<language>/<track>/<file>.md` and `<event>/assets/<stem>`."""

    report: PurePosixPath
    assets: PurePosixPath

    def from_report(self, path: str) -> str:
        """How the report's links name a path inside the job's folder."""
        return quote(posixpath.relpath(path, str(self.report.parent)), safe="/-._~")


def places_of(event: str, language: str, track: str, filename: str) -> Places:
    """The same for the same words, whatever they hold: no name leaves its folder."""
    stem = safe_name(filename[: -len(SUFFIX)] if filename.lower().endswith(SUFFIX) else filename)
    folder = PurePosixPath(safe_name(event))
    return Places(
        report=folder / safe_name(language.lower()) / safe_name(track) / f"{stem}{SUFFIX}",
        assets=folder / ASSETS / stem,
    )


def safe_name(name: str) -> str:
    """One name of at most 80 characters and 200 bytes, with letters and digits of every script."""
    readable = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    safe = safe_stem(_DOTS.sub(".", readable))
    return f"{safe}-" if _RESERVED.fullmatch(safe) else safe
