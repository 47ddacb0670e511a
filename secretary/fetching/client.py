"""The client for addresses of callers, for threads and child processes: guarded, limited, streamed to disk."""

import contextlib
import hashlib
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import httpcore
import httpx

from secretary import __version__
from secretary.errors import FetchRefused, FileTooLarge
from secretary.fetching.answers import Fetched, Headers, Page, check_status, fetched, redirects_to
from secretary.fetching.decoding import ACCEPTED, decoded
from secretary.fetching.failing import told_as_failures
from secretary.fetching.patience import Patience
from secretary.fetching.policy import OutboundPolicy
from secretary.fetching.resolving import Resolver, system_resolver
from secretary.fetching.sockets import Dial, GuardedBackend, dial
from secretary.fetching.urls import Target, check_url, joined

Progress = Callable[[int, int | None], None]
"""Bytes received, and bytes there are where the server says so."""

MOST_REDIRECTS: Final = 5
AGENT: Final = f"secretary/{__version__}"
_CONDITIONS: Final = frozenset({"if-none-match", "if-modified-since"})
_FOR_ONE_ORIGIN: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
_HEADER: Final = re.compile(r"[\x20-\x7e\t]*")
_SMALL: Final = 4 * 1024 * 1024


class _Answer(NamedTuple):
    target: Target
    status: int
    headers: Headers
    chunks: Iterator[bytes]


class OutboundClient:
    """For several threads. Proxies of the environment are not used: what they connect to could not be judged."""

    def __init__(self, policy: OutboundPolicy, *, resolver: Resolver = system_resolver, dial: Dial = dial) -> None:
        self.policy = policy
        self._resolver = resolver
        self._dial = dial

    def download(
        self,
        url: str,
        into: Path,
        *,
        max_bytes: int,
        deadline_seconds: float | None = None,
        on_progress: Progress | None = None,
        cancelled: threading.Event | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Fetch `url` into the file `into`, up to MOST_REDIRECTS redirects on; on any failure there is no file.

        Raises UrlNotAllowed, FetchFailed (trying again may help), FetchRefused (it will not), FileTooLarge, and FetchCancelled
        within a second of `cancelled`. `deadline_seconds` is for the whole of it, the policy's total when None. With a
        condition in `headers` (If-None-Match, If-Modified-Since) the answer may be 304, without a file.
        """
        patience = Patience(deadline_seconds or self.policy.total_seconds, cancelled)
        with self._answer(url, headers or {}, patience) as answer:
            if answer.status == 304:  # noqa: PLR2004
                return fetched(into, answer.target.url, 304, answer.headers, sha256="", size=0)
            try:
                sha256, size = _store(answer, into, max_bytes, on_progress)
            except BaseException:
                into.unlink(missing_ok=True)
                raise
            return fetched(into, answer.target.url, answer.status, answer.headers, sha256=sha256, size=size)

    def get(
        self,
        url: str,
        *,
        max_bytes: int = _SMALL,
        deadline_seconds: float | None = None,
        cancelled: threading.Event | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Fetch a small body into memory; raises as `download` does."""
        patience = Patience(deadline_seconds or self.policy.total_seconds, cancelled)
        with self._answer(url, headers or {}, patience) as answer:
            body = b"".join(_limited(answer, max_bytes, None))
            found = answer.headers
            return Page(answer.target.url, answer.status, found.media_type, found.charset, body)

    @contextlib.contextmanager
    def _answer(self, url: str, headers: Mapping[str, str], patience: Patience) -> Iterator[_Answer]:
        """The answer after redirects, its status checked and its body unread."""
        target = check_url(url, self.policy)
        sent = {name.lower(): value for name, value in headers.items()}
        backend = GuardedBackend(self.policy, self._resolver, patience, self._dial)
        with httpcore.ConnectionPool(ssl_context=self._ssl_context, network_backend=backend) as pool:
            for _ in range(MOST_REDIRECTS + 1):
                with told_as_failures(target.host), self._asked(pool, target, sent) as response:
                    found = Headers(response.headers)
                    location = redirects_to(response.status, found)
                    if location is None:
                        check_status(target.host, response.status, conditional=bool(_CONDITIONS & sent.keys()))
                        yield _Answer(target, response.status, found, response.iter_stream())
                        return
                following = joined(target, location, self.policy)
                if following.origin != target.origin:
                    sent = {name: value for name, value in sent.items() if name not in _FOR_ONE_ORIGIN}
                target = following
        raise FetchRefused(f"{target.host} is reached only by more than {MOST_REDIRECTS} redirects.")

    def _asked(
        self, pool: httpcore.ConnectionPool, target: Target, headers: Mapping[str, str]
    ) -> contextlib.AbstractContextManager[httpcore.Response]:
        return pool.stream(
            "GET",
            core_url(target),
            headers=request_headers(target, {"accept": "*/*", "accept-encoding": ACCEPTED, **headers}),
            extensions={"timeout": timeouts(self.policy)},
        )

    @cached_property
    def _ssl_context(self) -> ssl.SSLContext:
        return secure_context()


def secure_context() -> ssl.SSLContext:
    """Certificates as httpx takes them: certifi's, or those of SSL_CERT_FILE or SSL_CERT_DIR."""
    return httpx.create_ssl_context()


def core_url(target: Target) -> httpcore.URL:
    return httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)


def request_headers(target: Target, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Header fields ready to be sent; raises FetchRefused for a value that no header can hold."""
    every = {"host": target.authority, "user-agent": AGENT, **headers}
    if not all(_HEADER.fullmatch(text) for field in every.items() for text in field):
        raise FetchRefused("A header of this request holds characters that no header can hold.")
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in every.items()]


def timeouts(policy: OutboundPolicy) -> dict[str, float]:
    return {
        "connect": policy.connect_seconds,
        "read": policy.silence_seconds,
        "write": policy.silence_seconds,
        "pool": policy.connect_seconds,
    }


def _store(answer: _Answer, into: Path, max_bytes: int, on_progress: Progress | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with into.open("wb") as file:
        for piece in _limited(answer, max_bytes, on_progress):
            digest.update(piece)
            file.write(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _limited(answer: _Answer, max_bytes: int, on_progress: Progress | None) -> Iterator[bytes]:
    """The body, no more than `max_bytes` of it as it is sent and as it is unpacked."""
    total = answer.headers.length
    if total is not None and total > max_bytes:
        raise _too_large(answer, max_bytes, total)
    received = unpacked = 0

    def counted() -> Iterator[bytes]:
        nonlocal received
        for chunk in answer.chunks:
            received += len(chunk)
            if received > max_bytes:
                raise _too_large(answer, max_bytes)
            yield chunk
            if on_progress is not None:
                on_progress(received, total)

    for piece in decoded(counted(), answer.headers.get("content-encoding") or ""):
        unpacked += len(piece)
        if unpacked > max_bytes:
            raise _too_large(answer, max_bytes)
        yield piece


def _too_large(answer: _Answer, max_bytes: int, size: int | None = None) -> FileTooLarge:
    said = f"has {size:,} bytes" if size is not None else f"has more than {max_bytes:,} bytes"
    return FileTooLarge(f"The file at {answer.target.host} {said}; this server takes {max_bytes:,}.")
