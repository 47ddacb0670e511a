"""The input file of a job, looked at once: its first bytes, its size and its fingerprint."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from secretary.documents.plain_text import one_line
from secretary.errors import FileMissing, FileNotAllowed, InvalidFile

_HEAD_BYTES = 2048
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was there and could be read; messages call it by `name`, never by its path."""

    path: Path
    name: str
    head: bytes
    size: int
    sha256: str


def identify(path: Path) -> SourceFile:
    """Read the file through, a piece at a time; a file that cannot be read is refused with the reason."""
    name = one_line(path.name, _LONGEST_NAME)
    try:
        _check_regular(path, name)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            file.seek(0)
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
            return SourceFile(path, name, head, file.tell(), fingerprint)
    except FileNotFoundError as error:
        raise FileMissing(f"There is no file {name} any more.") from error
    except PermissionError as error:
        raise FileNotAllowed(f"This server may not read {name}.") from error
    except OSError as error:
        raise InvalidFile(f"{name} cannot be read.") from error


def _check_regular(path: Path, name: str) -> None:
    """Opening a pipe would wait for a writer that never comes."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise InvalidFile(f"{name} is a folder, not a PDF.")
    if not stat.S_ISREG(mode):
        raise InvalidFile(f"{name} is not a regular file.")
