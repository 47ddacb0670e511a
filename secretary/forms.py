"""Multipart forms as both doors receive them: read piece by piece, the one file straight to disk, refused as soon as it can be."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from secretary.errors import BodyTooLarge, FieldError, InvalidForm, InvalidParameters, UnsupportedMediaType
from secretary.files import IncomingFile

MAX_PARTS: Final = 100
_AROUND_BYTES: Final = 64 * 1024
"""What boundaries and headers may add to a file and its fields."""
_GATHERED_BYTES: Final = 256 * 1024
"""Pieces are handed to a thread when they are together this long: a hop for each would cost more than the work."""


@dataclass(frozen=True, slots=True)
class FormLimits:
    """Where a file is received, and how many bytes it and all the other fields together may have."""

    folder: Path
    file_bytes: int
    field_bytes: int


@dataclass(slots=True)
class Form:
    """What was sent: the fields that are no files, by name, and the file with the name of its field."""

    fields: dict[str, str] = field(default_factory=dict)
    file: IncomingFile | None = None
    file_field: str = ""

    def required_file(self, name: str) -> IncomingFile:
        """The file sent as `name`; raises InvalidParameters."""
        if self.file is None or self.file_field != name:
            raise wrong_field(name, "send a file in this field, as curl -F file=@report.pdf does")
        return self.file


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "multipart/form-data"


@contextlib.asynccontextmanager
async def received_form(request: Request, limits: FormLimits) -> AsyncIterator[Form]:
    """The whole form. Its file is there inside the block, and afterwards only if it was moved elsewhere.

    Raises UnsupportedMediaType, BodyTooLarge, InvalidForm for what is no form, InvalidParameters for two files or two fields of
    one name, what IncomingFile raises, and ClientDisconnect.
    """
    reader = _Reader(_boundary(request), limits)
    try:
        _refuse_announced(request, limits)
        gathered = bytearray()
        async for chunk in request.stream():
            gathered += chunk
            if len(gathered) >= _GATHERED_BYTES:
                await asyncio.to_thread(reader.take, bytes(gathered))
                gathered.clear()
        await asyncio.to_thread(reader.finish, bytes(gathered))
        yield reader.form
    finally:
        if reader.form.file is not None:
            await asyncio.to_thread(reader.form.file.discard)


def _boundary(request: Request) -> bytes:
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type != b"multipart/form-data":
        raise UnsupportedMediaType("Send a file as `Content-Type: multipart/form-data`.")
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:  # noqa: PLR2004  # RFC 2046, section 5.1.1
        raise InvalidForm("The Content-Type names no boundary, or one of more than 70 characters.")
    return boundary


def _refuse_announced(request: Request, limits: FormLimits) -> None:
    announced = request.headers.get("content-length", "")
    largest = limits.file_bytes + limits.field_bytes + _AROUND_BYTES
    if announced.isdecimal() and int(announced) > largest:
        raise BodyTooLarge(
            f"The request has {int(announced):,} bytes; this server takes files of up to {limits.file_bytes:,}."
        )


class _Reader:
    """Turns the bytes of a form into its fields and file; works in a thread, one call at a time."""

    def __init__(self, boundary: bytes, limits: FormLimits) -> None:
        self.form = Form()
        self._limits = limits
        self._parts = 0
        self._field_bytes = 0
        self._headers: dict[str, str] = {}
        self._header_name = self._header_value = b""
        self._name = ""
        self._value: bytearray | None = None
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_header_name,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    def take(self, data: bytes) -> None:
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise InvalidForm(f"The body is no multipart form with that boundary: {error}.") from None

    def finish(self, data: bytes) -> None:
        if data:
            self.take(data)
        if not self._ended:
            raise InvalidForm("The form breaks off before its last boundary.")

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise InvalidForm(f"The form has more than {MAX_PARTS} parts.")
        self._headers = {}

    def _on_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _on_header_end(self) -> None:
        name = self._header_name.decode("latin-1").lower()
        # As latin-1, which keeps every byte: the names in it are UTF-8, decoded where they are taken out.
        self._headers[name] = self._header_value.decode("latin-1")
        self._header_name = self._header_value = b""

    def _on_headers(self) -> None:
        kind, options = parse_options_header(self._headers.get("content-disposition", ""))
        if kind != b"form-data" or b"name" not in options:
            raise InvalidForm("A part of the form has no `Content-Disposition: form-data` with a name.")
        self._name = options[b"name"].decode(errors="replace")
        self._value = None
        if b"filename" in options:
            self._open(options[b"filename"].decode(errors="replace"))
        else:
            self._value = bytearray()

    def _open(self, filename: str) -> None:
        if self.form.file is not None:
            raise wrong_field(self._name, "send one file at a time")
        self.form.file_field = self._name
        self.form.file = IncomingFile(self._limits.folder, filename, max_bytes=self._limits.file_bytes)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._value is None:
            assert self.form.file is not None
            self.form.file.write(data[start:end])
            return
        self._field_bytes += end - start
        if self._field_bytes > self._limits.field_bytes:
            raise BodyTooLarge(
                f"The form's fields have more than the {self._limits.field_bytes:,} bytes this server takes."
            )
        self._value += data[start:end]

    def _on_part_end(self) -> None:
        if self._value is None:
            assert self.form.file is not None
            self.form.file.end()
            return
        if self._name in self.form.fields:
            raise wrong_field(self._name, "was sent twice")
        try:
            self.form.fields[self._name] = self._value.decode()
        except UnicodeDecodeError:
            raise wrong_field(self._name, "must be UTF-8 text") from None

    def _on_end(self) -> None:
        self._ended = True


def wrong_field(name: str, message: str) -> InvalidParameters:
    """A refusal of one field of a form."""
    return InvalidParameters(f"{name}: {message}", fields=(FieldError((name,), message),))
