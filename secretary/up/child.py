"""One child process: started, noticed when it dies, started again after a growing delay, stopped."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from secretary.up.parentage import dying_with

logger = logging.getLogger(__name__)

FIRST_DELAY: Final = 0.25
LONGEST_DELAY: Final = 30.0
PROVEN_SECONDS: Final = 30.0
"""A child that lived this long was all right: its next death begins again with the first delay."""


def own_command(*words: str) -> list[str]:
    """How this program starts itself."""
    # -P: a folder named `secretary` where the service is started must not be taken for this package.
    return [sys.executable, "-P", "-m", "secretary", *words]


def spawn(
    command: Sequence[str], *, environment: Mapping[str, str], keep: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    """A process in its own session, so that a terminal's Ctrl-C reaches it only through its supervisor, and bound to this one.

    `keep` are file descriptors it inherits.
    """
    return subprocess.Popen(
        command,
        env=dict(environment),
        pass_fds=keep,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dying_with(os.getpid()),  # noqa: PLW1509  # the supervisor has one thread
    )


def delay_after(deaths_in_a_row: int) -> float:
    """Seconds before the next start."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(deaths_in_a_row - 1, 16))


class Child:
    """A child and what became of it so far."""

    def __init__(self, name: str, start: "Callable[[], subprocess.Popen[bytes]]") -> None:
        self.name = name
        self.deaths_in_a_row = 0
        self._start = start
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._due_at: float | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        self._process = self._start()
        self._started_at = time.monotonic()
        self._due_at = None

    def tend(self) -> float | None:
        """Start the child again when it has died and its delay is over; the seconds until then otherwise, None when it lives."""
        now = time.monotonic()
        if self._due_at is None:
            if self.alive:
                return None
            self._due_at = now + self._book_death(now)
        if now < self._due_at:
            return self._due_at - now
        self.start()
        return None

    def terminate(self) -> None:
        """Ask the child to end."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End the child and what else is in its session's first group, and wait for it."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _book_death(self, now: float) -> float:
        self.deaths_in_a_row = 1 if now - self._started_at >= PROVEN_SECONDS else self.deaths_in_a_row + 1
        delay = delay_after(self.deaths_in_a_row)
        logger.warning("%s %s; it is started again in %.2g s", self.name, _fate(self._process), delay)
        return delay


def _fate(process: "subprocess.Popen[bytes] | None") -> str:
    if process is None or process.returncode is None:
        return "is not running"
    if process.returncode < 0:
        return f"(process {process.pid}) was killed by {signal.Signals(-process.returncode).name}"
    return f"(process {process.pid}) ended with exit code {process.returncode}"
