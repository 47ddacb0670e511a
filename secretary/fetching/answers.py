"""What another server answered: its headers read, its status turned into what it means for a job."""

from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from pathlib import Path
from typing import Final

from secretary.errors import FetchFailed, FetchRefused
from secretary.fetching.filenames import filename_of

_MAY_PASS: Final = frozenset({408, 425, 429})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_WITHOUT_BODY: Final = frozenset({204, 205})
_ERRORS: Final = 400
_SERVER_ERRORS: Final = 500
_LONGEST_VALIDATOR: Final = 1_000


class Headers:
    """Header fields by their names in lower case; several of one name are one, separated by commas."""

    def __init__(self, fields: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in fields:
            key, text = name.decode("latin-1").lower(), _text(value)
            self._values[key] = f"{self._values[key]}, {text}" if key in self._values else text

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def to_dict(self) -> dict[str, str]:
        return dict(self._values)

    @property
    def length(self) -> int | None:
        """Content-Length, where it is a number."""
        value = self._values.get("content-length", "")
        return int(value) if value.isascii() and value.isdigit() else None

    @property
    def media_type(self) -> str | None:
        """The media type without its parameters, in lower case."""
        return self._values.get("content-type", "").partition(";")[0].strip().lower() or None

    @property
    def charset(self) -> str | None:
        message = Message()
        message["content-type"] = self._values.get("content-type", "")
        return message.get_content_charset()

    def validator(self, name: str) -> str | None:
        """ETag or Last-Modified, unless it is unreasonably long."""
        value = self._values.get(name)
        return value if value and len(value) <= _LONGEST_VALIDATOR else None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched into `path`, from `url` after redirects. With status 304 there is none: it is as it was.

    `size` in bytes and `sha256` are those of the file on disk, after any compression was undone; `filename` is a safe one.
    """

    path: Path
    url: str
    status: int
    media_type: str | None
    charset: str | None
    etag: str | None
    last_modified: str | None
    sha256: str
    size: int
    filename: str
    may_be_kept: bool = True
    """Whether the server permits a copy (Cache-Control without no-store)."""

    @property
    def not_modified(self) -> bool:
        return self.status == HTTPStatus.NOT_MODIFIED


def fetched(path: Path, url: str, status: int, headers: Headers, *, sha256: str, size: int) -> Fetched:
    return Fetched(
        path=path,
        url=url,
        status=status,
        media_type=headers.media_type,
        charset=headers.charset,
        etag=headers.validator("etag"),
        last_modified=headers.validator("last-modified"),
        sha256=sha256,
        size=size,
        filename=filename_of(headers.get("content-disposition"), url),
        may_be_kept="no-store" not in (headers.get("cache-control") or "").lower(),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A small body in memory."""

    url: str
    status: int
    media_type: str | None
    charset: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """What was answered to a POST: any status, headers by names in lower case, the beginning of the body."""

    status: int
    headers: dict[str, str]
    body: bytes


def redirects_to(status: int, headers: Headers) -> str | None:
    """Where the answer sends the caller, if it does."""
    return headers.get("location") if status in _REDIRECTS else None


def check_status(host: str, status: int, *, conditional: bool) -> None:
    """Raises FetchFailed where trying again may help, FetchRefused where it will not, each with the real reason."""
    if status in _MAY_PASS or status >= _SERVER_ERRORS:
        raise FetchFailed(f"{host} answered {_named(status)}.")
    if status == HTTPStatus.NOT_MODIFIED and conditional:
        return
    if status >= _ERRORS or status not in range(200, 300):
        raise FetchRefused(f"{host} answered {_named(status)}.")
    if status in _WITHOUT_BODY or status == HTTPStatus.PARTIAL_CONTENT:
        raise FetchRefused(f"{host} answered {_named(status)}, which is not the whole file.")


def _named(status: int) -> str:
    try:
        return f"HTTP {status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return f"HTTP {status}"


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
