"""The parent's side of one child: start it, give it a task, read its messages, kill it."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator
from typing import Final

from secretary.confinement import cause_of_death, taken_bytes
from secretary.errors import Crashed, JobFailure
from secretary.sandbox.limits import ChildLimits
from secretary.sandbox.messages import MAX_LINE, Done, Failed, Message, Ready, Task, decode, encode

MEMORY_POLL_SECONDS: Final = 0.05
START_SECONDS: Final = 60.0

_ALLOCATOR: Final = {
    "MALLOC_ARENA_MAX": "2",
    # What one page took is kept for the next; given back after each, it cost a hundred page faults, a tenth of a page's time.
    # The GNU allocator comes to such limits by itself, but only once it has seen a block that large.
    "MALLOC_TRIM_THRESHOLD_": str(32 * 1024 * 1024),
    "MALLOC_MMAP_THRESHOLD_": str(16 * 1024 * 1024),
}


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
        return cause_of_death(
            self._process.returncode or 0,
            self._words(),
            peak_bytes=self._peak_bytes,
            memory_bytes=self._limits.memory_bytes,
        )

    def _words(self) -> str:
        return b"".join(self._last_words).decode(errors="replace")[-4000:]

    async def _keep_last_words(self) -> None:
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(4096):
            self._last_words.append(chunk)

    async def _watch_memory(self) -> None:
        # /proc is memory: reading it does not block.
        while self.alive:
            self._peak_bytes = max(self._peak_bytes, taken_bytes(self._process.pid)[0])
            await asyncio.sleep(MEMORY_POLL_SECONDS)


def _environment() -> dict[str, str]:
    # The child needs no secret of the service: neither its database's, nor a provider's, nor its bucket's.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SECRETARY_", "AWS_"))}
    return {**kept, "OMP_THREAD_LIMIT": "1", "PYTHONUNBUFFERED": "1", **_ALLOCATOR}
