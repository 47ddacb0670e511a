"""Signals as something to wait for: asked to stop, asked again, or a child has ended."""

import contextlib
import os
import select
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Final

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """What has been asked of this process. A handler only counts; the loop that waits does the work.

    While `interrupting`, before there is such a loop, each request to stop is a KeyboardInterrupt wherever it falls.
    """

    def __init__(self, pipe: int) -> None:
        self.interrupting = True
        self._pipe = pipe
        self._asked = 0

    @property
    def stop(self) -> bool:
        return self._asked > 0

    @property
    def stop_at_once(self) -> bool:
        return self._asked > 1

    def wait(self, seconds: float | None) -> None:
        """Until a signal comes, a child's end included, or the time is over."""
        if select.select([self._pipe], [], [], seconds)[0]:
            os.read(self._pipe, 4096)

    def ask_to_stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        if self.interrupting:
            raise KeyboardInterrupt
        self._asked += 1


@contextlib.contextmanager
def listening_for_signals() -> Iterator[Signals]:
    """SIGINT, SIGTERM, SIGHUP and SIGCHLD wake `Signals.wait`; the handlers that were there come back at the end."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signals = Signals(reading)
    handlers = {number: signal.getsignal(number) for number in (*_STOPPING, signal.SIGCHLD)}
    waker = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        for number in _STOPPING:
            if number != signal.SIGHUP or handlers[number] != signal.SIG_IGN:  # nohup
                signal.signal(number, signals.ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        yield signals
    finally:
        signal.set_wakeup_fd(waker)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)
