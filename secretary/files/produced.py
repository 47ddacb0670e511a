"""What jobs produced: a folder per job and attempt, written elsewhere and published when the attempt is done."""

import contextlib
import mimetypes
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from secretary.files.folder_storage import FolderStorage
from secretary.files.storage import Storage, StoredFile

ARCHIVE_NAME: Final = "archive.zip"
KEPT_UNDER: Final = "kept-under"
"""Beside a job's files, the key under which they are kept for later jobs."""
_WORKING: Final = ".working"

# The file types jobs write; the platform's table differs from machine to machine.
_MEDIA_TYPES: Final = {
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ProducedFile:
    """One file a job produced; `name` is its path inside the job's folder, with `/`."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class WorkingFolder:
    """Where one attempt writes: `files` becomes the job's produced files, `archive` their ZIP."""

    root: Path

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def archive(self) -> Path:
        return self.root / ARCHIVE_NAME

    @property
    def input(self) -> Path:
        """Where an input lies that was brought here; beside the rest, so that it is neither published nor emptied."""
        return self.root.with_name(f"{self.root.name}-input")


class Kept(Protocol):
    """Where results are kept for later jobs, each under a key."""

    def forget(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Published:
    """What an attempt left at its lasting place: where that is, and the folder in which this process still has the same files."""

    key: str
    target_dir: str
    archive: str | None
    local: WorkingFolder


class ProducedFolder:
    """All produced files: written into a folder of this machine, and then published to the storage."""

    def __init__(self, root: Path, kept: Kept | None = None, storage: Storage | None = None) -> None:
        self._root = root
        self._kept = kept
        self._storage = storage or FolderStorage(root)

    def begin(self, job_id: str, attempt: int, token: str) -> WorkingFolder:
        """An empty folder for one attempt to write into."""
        base = self._root / _WORKING
        base.mkdir(parents=True, exist_ok=True)
        working = WorkingFolder(Path(tempfile.mkdtemp(prefix=f"{job_id}-{attempt}-{token[:8]}-", dir=base)))
        working.files.mkdir()
        return working

    def empty(self, working: WorkingFolder) -> None:
        """Remove what the attempt has written so far, so that it can start over."""
        shutil.rmtree(working.root)
        working.files.mkdir(parents=True)

    def discard(self, working: WorkingFolder) -> None:
        """Remove what an attempt wrote and did not publish; nothing there is no error."""
        shutil.rmtree(working.root, ignore_errors=True)
        shutil.rmtree(working.input, ignore_errors=True)

    def publish(self, working: WorkingFolder, job_id: str, attempt: int, token: str) -> Published:
        """Put what an attempt wrote at its lasting place; callers learn of it only when the job's row names it."""
        key = f"{job_id}/{attempt}-{token[:8]}"
        has_archive = working.archive.is_file()
        local = WorkingFolder(self._storage.put_folder(working.root, key))
        address = self._storage.address_of
        archive = address(f"{key}/{ARCHIVE_NAME}") if has_archive else None
        return Published(key, address(f"{key}/{local.files.name}"), archive, local)

    def withdraw(self, published: Published) -> None:
        """Remove what was published for a job that no longer wants it."""
        self._storage.remove(published.key)

    def find(self, address: str | None) -> StoredFile | None:
        """The file at an address that a job's row names, if it is there."""
        key = self._storage.key_of(address) if address else None
        return self._storage.stat(key) if key else None

    def keep_only(self, job_id: str, published: Published) -> None:
        """Remove what other attempts of this job left behind."""
        attempts = {"/".join(key.split("/")[:2]) for key in self._storage.keys(job_id)}
        for left in attempts - {published.key}:
            self._storage.remove(left)

    def remove(self, job_id: str) -> None:
        """Remove everything the job produced, also what is kept of it for later jobs."""
        for said in (self._root / job_id).glob(f"*/{KEPT_UNDER}"):
            if self._kept is not None:
                with contextlib.suppress(OSError):
                    self._kept.forget(said.read_text())
        self._storage.remove(job_id)

    def sweep(self, older_than_seconds: float, now: float) -> None:
        """Remove working folders of attempts that died long ago."""
        with contextlib.suppress(FileNotFoundError):
            for left in (self._root / _WORKING).iterdir():
                if now - left.stat().st_mtime > older_than_seconds:
                    shutil.rmtree(left, ignore_errors=True)


def list_files(folder: Path) -> list[ProducedFile]:
    """Every regular file under `folder`, by name. Links are left out: a document must not be able to point elsewhere."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [
        ProducedFile(path.relative_to(folder).as_posix(), media_type_of(path), path.stat().st_size) for path in found
    ]


def media_type_of(path: Path) -> str:
    known = _MEDIA_TYPES.get(path.suffix.lower())
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
