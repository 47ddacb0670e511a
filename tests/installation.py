"""An installation of real processes: Valkey, workers and a web process that can be killed and started again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import redis

from secretary.auth import Viewer
from secretary.migrations import migrate
from secretary.settings import Settings
from secretary.up.valkey import program

VIEWER = Viewer("admin", is_admin=True, key_id="key-of-the-tests")
KEY = "sec_key-of-the-chaos-tests"
PLUGINS = Path(__file__).parent / "plugins"


class Installation:
    """A data folder and the processes that work on it."""

    def __init__(self, folder: Path, inputs: Path, database_url: str | None, port: int, **settings: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(PLUGINS),
            "SECRETARY_DATA_DIR": str(folder),
            "SECRETARY_INPUT_ROOTS": str(inputs),
            "SECRETARY_PORT": str(port),
            "SECRETARY_API_KEY": KEY,
            "SECRETARY_RETRY_SECONDS": "0.2",
            **({"SECRETARY_DATABASE_URL": database_url} if database_url else {}),
            **settings,
        }
        self.settings = Settings(
            _env_file=None, data_dir=folder, input_roots=(inputs,), port=port, database_url=database_url, api_key=KEY
        )
        self.processes: list[subprocess.Popen[bytes]] = []
        self.valkey: subprocess.Popen[bytes] | None = None
        migrate(self.settings.sqlalchemy_url)

    def start_valkey(self, *, append_only: bool = True) -> None:
        self.valkey = self._start(
            str(program()),
            *("--port", "0", "--unixsocket", str(self.settings.valkey_socket), "--dir", str(self.folder), "--save", ""),
            *("--appendonly", "yes" if append_only else "no"),
        )
        with redis.Redis(unix_socket_path=str(self.settings.valkey_socket)) as client:
            until(lambda: _answers(client), seconds=5, what="Valkey answers")

    def kill_valkey(self) -> None:
        assert self.valkey is not None
        self.valkey.kill()
        self.valkey.wait()

    def flush_all(self) -> None:
        with redis.Redis(unix_socket_path=str(self.settings.valkey_socket)) as client:
            client.flushall()

    def start_worker(self, **settings: str) -> subprocess.Popen[bytes]:
        return self._start(sys.executable, "-m", "secretary", "worker", **settings)

    def start_web(self) -> subprocess.Popen[bytes]:
        process = self._start(sys.executable, "-m", "secretary", "web")
        try:
            until(lambda: _serves(self.settings.port), seconds=60, what="the web process serves")
        except AssertionError:
            # The fixture that starts it does not come to the line that stops it all.
            self.stop_all()
            raise
        return process

    def stop_all(self) -> None:
        """End whatever was started, in whatever state it is, and see that nothing is left of it."""
        children = [child for process in self.processes for child in _family(process)]
        for process in self.processes:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        _, alive = psutil.wait_procs(children, timeout=5)
        for process_left in alive:
            process_left.kill()
        assert not alive, f"left running: {alive}"

    def _start(self, *command: str, **settings: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "processes.log").open("ab")
        process = subprocess.Popen(command, env={**self.environment, **settings}, stdout=log, stderr=log)
        log.close()
        self.processes.append(process)
        return process


def children_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The sandbox children of a worker."""
    return [child for child in _family(process) if "secretary.sandbox.child" in " ".join(_command(child))]


def until(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Wait until `condition` holds; fails the test naming `what` did not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"within {seconds} s it did not happen that {what}"
        time.sleep(0.02)


def _family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(process.pid).children(recursive=True)
    return []


def _command(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return process.cmdline()
    return []


def _answers(client: redis.Redis) -> bool:
    with contextlib.suppress(redis.ConnectionError):
        return bool(client.ping())
    return False


def _serves(port: int) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/api/health/live", trust_env=False).status_code == 200
    return False
