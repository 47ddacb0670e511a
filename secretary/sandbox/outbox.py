"""The child's end of the pipe: what a task says, in order; reports that come too fast are told as their newest state."""

import threading
import time
from typing import IO, Final

from secretary.sandbox.messages import Done, Failed, Message, Reported, encode

FREE_REPORTS: Final = 60
"""So many reports of a task are told as they come, as many as its parent publishes at once."""
PAUSE_SECONDS: Final = 0.05
"""Between later ones. A page of text takes a millisecond, and telling of it would take parent and child a third of one."""


class Outbox:
    """Writes messages; a report that has to wait is written by a thread of its own, also when the handler says nothing more."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._late = threading.Event()
        self._waiting: Reported | None = None
        self._reports = 0
        self._told_at = 0.0
        threading.Thread(target=self._tell_late, daemon=True).start()

    def send(self, message: Message) -> None:
        with self._lock:
            if isinstance(message, Reported):
                self._waiting = message
                if not self._may_report():
                    self._late.set()
                    return
                self._tell_waiting()
                return
            self._tell_waiting()
            self._write(message)
            if isinstance(message, Done | Failed):
                self._reports = 0

    def _may_report(self) -> bool:
        return self._reports < FREE_REPORTS or time.monotonic() - self._told_at >= PAUSE_SECONDS

    def _tell_waiting(self) -> None:
        if self._waiting is not None:
            self._write(self._waiting)
            self._waiting = None
            self._reports += 1
            self._told_at = time.monotonic()

    def _tell_late(self) -> None:
        while self._late.wait():
            time.sleep(PAUSE_SECONDS)
            with self._lock:
                self._late.clear()
                self._tell_waiting()

    def _write(self, message: Message) -> None:
        self._pipe.write(encode(message))
        self._pipe.flush()
