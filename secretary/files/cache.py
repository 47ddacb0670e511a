"""Results kept by what they were made from, as folders of files: an equal job takes its own copy of them."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from secretary.files.produced import KEPT_UNDER, WorkingFolder
from secretary.files.shelf import Shelf


@dataclass(frozen=True, slots=True)
class CachedResult:
    """What a job ended with, beside its files."""

    results: dict[str, Any]
    warnings: list[str]
    files: list[dict[str, Any]]


class ResultCache(Shelf):
    """Files are hard links to those of the job that made them, and so are the copies: nobody writes to a produced file, and
    removing one leaves the others.
    """

    def take(self, key: str, into: WorkingFolder) -> CachedResult | None:
        """Put the files of this entry into an empty working folder; None when there is no entry, or not all of it."""
        try:
            entry = self.find(key)
            if entry is None:
                return None
            kept = CachedResult(**json.loads((entry.folder / "result.json").read_bytes()))
            for file in kept.files:
                link_or_copy(entry.folder / "files" / file["name"], into.files / file["name"], size=file["size"])
            link_or_copy(entry.folder / into.archive.name, into.archive, size=int(entry.said["archive"]))
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
        if not self.holds(size):
            return
        with self.putting(key, size, archive=archive) as new:
            for file in result.files:
                link_or_copy(made.files / file["name"], new / "files" / file["name"])
            link_or_copy(made.archive, new / made.archive.name)
            (new / "result.json").write_bytes(packed)
            (made.root / KEPT_UNDER).write_text(key)


def link_or_copy(source: Path, target: Path, *, size: int | None = None) -> None:
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
