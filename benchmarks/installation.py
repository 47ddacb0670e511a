"""The real service for a measurement: `secretary up` in a temporary folder with a short path, on a free port, stopped at the end."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import httpx
import psutil

from secretary.settings import load_settings
from secretary.up import valkey

CHECKOUT: Final = Path(__file__).parents[1]
PLUGINS: Final = CHECKOUT / "tests" / "plugins"
"""Where the job type `noop` comes from."""
KEY: Final = "sec_key-of-the-benchmarks"

_BATCH_STATUS: Final = "query ($id: ID!) { batch(id: $id) { status } }"


@dataclass(frozen=True, slots=True)
class Installation:
    """A running service."""

    url: str
    supervisor: psutil.Process
    client: httpx.Client

    @property
    def web(self) -> psutil.Process:
        return next(child for child in self.supervisor.children() if "web" in child.cmdline())

    def cpu_seconds(self) -> float:
        """What all processes of the service have used so far, those that have ended included."""
        return sum(sum(process.cpu_times()[:4]) for process in self.supervisor.children(recursive=True))

    def post(self, path: str, body: object) -> dict[str, Any]:
        """The `data` of an answer; anything but a success is raised."""
        answer = self.client.post(path, json=body)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        if content.get("errors"):
            raise RuntimeError(str(content["errors"]))
        data: dict[str, Any] = content["data"]
        return data

    def run_batch(self, jobs: Sequence[Mapping[str, object]]) -> "BatchRun":
        """Create a batch over HTTP and wait for the end of its last job."""
        begun = time.time()
        batch_id = self.post("/api/jobs/batch", {"jobs": jobs})["batch_id"]
        while self.post("/graphql", {"query": _BATCH_STATUS, "variables": {"id": batch_id}})["batch"]["status"] in (
            "PENDING",
            "PROCESSING",
        ):
            time.sleep(0.5)
        ended = self.client.get(f"/api/jobs/batch/{batch_id}").raise_for_status().json()["data"]["jobs"]
        # By the service's own instants, so that looking for the end neither adds to it nor blurs it.
        last = max(datetime.fromisoformat(job["completed_at"]) for job in ended)
        failed = sum(job["status"] != "completed" for job in ended)
        return BatchRun(last.timestamp() - begun, failed)

    def cancel_batch(self, batch_id: str) -> None:
        query = "mutation ($id: ID!) { cancelBatch(id: $id) { __typename } }"
        self.post("/graphql", {"query": query, "variables": {"id": batch_id}})


@dataclass(frozen=True, slots=True)
class BatchRun:
    """Seconds from before the POST until the last job's end was committed, and how many jobs did not complete."""

    seconds: float
    failed: int


@contextlib.contextmanager
def running_service(*input_roots: Path, **settings: str) -> Iterator[Installation]:
    """`secretary up` with its own Valkey and, unless `settings` name another database, SQLite; its children are warm."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        own = {
            "PYTHONPATH": os.fspath(PLUGINS),
            "SECRETARY_DATA_DIR": folder,
            "SECRETARY_INPUT_ROOTS": os.pathsep.join(map(os.fspath, input_roots)) or folder,
            "SECRETARY_PORT": str(port),
            "SECRETARY_API_KEY": KEY,
            "SECRETARY_LOG_LEVEL": "warning",
            **settings,
        }
        url = f"http://127.0.0.1:{port}"
        with (
            started([sys.executable, "-m", "secretary", "up"], own, Path(folder) / "up.log") as process,
            httpx.Client(
                base_url=url, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False, timeout=300
            ) as client,
        ):
            until(lambda: _is_ready(client), what="the service is ready")
            installation = Installation(url, psutil.Process(process.pid), client)
            installation.run_batch([{"job_type": "noop", "parameters": {}}] * 20)
            yield installation


@contextlib.contextmanager
def private_valkey() -> Iterator[str]:
    """The address of a Valkey like the service's own, for a baseline."""
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        path = load_settings(data_dir=Path(folder)).valkey_socket
        command = [sys.executable, "-m", "secretary", "valkey"]
        with started(command, {"SECRETARY_DATA_DIR": folder}, Path(folder) / "valkey.log"):
            until(lambda: valkey.answers(path), what="Valkey answers")
            yield f"unix://{path}"


@contextlib.contextmanager
def started(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the checkout, told to stop at the end; what it said is shown when the measurement failed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SECRETARY_")}
    with log.open("w+b") as output:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env={**inherited, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield process
        except Exception:
            sys.stderr.write(_last_words(output))
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(condition: Callable[[], bool], *, what: str, seconds: float = 30.0) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"within {seconds:g} s it did not happen that {what}")
        time.sleep(0.02)


def _last_words(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode(errors="replace")[-4000:]


def _is_ready(client: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return client.get("/api/health/ready").status_code == httpx.codes.OK
    return False


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
