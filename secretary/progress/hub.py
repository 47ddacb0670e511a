"""The hub: one Redis reader per web process, handing each change to the mailboxes of those who watch.

Under it lies a net: whatever is watched is read again from the database every few seconds and after each reconnection, so a
lost message delays the news but never hides the end."""

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

from secretary.errors import SecretaryError
from secretary.jobs import JobStatus, Progress
from secretary.progress.bus import BusLost, Connected, JobNews, LogAdded, News, ProgressBus

logger = logging.getLogger(__name__)

NET_SECONDS: Final = 5.0
RECONNECT_SECONDS: Final = 0.5
MAILBOX_SIZE: Final = 64
LIST_MAILBOX_SIZE: Final = 10_000

OVERLAP_SECONDS: Final = 2.0
"""Changes this much older than the last look are read again: a row may be committed after the instant it carries."""

ReadStates = Callable[[Sequence[str]], Awaitable[dict[str, Progress]]]
ReadChanges = Callable[[float], Awaitable[Sequence[Progress]]]


class Mailbox:
    """News for one watcher, in order. When it is full the oldest is dropped, so the newest, and with it the end, always arrives.

    With `newest_per_job` only the last state of each job is kept.
    """

    def __init__(self, size: int, *, newest_per_job: bool = False) -> None:
        self._size = size
        self._newest_per_job = newest_per_job
        self._waiting: dict[object, Progress | None] = {}
        self._waiter: asyncio.Future[None] | None = None

    def offer(self, progress: Progress | None) -> None:
        """Put a state in; None only wakes the watcher, who then looks for itself."""
        key = object() if progress is not None and not self._newest_per_job else progress and progress.job_id
        known = self._waiting.get(key)
        if known is not None and progress is not None and known.sequence > progress.sequence:
            # What the net reads from the database may be older than what was published.
            return
        self._waiting[key] = progress
        if len(self._waiting) > self._size:
            del self._waiting[next(iter(self._waiting))]
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def take(self) -> list[Progress]:
        """Wait for news and take all of it, oldest first; empty when the watcher was only woken."""
        # There is one watcher a mailbox, and thousands of mailboxes: a future costs less than an event.
        while not self._waiting:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        taken = [progress for progress in self._waiting.values() if progress is not None]
        self._waiting.clear()
        return taken


class Hub:
    """Who watches what in this process."""

    def __init__(self, bus: ProgressBus, read_states: ReadStates, read_changes: ReadChanges) -> None:
        self._bus = bus
        self._read_states = read_states
        self._read_changes = read_changes
        self._changes_read_at = time.monotonic()
        self._jobs: defaultdict[str, set[Mailbox]] = defaultdict(set)
        self._logs: defaultdict[str, set[Mailbox]] = defaultdict(set)
        self._batches: defaultdict[str, set[Mailbox]] = defaultdict(set)
        self._lists: set[Mailbox] = set()
        self.reconnections = 0

    def job(self, job_id: str) -> contextlib.AbstractContextManager[Mailbox]:
        """A mailbox for every change of one job."""
        return _registered(self._jobs, job_id, Mailbox(MAILBOX_SIZE))

    def logs(self, job_id: str) -> contextlib.AbstractContextManager[Mailbox]:
        """A mailbox that is woken when the job's log grows or its state changes."""
        return _registered(self._logs, job_id, Mailbox(1))

    def batch(self, batch_id: str) -> contextlib.AbstractContextManager[Mailbox]:
        """A mailbox that is woken when a job of the batch changes."""
        return _registered(self._batches, batch_id, Mailbox(1))

    @contextlib.contextmanager
    def every_job(self) -> Iterator[Mailbox]:
        """A mailbox for the newest state of every job that changes, whoever owns it."""
        mailbox = Mailbox(LIST_MAILBOX_SIZE, newest_per_job=True)
        self._lists.add(mailbox)
        try:
            yield mailbox
        finally:
            self._lists.discard(mailbox)

    @property
    def watchers(self) -> int:
        kinds = (self._jobs, self._logs, self._batches)
        return sum(len(mailboxes) for kind in kinds for mailboxes in kind.values()) + len(self._lists)

    async def run(self) -> None:
        """Read the bus and cast the net until cancelled."""
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._read_bus())
                    tasks.create_task(self._cast_net())
            except* Exception:
                # Nobody else in this process tells the watchers anything, so the hub begins again whatever it was.
                logger.exception("the hub met something unforeseen and starts again")
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _read_bus(self) -> None:
        while True:
            try:
                async with contextlib.aclosing(self._bus.listen()) as stream:  # type: ignore[type-var]
                    async for news in stream:
                        await self._hear(news)
            except BusLost as error:
                logger.warning("the connection to the progress bus was lost, connecting again: %s", error)
            self.reconnections += 1
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear(self, news: News) -> None:
        if isinstance(news, Connected):
            await self._read_again()
        elif isinstance(news, LogAdded):
            _offer(self._logs, news.job_id, None)
        else:
            self._hear_job(news)

    def _hear_job(self, news: JobNews) -> None:
        if not (self._lists or self._batches or news.job_id in self._jobs or news.job_id in self._logs):
            return
        try:
            progress = Progress.from_json(news.payload)
        except (ValueError, KeyError, TypeError):
            logger.warning("a message about %s is not one of ours and was dropped", news.job_id)
            return
        self._deliver(progress)
        for mailbox in self._lists:
            mailbox.offer(progress)

    def _tell_again(self, job_id: str, state: Progress | None) -> None:
        if state is not None:
            self._deliver(state)
            return
        # The job was deleted: its watchers are woken to find that out.
        _offer(self._jobs, job_id, None)
        _offer(self._logs, job_id, None)

    def _deliver(self, progress: Progress) -> None:
        _offer(self._jobs, progress.job_id, progress)
        if progress.status is not JobStatus.PROCESSING:
            _offer(self._logs, progress.job_id, None)
        if progress.batch_id:
            _offer(self._batches, progress.batch_id, None)

    async def _cast_net(self) -> None:
        while True:
            await asyncio.sleep(NET_SECONDS)
            await self._read_again()

    async def _read_again(self) -> None:
        for batch_id in list(self._batches):
            _offer(self._batches, batch_id, None)
        try:
            await self._read_watched()
            await self._read_changed()
        except SecretaryError as error:
            logger.warning("watched jobs could not be read again: %s", error)

    async def _read_watched(self) -> None:
        watched = sorted({*self._jobs, *self._logs})
        for start in range(0, len(watched), 500):
            states = await self._read_states(watched[start : start + 500])
            for job_id in watched[start : start + 500]:
                self._tell_again(job_id, states.get(job_id))

    async def _read_changed(self) -> None:
        now = time.monotonic()
        if self._lists:
            for progress in await self._read_changes(now - self._changes_read_at + OVERLAP_SECONDS):
                for mailbox in self._lists:
                    mailbox.offer(progress)
        self._changes_read_at = now


@contextlib.contextmanager
def _registered(kind: defaultdict[str, set[Mailbox]], key: str, mailbox: Mailbox) -> Iterator[Mailbox]:
    kind[key].add(mailbox)
    try:
        yield mailbox
    finally:
        kind[key].discard(mailbox)
        if not kind[key]:
            del kind[key]


def _offer(kind: defaultdict[str, set[Mailbox]], key: str, progress: Progress | None) -> None:
    for mailbox in kind.get(key, ()):
        mailbox.offer(progress)
