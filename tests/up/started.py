"""`secretary up` as a person starts it: a real process, what it prints, and what is left of it afterwards."""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import psutil

SECRETARY = (sys.executable, "-P", "-m", "secretary")


def until(true: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """What `true` returns once it is true."""
    deadline = time.monotonic() + seconds
    while True:
        if found := true():
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def environment(**settings: str) -> dict[str, str]:
    """This environment without colours and with the settings given."""
    # So wide that rich wraps no help text, which tests compare.
    return {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **settings}


def secretary(*words: str | Path, cwd: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """One command run to its end."""
    command = [*SECRETARY, *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, env=environment(**settings), capture_output=True, text=True, timeout=60, check=False
    )


def family_of(folder: Path) -> list[psutil.Process]:
    """Every process that has to do with this folder: by its environment, its arguments or where it works."""
    return [process for process in psutil.process_iter() if _belongs(process, str(folder))]


def _belongs(process: psutil.Process, folder: str) -> bool:
    with contextlib.suppress(psutil.Error):
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        known = (process.cwd(), *process.cmdline(), *process.environ().values())
        return any(folder in word for word in known)
    return False


def nothing_is_left(folder: Path, *, within: float = 0.0) -> bool:
    until(lambda: not family_of(folder), seconds=within + 0.01, what=f"no process is left: {family_of(folder)}")
    return True


class Started:
    """A running `secretary up`."""

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        began = time.monotonic()
        self.log = (folder / f"up-{time.monotonic_ns()}.log").open("w+b")
        self.process = subprocess.Popen(
            [*SECRETARY, "up", "--port", "0", "--data-dir", str(self.data_dir), *options],
            cwd=folder,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.printed = self._read_announcement()
        self.seconds = time.monotonic() - began
        self.url = self._found(r"at (http://\S+)")

    def _read_announcement(self) -> str:
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                return "".join(lines)
        raise AssertionError(f"it ended before it was ready: {''.join(lines)}\n{self.said()}")

    def _found(self, pattern: str) -> str:
        found = re.search(pattern, self.printed)
        assert found, self.printed
        return found[1]

    @property
    def key(self) -> str:
        return self._found(r"(sec_\S+)")

    @property
    def curl(self) -> list[str]:
        """The words of the curl line it prints."""
        start = self.printed.index("curl ")
        return shlex.split(self.printed[start : self.printed.index("\n\n", start)])

    def said(self) -> str:
        """Its log so far."""
        self.log.flush()
        return Path(self.log.name).read_text()

    def children(self) -> dict[str, psutil.Process]:
        """The supervised processes by name."""
        return {_name_of(child): child for child in psutil.Process(self.process.pid).children()}

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=10)

    def is_ready(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/api/health/ready", trust_env=False, timeout=5).status_code == 200
        return False

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Exit code, and how long it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(15)
        return code, time.monotonic() - began

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.log.close()


def _name_of(process: psutil.Process) -> str:
    try:
        words = process.cmdline()
    except psutil.Error:
        return "ended"
    return next((name for name in ("web", "worker") if name in words), "valkey")


@contextlib.contextmanager
def started(folder: Path, *options: str, settings: Mapping[str, str] | None = None) -> Iterator[Started]:
    service = Started(folder, *options, **(settings or {}))
    try:
        yield service
    finally:
        service.close()
