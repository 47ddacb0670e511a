"""A file as an answer: streamed, in parts where asked, not sent again to a caller who has it, and never run by a browser."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from secretary.files import StoredFile
from secretary.jobs import new_id
from secretary.rest.ranges import Part, RangeNotSatisfiable, satisfiable
from secretary.rest.refusals import refusal_answer

# What a browser shows without running anything in it. HTML, SVG, XML and PDF can carry scripts, so they are saved instead.
_SHOWN: Final = frozenset({"application/json", "text/csv", "text/markdown", "text/plain"})
_PICTURES: Final = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
_NOTHING_RUNS: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to send: where it lies, what it is, and what it is called."""

    stored: StoredFile
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
        name = quote(self.filename, safe="", errors="replace")
        return f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{name}"

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-cache",
            "Content-Disposition": self.disposition,
            "Content-Security-Policy": _NOTHING_RUNS,
            "Cross-Origin-Resource-Policy": "same-origin",
            "ETag": self.stored.etag,
            "Last-Modified": formatdate(self.stored.modified, usegmt=True),
            "X-Content-Type-Options": "nosniff",
        }


def download_answer(request: Request, download: Download) -> Response:
    """The file, parts of it, or word that the caller has it already."""
    headers, size = download.headers, download.stored.size
    if _has_it(request, headers):
        kept = ("Cache-Control", "ETag", "Last-Modified")
        return Response(status_code=304, headers={name: headers[name] for name in kept})
    try:
        parts = _wanted_parts(request, headers, size)
    except RangeNotSatisfiable as error:
        return refusal_answer(error, {"Content-Range": f"bytes */{size}"})
    if parts is None:
        return Sent(download, (Part(0, size),), {"Content-Type": download.media_type}, 200)
    if len(parts) == 1:
        about = {"Content-Type": download.media_type, "Content-Range": parts[0].content_range(size)}
        return Sent(download, parts, about, 206)
    return _several(download, parts)


class Sent(Response):
    """Parts of a file, each after what introduces it, piece by piece: nothing of it is held longer than it takes to send it."""

    def __init__(
        self,
        download: Download,
        parts: Sequence[Part],
        about: dict[str, str],
        status: int,
        between: Sequence[bytes] | None = None,
    ) -> None:
        self.status_code = status
        self.background = None
        self._stored = download.stored
        self._parts = parts
        self._between = between or (b"",) * (len(parts) + 1)
        length = sum(part.length for part in parts) + sum(map(len, self._between))
        self.init_headers({**download.headers, **about, "Content-Length": str(length)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            async with aclosing(self._pieces()) as pieces:
                async for piece in pieces:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        for introduction, part in zip(self._between, self._parts, strict=False):
            if introduction:
                yield introduction
            async with aclosing(self._stored.read(part.start, part.end)) as pieces:
                async for piece in pieces:
                    yield piece
        if self._between[-1]:
            yield self._between[-1]


def _several(download: Download, parts: Sequence[Part]) -> Response:
    """RFC 9110, section 14.6."""
    boundary = new_id("part")
    size = download.stored.size
    introductions = [
        f"--{boundary}\r\nContent-Type: {download.media_type}\r\nContent-Range: {part.content_range(size)}\r\n\r\n"
        for part in parts
    ]
    between = [("\r\n" if number else "") + text for number, text in enumerate([*introductions, f"--{boundary}--\r\n"])]
    about = {"Content-Type": f"multipart/byteranges; boundary={boundary}"}
    return Sent(download, parts, about, 206, [text.encode() for text in between])


def _has_it(request: Request, file: dict[str, str]) -> bool:
    held = ",".join(request.headers.getlist("if-none-match"))
    if held:
        return "*" in held or file["ETag"] in {part.strip().removeprefix("W/") for part in held.split(",")}
    return request.headers.get("if-modified-since") == file["Last-Modified"]


def _wanted_parts(request: Request, file: dict[str, str], size: int) -> Sequence[Part] | None:
    asked = request.headers.get("range")
    if asked is None or request.method != "GET":
        return None
    condition = request.headers.get("if-range")
    if condition is not None and condition not in {file["ETag"], file["Last-Modified"]}:
        return None
    return satisfiable(asked, size)
