"""The pictures of a job's pages as they come from the page workers: equal ones kept once, and no more than a job may keep."""

import hashlib
from pathlib import Path

from secretary.documents.embedded_images import FOLDER
from secretary.documents.page_content import DrawnPage
from secretary.documents.page_range import listed

_MOST_BYTES = 512_000_000


class KeptPictures:
    """Pages added in order; `assets` are the files there are then, `of_page` those each page shows."""

    def __init__(self, directory: Path, most_embedded: int = 1_000) -> None:
        self.assets: list[str] = []
        self.of_page: dict[int, list[str]] = {}
        self._directory = directory
        self._most_embedded = most_embedded
        self._is_full = False
        self._notes: dict[str, list[int]] = {}
        self._names: dict[str, str | None] = {}
        self._by_content: dict[bytes, str] = {}
        self._bytes = 0

    def add(self, number: int, drawn: DrawnPage) -> None:
        """Two page workers may each have written the same image, under the names of different pages."""
        for note in drawn.notes:
            self._notes.setdefault(note, []).append(number)
        kept = [self._kept(name) if name.startswith(FOLDER) else self._listed(name) for name in drawn.names]
        self.of_page[number] = list(dict.fromkeys(name for name in kept if name is not None))

    def warnings(self) -> list[str]:
        sentences = [f"{listed(numbers)}: {note}." for note, numbers in self._notes.items()]
        if self._is_full:
            sentences.append(
                f"Of the embedded images {self._most_embedded:,} of together {_MOST_BYTES // 1_000_000} MB are kept; "
                "the rest was left out."
            )
        return sentences

    def _kept(self, name: str) -> str | None:
        if name not in self._names:
            self._names[name] = self._decide(name)
        return self._names[name]

    def _decide(self, name: str) -> str | None:
        """The name of the file that holds the image: this one, an equal one, or none."""
        path = self._directory / name
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
            size = file.tell()
        known = self._by_content.get(content)
        if known is None and len(self._by_content) < self._most_embedded and self._bytes + size <= _MOST_BYTES:
            self._by_content[content] = name
            self._bytes += size
            return self._listed(name)
        path.unlink()
        self._is_full = self._is_full or known is None
        return known

    def _listed(self, name: str) -> str:
        self.assets.append(name)
        return name
