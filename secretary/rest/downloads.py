"""A file as an answer: streamed, in parts where asked, not sent again to a caller who has it, and never run by a browser."""

import hashlib
import os
from collections.abc import MutableMapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import anyio
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from secretary.errors import ProducedFileNotFound
from secretary.rest.ranges import RangeNotSatisfiable, satisfiable
from secretary.rest.refusals import refusal_answer

# What a browser shows without running anything in it. HTML, SVG and XML can carry scripts, so they are saved instead.
_SHOWN: Final = frozenset({"application/json", "application/pdf", "text/csv", "text/markdown", "text/plain"})
_PICTURES: Final = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True, slots=True)
class Download:
    """A file to send: where it lies, what it is, and what it is called."""

    path: Path
    media_type: str
    filename: str
    saved: bool = False

    @property
    def disposition(self) -> str:
        """RFC 6266: the name in ASCII for old clients, and in UTF-8 (RFC 8187) for the others."""
        shown = not self.saved and self.media_type.partition(";")[0] in _SHOWN | _PICTURES
        plain = "".join(
            letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_"
            for letter in self.filename
        )
        return f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(self.filename, safe='')}"


async def download_answer(request: Request, download: Download) -> Response:
    """The file, a part of it, or word that the caller has it already. Raises ProducedFileNotFound when it is gone."""
    try:
        status = await anyio.to_thread.run_sync(os.stat, download.path)
    except OSError:
        raise ProducedFileNotFound from None
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Disposition": download.disposition,
        "ETag": _tag(download.path, status),
        "Last-Modified": formatdate(status.st_mtime, usegmt=True),
        "X-Content-Type-Options": "nosniff",
    }
    if _has_it(request, headers["ETag"]):
        return Response(status_code=304, headers={name: headers[name] for name in ("Cache-Control", "ETag")})
    try:
        wanted = _wanted_range(request, headers, status.st_size)
    except RangeNotSatisfiable as error:
        return refusal_answer(error, {"Content-Range": f"bytes */{status.st_size}"})
    whole = FileResponse(download.path, media_type=download.media_type, headers=headers, stat_result=status)
    return _Ranged(whole, wanted)


class _Ranged(Response):
    """A file response that is asked for exactly the ranges found good, so that it need not refuse in words of its own."""

    def __init__(self, whole: FileResponse, wanted: str | None) -> None:
        self._whole = whole
        self._wanted = wanted
        self.status_code = whole.status_code

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = [header for header in scope["headers"] if header[0] not in {b"range", b"if-range"}]
        if self._wanted is not None:
            kept.append((b"range", self._wanted.encode()))
        asked: MutableMapping[str, Any] = {**scope, "headers": kept}
        await self._whole(asked, receive, send)


def _tag(path: Path, status: os.stat_result) -> str:
    # A produced file is never changed in place, and the path of another attempt's is another.
    known = f"{path}\0{status.st_mtime_ns}\0{status.st_size}"
    return f'"{hashlib.sha256(os.fsencode(known)).hexdigest()[:32]}"'


def _has_it(request: Request, tag: str) -> bool:
    held = ",".join(request.headers.getlist("if-none-match"))
    return "*" in held or tag in {part.strip().removeprefix("W/") for part in held.split(",")}


def _wanted_range(request: Request, file: dict[str, str], size: int) -> str | None:
    asked = request.headers.get("range")
    if asked is None or request.method != "GET" or not _range_applies(request.headers, file):
        return None
    return satisfiable(asked, size)


def _range_applies(headers: Headers, file: dict[str, str]) -> bool:
    condition = headers.get("if-range")
    return condition is None or condition in {file["ETag"], file["Last-Modified"]}
