"""A file on its way in: written as it comes, its hash taken and its size held on the way, and gone unless it is kept."""

import contextlib
import hashlib
import os
import re
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import Final

from secretary.errors import FileTooLarge, InvalidFile, NotADocument
from secretary.files.kinds import HEAD_BYTES, media_type_of_upload

_LEFT_SECONDS: Final = 86_400.0
_LONGEST_NAME: Final = 200
_UNFIT: Final = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\ud800-\udfff]')


class IncomingFile:
    """One file that is being received into `folder`. Its methods block, and are called in a thread."""

    def __init__(self, folder: Path, name: str, *, max_bytes: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = plain_name(name)
        self.size = 0
        self.media_type = ""
        self._max_bytes = max_bytes
        self._hash = hashlib.sha256()
        self._head = b""
        number, path = tempfile.mkstemp(dir=folder)
        self.path = Path(path)
        self._file = os.fdopen(number, "wb")

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Take the next bytes. Raises FileTooLarge, and NotADocument as soon as the first bytes show it."""
        self.size += len(data)
        if self.size > self._max_bytes:
            raise FileTooLarge(f"{self.name} has more than the {self._max_bytes:,} bytes this server takes.")
        if len(self._head) < HEAD_BYTES:
            self._head += data[: HEAD_BYTES - len(self._head)]
            if len(self._head) == HEAD_BYTES:
                self._look()
        self._hash.update(data)
        self._file.write(data)

    def end(self) -> None:
        """That was all. Raises InvalidFile for an empty file, and NotADocument."""
        self._file.close()
        if not self.size:
            raise InvalidFile(f"{self.name} is empty.")
        self._look()

    def discard(self) -> None:
        """Leave nothing behind, whatever has become of it."""
        with contextlib.suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def _look(self) -> None:
        found = media_type_of_upload(self._head, self.name)
        if found is None:
            raise NotADocument(f"{self.name} is neither a PDF nor text; send one of these.")
        self.media_type = found


def plain_name(given: str) -> str:
    """The last part of a name, fit for every file system, with its ending, in at most 200 bytes."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = _UNFIT.sub("_", last).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:  # noqa: PLR2004  # longer is no ending
        stem, dot, ending = name, "", ""
    room = _LONGEST_NAME - len((dot + ending).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip()
    return f"{stem}{dot}{ending}" if stem else f"upload{dot}{ending}"


def sweep_incoming(folder: Path) -> None:
    """Remove what a process that died was receiving a day ago or longer."""
    with contextlib.suppress(FileNotFoundError):
        for left in folder.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                    left.unlink()
