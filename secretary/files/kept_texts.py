"""Texts that were dear to make, kept for later jobs of the same owner under what they were made from."""

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from secretary.files.shelf import Shelf

_TEXT: Final = "text"


class KeptTexts(Shelf):
    """What jobs of one `owner` keep; others cannot take it."""

    def __init__(self, root: Path, *, max_seconds: float, max_bytes: int, owner: str = "") -> None:
        super().__init__(root, max_seconds=max_seconds, max_bytes=max_bytes)
        self._owner = owner

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "KeptTexts":
        return cls(**{**values, "root": Path(values["root"])})

    def of_owner(self, owner: str) -> dict[str, Any]:
        """For a message to another process; `from_dict` reads it."""
        return {
            "root": str(self._root),
            "max_seconds": self._max_seconds,
            "max_bytes": self._max_bytes,
            "owner": owner,
        }

    def take(self, *made_from: str) -> str | None:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            entry = self.find(self._key(made_from))
            if entry is not None:
                return (entry.folder / _TEXT).read_text(encoding="utf-8")
        return None

    def keep(self, text: str, *made_from: str) -> None:
        """What cannot be kept is made once more by the next job."""
        data = text.encode()
        if self.holds(len(data)):
            with contextlib.suppress(OSError), self.putting(self._key(made_from), len(data)) as new:
                (new / _TEXT).write_bytes(data)

    def _key(self, made_from: tuple[str, ...]) -> str:
        return hashlib.sha256(json.dumps([self._owner, *made_from]).encode()).hexdigest()
