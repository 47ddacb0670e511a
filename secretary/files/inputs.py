"""Which files a job may read: only those inside the allowed folders, links resolved first."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from secretary.errors import FileMissing, FileNotAllowed, FileTooLarge, InvalidFile


def resolve_input(filename: str, roots: Sequence[Path], *, max_bytes: int) -> Path:
    """The regular file that `filename` means, absolute or relative to one of `roots`.

    Raises FileNotAllowed for a place outside the roots whether or not something is there, FileMissing, InvalidFile for a
    folder or device, FileTooLarge. Messages name the file as the caller did, never the server's folders.
    """
    resolved = _resolve(filename, roots)
    if resolved is None:
        raise FileNotAllowed
    try:
        status = resolved.stat()
    except PermissionError:
        raise FileNotAllowed(f"this server is not permitted to read {filename}") from None
    except OSError:
        raise FileMissing(f"there is no file {filename}") from None
    if stat.S_ISDIR(status.st_mode):
        raise InvalidFile(f"{filename} is a folder; name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise InvalidFile(f"{filename} is not a regular file")
    if status.st_size > max_bytes:
        raise FileTooLarge(f"{filename} has {status.st_size:,} bytes; this server takes {max_bytes:,}")
    return resolved


def _resolve(filename: str, roots: Sequence[Path]) -> Path | None:
    missing, outside = None, False
    for root in roots:
        try:
            candidate = (root / filename).resolve()
            inside = any(candidate.is_relative_to(allowed) for allowed in roots)
            if inside and candidate.exists():
                return candidate
            outside = outside or (not inside and os.path.lexists(root / filename))
        except (OSError, RuntimeError, ValueError) as error:
            # A loop of links, or a name the file system cannot hold.
            raise FileMissing("there is no file of this name") from error
        if inside:
            missing = missing or candidate
    return None if outside else missing
