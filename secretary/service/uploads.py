"""Uploads: files that owners send, kept once for equal bytes, and found again by the id or the name a job gives."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secretary.auth import Viewer
from secretary.errors import FieldError, InvalidParameters, SecretaryError
from secretary.files import IncomingFile, Storage, sweep_incoming
from secretary.jobs import new_id
from secretary.models import UploadRow
from secretary.service.policy import Policy, owner_for, room_for
from secretary.service.sent_files import SentFiles, is_upload_id, may_name_upload
from secretary.store import Store


@dataclass(frozen=True, slots=True)
class KeptUpload:
    """An upload as it is kept; not `new` when the same owner had sent the same bytes by the same name before."""

    row: UploadRow
    new: bool


class UploadService:
    """What a caller can do with files of its own."""

    def __init__(self, store: Store, storage: Storage, incoming: Path, policy: Policy) -> None:
        self._store = store
        self._storage = storage
        self._policy = policy
        self.incoming = incoming

    @property
    def max_file_bytes(self) -> int:
        return self._policy.max_file_bytes

    async def keep(self, viewer: Viewer, file: IncomingFile, *, user_id: str | None = None) -> KeptUpload:
        """Keep a file that was received whole. Raises Forbidden, RateLimited, StorageUnavailable; then nothing was kept."""
        owner = _checked_owner(viewer, user_id)
        upload_id = new_id("file")
        stored = await self._bytes_at(owner, file) or upload_id
        if stored == upload_id:
            await asyncio.to_thread(self._storage.put_file, file.path, stored)
        known = {
            "id": upload_id,
            "owner": owner,
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.sha256,
            "stored": stored,
        }
        try:
            row = await self._store.uploads.add(known, room=room_for(self._policy, viewer))
        except SecretaryError:
            await self._remove_own(upload_id, stored)
            raise
        if row.stored != stored:
            # The same bytes came twice at the same moment, and the others were first.
            await self._remove_own(upload_id, stored)
        return KeptUpload(row, new=row.id == upload_id)

    async def take_back(self, kept: KeptUpload) -> None:
        """Undo `keep`: the call that sent the file was refused, so nothing of it stays."""
        if kept.new and (stored := await self._store.uploads.remove(kept.row.id)):
            await asyncio.to_thread(self._storage.remove, stored)

    async def sent_for(self, owner: str, jobs: Iterable[Any]) -> SentFiles:
        """The uploads of `owner` that these job requests may mean; whether the requests are right is not yet known."""
        names = {name for job in jobs for name in may_name_upload(self._policy.job_types, job)}
        known = await self._store.uploads.named(owner, names) if names else {}
        unknown = [name for name in names if name not in known and is_upload_id(name)]
        expired = {name for name in unknown if await self._store.gone.expired(name, owner)}
        return SentFiles(known, frozenset(expired))

    async def used(self, jobs: Iterable[dict[str, Any]]) -> None:
        """New jobs read these uploads, which therefore expire later."""
        if ids := sorted({str(job["upload_id"]) for job in jobs if job.get("upload_id")}):
            await self._store.uploads.touch(ids)

    async def tidy(self) -> None:
        """Remove what processes that died were receiving."""
        await asyncio.to_thread(sweep_incoming, self.incoming)

    async def _remove_own(self, upload_id: str, stored: str) -> None:
        if stored == upload_id:
            await asyncio.to_thread(self._storage.remove, stored)

    async def _bytes_at(self, owner: str, file: IncomingFile) -> str | None:
        """Where these bytes of this owner lie already, if they do."""
        for row in await self._store.uploads.known(owner, file.sha256):
            lying = await asyncio.to_thread(self._storage.stat, row.stored)
            if lying is not None and lying.size == file.size:
                return row.stored
            await asyncio.to_thread(self._storage.put_file, file.path, row.stored)
            return row.stored
        return None


def _checked_owner(viewer: Viewer, user_id: str | None) -> str:
    if user_id is not None and not (0 < len(user_id) <= 200 and user_id.isprintable()):  # noqa: PLR2004  # as the column
        message = "must have 1 to 200 printable characters"
        raise InvalidParameters(f"user_id: {message}", fields=(FieldError(("user_id",), message),))
    return owner_for(viewer, user_id)
