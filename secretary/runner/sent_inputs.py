"""Uploads as inputs: brought from the storage to a path of this machine, if they still are their owner's."""

import asyncio
from pathlib import Path

from secretary.errors import FileMissing, UploadExpired
from secretary.files import Storage
from secretary.store import Gone, Uploads


class SentInputs:
    """The uploads that jobs of this worker read."""

    def __init__(self, uploads: Uploads, gone: Gone, storage: Storage) -> None:
        self._uploads = uploads
        self._gone = gone
        self._storage = storage

    async def bring(self, upload_id: str, owner: str, folder: Path) -> Path:
        """The file under its own name in `folder`; raises UploadExpired, FileMissing, StorageUnavailable."""
        row = await self._uploads.find(upload_id, owner)
        if row is None:
            raise UploadExpired if await self._gone.expired(upload_id, owner) else _missing()
        target = folder / row.name
        try:
            await asyncio.to_thread(self._storage.bring, row.stored, target)
        except FileNotFoundError:
            raise _missing() from None
        return target


def _missing() -> FileMissing:
    return FileMissing("The uploaded file is there no longer; send it again.")
