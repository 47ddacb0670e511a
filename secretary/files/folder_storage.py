"""A folder of this machine, or one that machines share, as storage: files appear by being renamed."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio

from secretary.files.storage import PIECE, StoredFile


class FolderStorage:
    """Files in a folder, each at the path that is its key."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def address_of(self, key: str) -> str:
        return str(self._root / key)

    def key_of(self, address: str) -> str | None:
        try:
            return Path(address).relative_to(self._root).as_posix()
        except ValueError:
            return None

    def put_file(self, source: Path, key: str) -> None:
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.replace(target)
        except OSError:
            # From another file system: beside its place first, so that it still appears whole.
            partial = target.with_name(f".{target.name}.part")
            shutil.copyfile(source, partial)
            partial.replace(target)

    def put_folder(self, source: Path, key: str) -> Path:
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)  # noqa: PTH105  # a folder onto a place where none is: atomic
        return target

    def stat(self, key: str) -> StoredFile | None:
        path = self._root / key
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        if not path.is_file():
            return None
        # A file is never changed in place, and the path of another attempt's is another.
        known = f"{path}\0{status.st_mtime_ns}\0{status.st_size}"
        etag = f'"{hashlib.sha256(os.fsencode(known)).hexdigest()[:32]}"'
        return StoredFile(self, key, status.st_size, etag, status.st_mtime)

    def bring(self, key: str, target: Path) -> None:
        source = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(source, target)

    async def read(self, key: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        async with await anyio.open_file(self._root / key, "rb") as file:
            await file.seek(start)
            while start < end and (piece := await file.read(min(PIECE, end - start))):
                start += len(piece)
                yield piece

    def remove(self, key: str) -> None:
        path = self._root / key
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            if path.parent != self._root:
                path.parent.rmdir()

    def keys(self, prefix: str = "") -> list[str]:
        found = (Path(folder, name) for folder, _, names in os.walk(self._root / prefix) for name in names)
        return sorted(path.relative_to(self._root).as_posix() for path in found)
