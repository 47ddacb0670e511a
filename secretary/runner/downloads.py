"""Inputs by URL: fetched in a thread, told of as they come, and asked for again only if they have changed."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from secretary.fetching import Fetched, OutboundClient
from secretary.files import Download, DownloadCache

logger = logging.getLogger(__name__)

Report = Callable[[str, int, str], Awaitable[None]]

STEP: Final = "reading_file"
FIRST_PERCENT: Final = 10
LAST_PERCENT: Final = 29
LOOK_SECONDS: Final = 0.2
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be fetched for whom, and whether what is kept of it may be used, or at least replaced."""

    url: str
    owner: str
    may_take: bool = True
    may_keep: bool = True


class Downloads:
    """For all jobs of one worker."""

    def __init__(self, client: OutboundClient, cache: DownloadCache, *, max_bytes: int, at_once: int) -> None:
        self._client = client
        self._cache = cache
        self._max_bytes = max_bytes
        # Their own threads: a slow server must not hold up what else this process has threads for.
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="download")

    async def fetch(self, wanted: Wanted, folder: Path, report: Report) -> tuple[Path, Download]:
        """The file, in `folder` under its own name. Raises what `OutboundClient.download` raises.

        Cancelled, it ends within a moment, and so does the connection.
        """
        kept = await asyncio.to_thread(self._cache.known, wanted.owner, wanted.url) if wanted.may_take else None
        part = folder / "part"
        fetched = await self._receive(wanted.url, part, kept.conditions if kept else {}, report)
        if kept is not None and fetched.not_modified:
            path = folder / kept.filename
            if await asyncio.to_thread(self._cache.take, wanted.owner, wanted.url, path):
                return path, kept
            # It has been removed while its server was asked.
            fetched = await self._receive(wanted.url, part, {}, report)
        return await asyncio.to_thread(self._settle, wanted, folder, fetched)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _receive(self, url: str, into: Path, headers: Mapping[str, str], report: Report) -> Fetched:
        told = _Told(urlsplit(url).hostname or "")
        cancelled = threading.Event()
        work = partial(
            self._client.download,
            url,
            into,
            max_bytes=self._max_bytes,
            headers=headers,
            on_progress=told.received,
            cancelled=cancelled,
        )
        receiving = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            while not receiving.done():
                await report(STEP, told.percent, told.message)
                await asyncio.wait([receiving], timeout=LOOK_SECONDS)
        finally:
            if not receiving.done():
                cancelled.set()
                await asyncio.wait([receiving])
                receiving.exception()  # looked at, or it would be logged as forgotten
        return receiving.result()

    def _settle(self, wanted: Wanted, folder: Path, fetched: Fetched) -> tuple[Path, Download]:
        path = fetched.path.rename(folder / fetched.filename)
        download = Download(
            fetched.url, fetched.filename, fetched.media_type, fetched.etag, fetched.last_modified, fetched.charset
        )
        if wanted.may_keep and fetched.may_be_kept:
            try:
                self._cache.keep(wanted.owner, wanted.url, path, download)
            except OSError as error:
                logger.warning("a fetched file could not be kept for later jobs: %s", error)
        return path, download


class _Told:
    """How far a download is, set by its thread and read by the loop."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._now: tuple[int, int | None] = (0, None)

    def received(self, size: int, total: int | None) -> None:
        self._now = (size, total)

    @property
    def percent(self) -> int:
        size, total = self._now
        return FIRST_PERCENT + (LAST_PERCENT - FIRST_PERCENT) * min(size, total) // total if total else FIRST_PERCENT

    @property
    def message(self) -> str:
        size, total = self._now
        if not size:
            return f"Fetching from {self._host}"
        of = f" of {total / _MEGABYTE:.1f}" if total else ""
        return f"Fetching from {self._host}: {size / _MEGABYTE:.1f}{of} MB"
