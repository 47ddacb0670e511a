"""A bucket of Amazon S3, or of anything that speaks its protocol, as storage, so that web and workers may be on different machines."""

import contextlib
import os
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from secretary.errors import StorageUnavailable
from secretary.files.storage import PIECE, StoredFile

_PARTS_AT_ONCE: Final = 2
_PART: Final = 8 * 1024 * 1024
"""A large file is sent in parts of this size, of which so many are in memory at once."""
_FILES_AT_ONCE: Final = 8
_LISTED_AT_ONCE: Final = 1_000
_RETRY_SECONDS: Final = 15
_SILENCE_SECONDS: Final = 30
_REQUEST_SECONDS: Final = 24 * 3600
"""A download lasts as long as its reader needs; a server that falls silent is noticed by the limit above."""


class BucketStorage:
    """Files as objects under a prefix of a bucket. Address and keys of the server come from obstore's `AWS_*` variables."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        parts = urlsplit(self._url)
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "read_timeout": timedelta(seconds=_SILENCE_SECONDS),
                "timeout": timedelta(seconds=_REQUEST_SECONDS),
            },
            retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=_RETRY_SECONDS)},
        )

    def address_of(self, key: str) -> str:
        return f"{self._url}/{key}"

    def key_of(self, address: str) -> str | None:
        beginning = f"{self._url}/"
        return address.removeprefix(beginning) if address.startswith(beginning) else None

    def put_file(self, source: Path, key: str) -> None:
        try:
            with _unavailable_when_down():
                obstore.put(self._store, key, source, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE)
        except FileNotFoundError as error:
            raise StorageUnavailable("There is no such bucket as SECRETARY_STORAGE_URL names.") from error

    def put_folder(self, source: Path, key: str) -> Path:
        found = (Path(folder, name) for folder, _, names in os.walk(source) for name in names)
        files = [path for path in found if path.is_file() and not path.is_symlink()]
        with ThreadPoolExecutor(_FILES_AT_ONCE) as threads:
            keys = (f"{key}/{path.relative_to(source).as_posix()}" for path in files)
            for _ in threads.map(self.put_file, files, keys):
                pass
        return source

    def stat(self, key: str) -> StoredFile | None:
        try:
            with _unavailable_when_down():
                meta = obstore.head(self._store, key)
        except (FileNotFoundError, ValueError):
            # No object, or a key that none can have.
            return None
        etag = (meta["e_tag"] or "").strip('"')
        return StoredFile(self, key, meta["size"], f'"{etag}"', meta["last_modified"].timestamp())

    def bring(self, key: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _unavailable_when_down():
            got = obstore.get(self._store, key)
            with target.open("wb") as file:
                for piece in got.stream(min_chunk_size=PIECE):
                    file.write(piece)

    async def read(self, key: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        if start >= end:
            return
        with _unavailable_when_down():
            got = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for piece in got.stream(min_chunk_size=PIECE):
                yield bytes(piece)

    def remove(self, key: str) -> None:
        with _unavailable_when_down():
            obstore.delete(self._store, [key])
            for objects in obstore.list(self._store, key, chunk_size=_LISTED_AT_ONCE):
                obstore.delete(self._store, [found["path"] for found in objects])

    def keys(self, prefix: str = "") -> list[str]:
        with _unavailable_when_down():
            found = obstore.list(self._store, prefix or None, chunk_size=_LISTED_AT_ONCE)
            return sorted(entry["path"] for objects in found for entry in objects)


@contextlib.contextmanager
def _unavailable_when_down() -> Iterator[None]:
    try:
        yield
    except BaseError as error:
        raise StorageUnavailable from error
