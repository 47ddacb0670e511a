"""The parent's side of one child: start it, give it a task, read its messages, kill it."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from secretary.errors import Crashed, JobFailure, OutOfMemory, TimedOut
from secretary.sandbox.limits import ChildLimits
from secretary.sandbox.messages import MAX_LINE, Done, Failed, Message, Ready, Task, decode, encode

MEMORY_POLL_SECONDS: Final = 0.05
START_SECONDS: Final = 60.0
_SIGNS_OF_NO_MEMORY: Final = ("bad_alloc", "out of memory", "memoryerror", "cannot allocate")
# An allocation that fails makes a C++ library abort or trap; so does a broken pointer. What tells them apart is how much
# address space the child had taken when it was last seen.
_MEMORY_SIGNALS: Final = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGSEGV, signal.SIGBUS})
_NEARLY: Final = 0.6


class ChildDied(Exception):
    """The child ended in the middle of a task; `failure` says what that means for the job."""

    def __init__(self, failure: JobFailure, last_words: str) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.last_words = last_words


class ChildProcess:
    """One child, in a session of its own."""

    def __init__(self, process: asyncio.subprocess.Process, limits: ChildLimits) -> None:
        self._process = process
        self._limits = limits
        self._last_words: deque[bytes] = deque(maxlen=40)
        self._stderr = asyncio.create_task(self._keep_last_words())
        self._peak_bytes = 0
        self.jobs_done = 0

    @classmethod
    async def start(cls, limits: ChildLimits) -> "ChildProcess":
        """Start a child and wait until it is ready; raises ChildDied when it does not get there."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # what lies in the working folder must not be taken for a module
            "-m",
            "secretary.sandbox.child",
            json.dumps(limits.to_dict()),
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=MAX_LINE,
            start_new_session=True,
            env=_environment(),
        )
        child = cls(process, limits)
        try:
            async with asyncio.timeout(START_SECONDS):
                if not isinstance(await child._read(), Ready):
                    raise ChildDied(Crashed("The child process did not start properly."), "")
        except TimeoutError:
            await child.kill()
            raise ChildDied(Crashed("The child process did not start in time."), child._words()) from None
        except BaseException:
            await child.kill()
            raise
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def run(self, task: Task) -> AsyncIterator[Message]:
        """Give the child a task and read its messages up to a Done or Failed. Raises ChildDied."""
        self._peak_bytes = 0
        stdin = self._process.stdin
        assert stdin is not None
        watching = asyncio.create_task(self._watch_memory())
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                stdin.write(encode(task))
                await stdin.drain()
            while True:
                message = await self._read()
                if isinstance(message, Done | Failed):
                    self.jobs_done += 1
                yield message
                if isinstance(message, Done | Failed):
                    return
        finally:
            watching.cancel()

    async def kill(self) -> None:
        """End the child and whatever it started, at once."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._stderr

    async def _read(self) -> Message:
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
            if line.endswith(b"\n"):
                return decode(line)
        except (ValueError, KeyError, TypeError):
            await self.kill()
            raise ChildDied(Crashed("The job's process answered what cannot be understood."), self._words()) from None
        await self._process.wait()
        await self._stderr
        raise ChildDied(self._cause(), self._words())

    def _cause(self) -> JobFailure:
        died_of = -(self._process.returncode or 0)
        if died_of == signal.SIGXCPU:
            return TimedOut()
        nearly_full = self._peak_bytes > self._limits.memory_bytes * _NEARLY
        words = self._words().lower()
        if died_of in _MEMORY_SIGNALS and (nearly_full or any(sign in words for sign in _SIGNS_OF_NO_MEMORY)):
            return OutOfMemory()
        return Crashed()

    def _words(self) -> str:
        return b"".join(self._last_words).decode(errors="replace")[-4000:]

    async def _keep_last_words(self) -> None:
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(4096):
            self._last_words.append(chunk)

    async def _watch_memory(self) -> None:
        # /proc is memory: reading it does not block.
        status = Path(f"/proc/{self._process.pid}/statm")
        page = os.sysconf("SC_PAGE_SIZE")
        while self.alive:
            with contextlib.suppress(OSError, IndexError, ValueError):
                self._peak_bytes = max(self._peak_bytes, int(status.read_text().split()[0]) * page)  # noqa: ASYNC240
            await asyncio.sleep(MEMORY_POLL_SECONDS)


def _environment() -> dict[str, str]:
    # The child needs no secret of the service: neither its database's nor a provider's.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECRETARY_")}
    return {**kept, "OMP_THREAD_LIMIT": "1", "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}
