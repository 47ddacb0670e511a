"""How many requests an installation sends to a model at a time: each takes one of so many locks, which its
process's death gives back."""

import contextlib
import fcntl
import hashlib
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Protocol

_LOOK_SECONDS: Final = 0.05


class TurnsClosed(Exception):
    """The job ended while it waited for its turn."""


class Shared(Protocol):
    """A model at a server that this installation asks `at_once` at a time; `notes` is a folder all its processes share."""

    @property
    def url(self) -> str: ...

    @property
    def at_once(self) -> int: ...

    @property
    def notes(self) -> str | None: ...


class Turns:
    """For several threads. Without a folder of notes there is nothing to wait for: a job has no more threads than turns."""

    def __init__(self, model: Shared) -> None:
        self._closed = threading.Event()
        self._files: list[Path] = []
        if model.notes is not None:
            folder = Path(model.notes)
            folder.mkdir(parents=True, exist_ok=True)
            server = hashlib.sha256(model.url.encode()).hexdigest()[:24]
            self._files = [folder / f"{server}.turn-{number}" for number in range(model.at_once)]

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn and hold it. Raises TurnsClosed."""
        held = self._take() if self._files else None
        try:
            yield
        finally:
            if held is not None:
                os.close(held)

    def close(self) -> None:
        """Let nobody wait any longer."""
        self._closed.set()

    def _take(self) -> int:
        # From a random one on, so that waiting jobs do not all look at the same lock.
        first = random.randrange(len(self._files))  # noqa: S311  # only spreads the load
        while not self._closed.is_set():
            for file in (*self._files[first:], *self._files[:first]):
                if (held := _locked(file)) is not None:
                    return held
            self._closed.wait(_LOOK_SECONDS)
        raise TurnsClosed


def _locked(file: Path) -> int | None:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
