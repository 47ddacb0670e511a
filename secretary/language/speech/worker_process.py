"""A program that works on sound in a process of its own, as the job that started it sees it: what it tells, and what it died of."""

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import IO, Any, Final

from secretary import errors
from secretary.confinement import cause_of_death, taken_bytes
from secretary.errors import JobFailure, TimedOut

_POLL_SECONDS: Final = 0.2
_LATE_SECONDS: Final = 5.0
"""The program's own alarm comes first; this holds when it is stopped."""
_PIECE: Final = 1 << 16
_LONGEST_LINE: Final = 16 * 1024 * 1024
_LAST_WORDS: Final = 4000

Told = dict[str, Any]


def told_by(
    module: str, order: Told, *, address_bytes: int, silence_seconds: float, sign_of_life: Callable[[], None]
) -> Iterator[Told]:
    """What the program `module` tells about its order until it is done. Whoever stops listening ends it.

    Raises the JobFailure that the program met, or that its death means.
    """
    words = tempfile.TemporaryFile()  # noqa: SIM115  # closed below; a pipe would fill up
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words
    )
    limits = {"parent": os.getpid(), "address_bytes": address_bytes, "silence_seconds": silence_seconds}
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps({**order, **limits}).encode() + b"\n")
            process.stdin.flush()
        yield from _told(_Watched(process, words, limits, sign_of_life))
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, words):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def _told(watched: "_Watched") -> Iterator[Told]:
    while True:
        message = watched.line()
        if "refused" in message:
            name, sentence = message["refused"]
            raise getattr(errors, name, errors.Internal)(sentence)
        if "unforeseen" in message:
            raise RuntimeError(f"in a process of its own:\n{message['unforeseen']}")
        if "done" in message:
            return
        yield message


class _Watched:
    def __init__(
        self, process: "subprocess.Popen[bytes]", words: IO[bytes], limits: Told, sign_of_life: Callable[[], None]
    ) -> None:
        self._process = process
        self._words = words
        self._limits = limits
        self._sign_of_life = sign_of_life
        self._rest = b""
        self._peak_bytes = 0

    def line(self) -> Told:
        assert self._process.stdout is not None
        stream = self._process.stdout.fileno()
        deadline = time.monotonic() + self._limits["silence_seconds"] + _LATE_SECONDS
        while b"\n" not in self._rest:
            self._sign_of_life()
            self._peak_bytes = max(self._peak_bytes, taken_bytes(self._process.pid)[0])
            if time.monotonic() > deadline:
                raise TimedOut("The sound of the video takes too long to be read.")
            if not select.select([stream], [], [], _POLL_SECONDS)[0]:
                continue
            piece = os.read(stream, _PIECE)
            if not piece or len(self._rest) > _LONGEST_LINE:
                raise self._death()
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        told: Told = json.loads(line)
        return told

    def _death(self) -> JobFailure:
        try:
            returncode = self._process.wait(_LATE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            returncode = self._process.wait()
        self._words.seek(max(0, self._words.seek(0, os.SEEK_END) - _LAST_WORDS))
        said = self._words.read().decode(errors="replace")
        return cause_of_death(returncode, said, peak_bytes=self._peak_bytes, memory_bytes=self._limits["address_bytes"])
