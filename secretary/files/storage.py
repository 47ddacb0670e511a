"""Where produced files and uploads lie, behind one small interface: a folder of this machine, or a bucket that many machines share."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

PIECE: Final = 256 * 1024
"""Bytes that are held at once of a file that is being read."""


class Storage(Protocol):
    """Files under keys with `/` between folders. All but `read` block, and are called in threads.

    Any of them raises StorageUnavailable when the storage does not answer. Nobody writes to a file that is there.
    """

    def address_of(self, key: str) -> str:
        """Where this file or folder lies, as a path or an `s3://` address."""
        ...

    def key_of(self, address: str) -> str | None:
        """The key of an address; None when it lies elsewhere."""
        ...

    def put_file(self, source: Path, key: str) -> None:
        """Put a local file here, whole or not at all; the source may be gone afterwards."""
        ...

    def put_folder(self, source: Path, key: str) -> Path:
        """Put every file under a local folder here and return the folder where this process finds them now."""
        ...

    def stat(self, key: str) -> "StoredFile | None":
        """The file of this key, if there is one."""
        ...

    def bring(self, key: str, target: Path) -> None:
        """Put a file of this key at a local path; raises FileNotFoundError when there is none."""
        ...

    def read(self, key: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` up to, not including, `end`, in pieces; raises FileNotFoundError when there is no such file."""
        ...

    def remove(self, key: str) -> None:
        """Remove this file, or every file under this folder; nothing there is no error."""
        ...

    def keys(self, prefix: str = "") -> list[str]:
        """The keys of all files under this folder, sorted."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in a storage: its size in bytes, its ETag (RFC 9110, quoted, strong), when it was written (Unix time)."""

    storage: Storage
    key: str
    size: int
    etag: str
    modified: float

    def read(self, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Its bytes from `start` up to, not including, `end`."""
        return self.storage.read(self.key, start, self.size if end is None else end)
