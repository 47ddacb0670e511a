"""A page worker as the process that started it sees it: ask for a page, and learn of what it died."""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any, Final

from secretary import errors
from secretary.confinement import cause_of_death, taken_bytes
from secretary.documents.page_content import PageOrder
from secretary.errors import ErrorCode, JobFailure, OutOfMemory, TimedOut

_POLL_SECONDS: Final = 0.02
_LATE_SECONDS: Final = 5.0
"""The worker's own alarm comes first; this holds when it is stopped."""
_MOST_PAGES: Final = 100
_MUCH: Final = 0.75
"""RapidOCR holds 1.2 of the 2 GB that a job has by default, and takes seconds to start."""
_PIECE: Final = 1 << 16
_LONGEST_ANSWER: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PageLimits:
    """What one page may use. More address space than memory is for engines that reserve and never touch it."""

    seconds: float
    memory_bytes: int
    address_bytes: int


class WorkerDied(Exception):
    """The worker ended over a page; `failure` says of what, `fresh` that it had answered nothing before."""

    def __init__(self, failure: JobFailure, *, fresh: bool) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.fresh = fresh


class PageProcess:
    """One page worker, of the same process group as its parent: whoever kills the group ends it too."""

    def __init__(self, order: PageOrder, limits: PageLimits) -> None:
        self._limits = limits
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process; a pipe would fill up
        self._process = subprocess.Popen(
            [sys.executable, "-m", "secretary.documents.page_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
        )
        self._rest = b""
        self._peak_bytes = 0
        self._answers = 0
        first = {"parent": os.getpid(), "seconds": limits.seconds, "address_bytes": limits.address_bytes}
        self._write({**first, "order": order.model_dump(mode="json")})

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def worn(self) -> bool:
        """It has read many pages or holds much memory: a fresh one is cheaper than what may come."""
        return self._answers >= _MOST_PAGES or taken_bytes(self.pid)[1] > self._limits.memory_bytes * _MUCH

    def ask(self, what: str, number: int, **more: Any) -> dict[str, Any]:
        """The worker's answer; raises WorkerDied, or the JobFailure that the worker met."""
        self._write({"do": what, "page": number, **more})
        answer: dict[str, Any] = json.loads(self._read_line())
        if "refused" in answer:
            name, message, details = answer["refused"]
            raise _told(name, message, details)
        if "unforeseen" in answer:
            raise RuntimeError(f"in a page worker:\n{answer['unforeseen']}")
        if answer.get("failed") in _ENDS:
            raise WorkerDied(_ENDS[answer["failed"]](), fresh=not self._answers)
        self._answers += 1
        return answer

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._words):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        # A worker that has died is noticed where its answer is awaited.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def _read_line(self) -> bytes:
        assert self._process.stdout is not None
        stream = self._process.stdout.fileno()
        deadline = time.monotonic() + self._limits.seconds + _LATE_SECONDS
        pieces = [self._rest]
        length = 0
        while b"\n" not in pieces[-1]:
            self._watch(deadline)
            if not select.select([stream], [], [], _POLL_SECONDS)[0]:
                continue
            piece = os.read(stream, _PIECE)
            length += len(piece)
            if not piece or length > _LONGEST_ANSWER:
                raise self._death()
            pieces.append(piece)
        line, _, self._rest = b"".join(pieces).partition(b"\n")
        return line

    def _watch(self, deadline: float) -> None:
        virtual, resident = taken_bytes(self.pid)
        self._peak_bytes = max(self._peak_bytes, virtual)
        if resident > self._limits.memory_bytes:
            raise WorkerDied(OutOfMemory(), fresh=not self._answers)
        if time.monotonic() > deadline:
            raise WorkerDied(TimedOut(), fresh=True)

    def _death(self) -> WorkerDied:
        try:
            returncode = self._process.wait(_LATE_SECONDS)
        except subprocess.TimeoutExpired:
            # It said too much, or closed its side of the pipe and lives on.
            self._process.kill()
            returncode = self._process.wait()
        self._words.seek(max(0, self._words.seek(0, os.SEEK_END) - 4000))
        words = self._words.read().decode(errors="replace")
        failure = cause_of_death(
            returncode, words, peak_bytes=self._peak_bytes, memory_bytes=self._limits.address_bytes
        )
        # To read once more what took too long would take as long again.
        return WorkerDied(failure, fresh=not self._answers or isinstance(failure, TimedOut))


_ENDS: Final[dict[str, type[JobFailure]]] = {
    ErrorCode.OUT_OF_MEMORY: OutOfMemory,
    ErrorCode.CRASHED: errors.Crashed,
}


def _told(name: str, message: str, details: Any) -> JobFailure:
    kind = getattr(errors, name, errors.Internal)
    failure: JobFailure = kind(message)
    failure.details = details
    return failure
