"""Files sent to the service: read piece by piece, with word of how much has gone."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from secretary.cli.remote.client import Client

Sent = Callable[[int], None]


class Counted(io.RawIOBase):
    """A file that says how much of it has been read."""

    def __init__(self, path: Path, sent: Sent) -> None:
        self._file = path.open("rb")
        self._sent = sent

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._sent(len(piece))
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()
        super().close()


def upload(client: Client, path: Path, name: str, *, sent: Sent) -> str:
    """The id by which a job can name the file; raises Refused."""
    with Counted(path, sent) as file:
        kept: dict[str, Any] = client.call("POST", "/api/files", files={"file": (name, file)}, timeout=None)
    return str(kept["file_id"])
