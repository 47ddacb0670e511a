"""Folders kept under keys until they are too old or too many: each whole or not there, whoever else keeps the same."""

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_WORKING: Final = ".working"
_SAID: Final = "entry.json"
_REMOVALS: Final = 100
"""Entries that one call of `prune` removes at most, so that it never holds up what comes after it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder on the shelf, when it was put there (Unix time), its size in bytes, and what was said of it."""

    folder: Path
    kept_at: float
    size: int
    said: dict[str, Any]


class Shelf:
    """Entries until they are `max_seconds` old or `max_bytes` are exceeded; 0 of either keeps none."""

    def __init__(self, root: Path, *, max_seconds: float, max_bytes: int) -> None:
        self._root = root
        self._max_seconds = max_seconds
        self._max_bytes = max_bytes

    @property
    def enabled(self) -> bool:
        return self._max_seconds > 0 and self._max_bytes > 0

    def holds(self, size: int) -> bool:
        """Whether an entry of this size would be kept at all."""
        return self.enabled and size <= self._max_bytes

    def find(self, key: str) -> Entry | None:
        """The entry, unless it is too old. Raises OSError, ValueError, KeyError or TypeError where there is none, or not all of it."""
        entry = _entry(self._folder(key))
        return entry if time.time() - entry.kept_at <= self._max_seconds else None

    @contextlib.contextmanager
    def putting(self, key: str, size: int, **said: Any) -> Iterator[Path]:
        """A new folder to fill, which then takes the place of what was under `key`."""
        base = self._root / _WORKING
        base.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=base))
        try:
            yield new
            (new / _SAID).write_text(json.dumps({"kept_at": time.time(), "size": size, **said}))
            self._replace(new, self._folder(key))
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def renew(self, entry: Entry) -> None:
        """Let the entry be as new."""
        new = entry.folder / f"{_SAID}-new"
        with contextlib.suppress(OSError):
            new.write_text(json.dumps({**entry.said, "kept_at": time.time(), "size": entry.size}))
            new.replace(entry.folder / _SAID)

    def forget(self, key: str) -> None:
        """Remove this entry; those who took it keep their copies."""
        shutil.rmtree(self._folder(key), ignore_errors=True)

    def prune(self) -> None:
        """Remove what is too old, and the oldest while there is too much; some at a time."""
        now = time.time()
        entries = sorted(self._entries(), key=lambda entry: entry.kept_at)
        size = sum(entry.size for entry in entries)
        for entry in entries[:_REMOVALS]:
            if now - entry.kept_at <= self._max_seconds and size <= self._max_bytes:
                break
            shutil.rmtree(entry.folder, ignore_errors=True)
            size -= entry.size
        for left in _children(self._root / _WORKING):
            with contextlib.suppress(OSError):
                if now - left.stat().st_mtime > max(self._max_seconds, 3_600.0):
                    shutil.rmtree(left, ignore_errors=True)

    def _entries(self) -> Iterator[Entry]:
        for shelf in _children(self._root):
            for folder in _children(shelf) if shelf.name != _WORKING else ():
                try:
                    yield _entry(folder)
                except (OSError, ValueError, KeyError, TypeError):
                    yield Entry(folder, 0.0, 0, {})

    def _replace(self, new: Path, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        old = new.with_name(f"{new.name}-old")
        with contextlib.suppress(FileNotFoundError):
            folder.rename(old)
        # Another worker may have kept the same at the same moment: then that stays.
        with contextlib.suppress(OSError):
            new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)

    def _folder(self, key: str) -> Path:
        return self._root / key[:2] / key


def _entry(folder: Path) -> Entry:
    said = json.loads((folder / _SAID).read_bytes())
    return Entry(folder, float(said.pop("kept_at")), int(said.pop("size")), said)


def _children(folder: Path) -> list[Path]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return list(folder.iterdir())
    return []
