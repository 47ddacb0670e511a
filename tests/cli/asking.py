"""The client commands as a person types them, against a service that really runs."""

import contextlib
import io
import os
import pty
import subprocess
import termios
import threading
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest

from secretary.cli import main
from tests.installation import PLUGINS
from tests.up.started import SECRETARY, Started, environment, secretary

SETTINGS = {"PYTHONPATH": str(PLUGINS)}
"""What the service is started with, so that it knows the job types of the tests."""


class Typed:
    """A command that runs in a terminal."""

    def __init__(self, service: Started, *words: str, columns: int = 80, lines: int = 24, **settings: str) -> None:
        self._mine, its = pty.openpty()
        self._heard = bytearray()
        known = {
            **environment(**settings),
            "TERM": "xterm-256color",
            "COLUMNS": str(columns),
            "LINES": str(lines),
            "SECRETARY_DATA_DIR": str(service.data_dir),
        }
        self.process = subprocess.Popen(
            [*SECRETARY, *words],
            cwd=service.folder,
            env=known,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
        )
        os.close(its)
        self._hearing = threading.Thread(target=self._hear)
        self._hearing.start()

    def _hear(self) -> None:
        try:
            while piece := os.read(self._mine, 4096):
                self._heard.extend(piece)
        except OSError:  # how Linux tells that the other end is closed
            return

    @property
    def shown(self) -> str:
        return self._heard.decode(errors="replace")

    @property
    def is_silent(self) -> bool:
        """Whether what is typed is not shown, as for a password."""
        return not termios.tcgetattr(self._mine)[3] & termios.ECHO

    def type(self, text: str) -> None:
        os.write(self._mine, text.encode())

    def ended(self, seconds: float = 30) -> int:
        """The exit code; by then all it printed has been heard."""
        try:
            code = self.process.wait(seconds)
        finally:
            self.process.kill()
        self._hearing.join(5)
        os.close(self._mine)
        return code


class Said(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def ask(service: Started, *words: str | Path, stdin: bytes = b"", **settings: str) -> Said:
    """A command run to its end in this process, which is a second quicker each time."""
    out, err = io.StringIO(), io.StringIO()
    known = {"SECRETARY_DATA_DIR": str(service.data_dir), "NO_COLOR": "1", "COLUMNS": "200", **settings}
    with (
        patch.dict(os.environ, known),
        patch("sys.argv", ["secretary", *map(str, words)]),
        patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin))),
        contextlib.chdir(service.folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        main()
    return Said(int(end.value.code or 0), out.getvalue(), err.getvalue())


def asked(service: Started, *words: str | Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """The same as a process of its own."""
    return secretary(*words, cwd=service.folder, SECRETARY_DATA_DIR=str(service.data_dir), **settings)


def submitted(service: Started, *words: str | Path, stdin: bytes = b"") -> list[str]:
    """The ids that `secretary submit` prints."""
    done = ask(service, "submit", *words, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
