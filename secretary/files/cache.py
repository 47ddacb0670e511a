"""Results kept by what they were made from, as folders of files: an equal job takes its own copy of them."""

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from secretary.files.produced import KEPT_UNDER, WorkingFolder

_WORKING: Final = ".working"
_REMOVALS: Final = 100
"""Entries that one call of `prune` removes at most, so that it never holds up what comes after it."""


@dataclass(frozen=True, slots=True)
class CachedResult:
    """What a job ended with, beside its files."""

    results: dict[str, Any]
    warnings: list[str]
    files: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Entry:
    folder: Path
    kept_at: float
    size: int
    archive: int


class ResultCache:
    """Entries under their keys, each whole or not there, until they are `max_seconds` old or `max_bytes` are exceeded.

    Files are hard links to those of the job that made them, and so are the copies: nobody writes to a produced file, and
    removing one leaves the others.
    """

    def __init__(self, root: Path, *, max_seconds: float, max_bytes: int) -> None:
        self._root = root
        self._max_seconds = max_seconds
        self._max_bytes = max_bytes

    @property
    def enabled(self) -> bool:
        return self._max_seconds > 0 and self._max_bytes > 0

    def take(self, key: str, into: WorkingFolder) -> CachedResult | None:
        """Put the files of this entry into an empty working folder; None when there is no entry, or not all of it."""
        folder = self._folder(key)
        try:
            entry = _entry(folder)
            if time.time() - entry.kept_at > self._max_seconds:
                return None
            kept = CachedResult(**json.loads((folder / "result.json").read_bytes()))
            for file in kept.files:
                _link(folder / "files" / file["name"], into.files / file["name"], size=file["size"])
            _link(folder / into.archive.name, into.archive, size=entry.archive)
            (into.root / KEPT_UNDER).write_text(key)
        except (OSError, ValueError, KeyError, TypeError):
            # Removed in the meantime, or cut short by a crash of the machine.
            shutil.rmtree(into.files, ignore_errors=True)
            into.files.mkdir(exist_ok=True)
            into.archive.unlink(missing_ok=True)
            return None
        return kept

    def keep(self, key: str, made: WorkingFolder, result: CachedResult) -> None:
        """Keep what a job made under `key`, in place of what was there."""
        packed = json.dumps(asdict(result)).encode()
        archive = made.archive.stat().st_size
        size = len(packed) + archive + sum(file["size"] for file in result.files)
        if size > self._max_bytes:
            return
        base = self._root / _WORKING
        base.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=base))
        try:
            for file in result.files:
                _link(made.files / file["name"], new / "files" / file["name"])
            _link(made.archive, new / made.archive.name)
            (new / "result.json").write_bytes(packed)
            said = {"kept_at": time.time(), "size": size, "archive": archive}
            (new / "entry.json").write_text(json.dumps(said))
            (made.root / KEPT_UNDER).write_text(key)
            self._replace(new, self._folder(key))
        finally:
            shutil.rmtree(new, ignore_errors=True)

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

    def _entries(self) -> Iterator[_Entry]:
        for shelf in _children(self._root):
            for folder in _children(shelf) if shelf.name != _WORKING else ():
                try:
                    yield _entry(folder)
                except (OSError, ValueError, KeyError, TypeError):
                    yield _Entry(folder, 0.0, 0, 0)

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


def _entry(folder: Path) -> _Entry:
    said = json.loads((folder / "entry.json").read_bytes())
    return _Entry(folder, float(said["kept_at"]), int(said["size"]), int(said["archive"]))


def _children(folder: Path) -> list[Path]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return list(folder.iterdir())
    return []


def _link(source: Path, target: Path, *, size: int | None = None) -> None:
    """A hard link, or a copy where the file system has none; ValueError when the file is not of this size."""
    if size is not None and source.stat().st_size != size:
        raise ValueError("a cached file is not what it was")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)
