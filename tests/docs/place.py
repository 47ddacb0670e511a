"""Where the samples of one page are run: a home of their own with files to work on, and a real service at the page's address."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from tests.conftest import free_port
from tests.docs.blocks import ROOT, Block
from tests.documents_made import table_pdf, text_pdf

SERVING: Final = re.compile(
    r"(?:^|\s)(?:secretary (?:up|web|worker|valkey)\b(?!.*--help)|honcho start\b|python3? \S*receive\w*\.py\b)"
)
"""Commands that go on until they are stopped."""
_WEB: Final = re.compile(r"secretary up|secretary web|honcho start")
_ID: Final = re.compile(r"\b(job|batch|file|delivery)-…")
NODE_PACKAGES: Final = ROOT / "tests" / "graphql" / "clients" / "node_modules"
MINUTES: Final = """Minutes of the board, 3 March 2026

Participants: Anna Berg, Ben Ortiz

Decisions
- The new office opens in May.

Action items
- Ben Ortiz writes to the landlord by 10 March.
"""


class Place:
    """The folder, the address and the processes of one page. `others` are addresses that stand for servers of the tests."""

    def __init__(self, home: Path, others: Mapping[str, str] | None = None) -> None:
        self.home, self.work = home, home / "work"
        self.port, self.receiver_port = free_port(), free_port()
        self.others = {
            **(others or {}),
            "localhost:5001": f"localhost:{self.port}",
            "127.0.0.1:5001": f"127.0.0.1:{self.port}",
            ":9000": f":{self.receiver_port}",
            " 9000": f" {self.receiver_port}",
        }
        self.processes: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.log = home / "said.log"
        self._state = home / "state.sh"
        self._make_files()

    def _make_files(self) -> None:
        self.work.mkdir()
        self._state.touch()
        text_pdf(self.work / "report.pdf", "Quarterly report\nAll is well.", "Page two", "Page three", title="Report")
        text_pdf(self.work / "letter.pdf", "A letter", "Its second page")
        text_pdf(self.work / "locked.pdf", "A secret", password="geheim")
        table_pdf(self.work / "table.pdf", (("Name", "Count"), ("Apples", "3")))
        text_pdf(self.work / "minutes.pdf", MINUTES)
        (self.work / "minutes.txt").write_text(MINUTES)
        shutil.copy(ROOT / "Procfile", self.work)
        if NODE_PACKAGES.exists():
            (self.work / "node_modules").symlink_to(NODE_PACKAGES)

    def check_out(self) -> None:
        """What a checkout holds that pip needs to install it; GraphiQL as far as it is built here, since building it takes npm."""
        for name in (
            "pyproject.toml",
            "README.md",
            "LICENSE",
            "CHANGELOG.md",
            "schema.graphql",
            "scripts/hatch_build.py",
        ):
            (self.work / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.work / name)
        shutil.copytree(ROOT / "secretary", self.work / "secretary", ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def key(self) -> str:
        preset = re.search(r"^SECRETARY_API_KEY=(\S+)$", self._preset(), re.MULTILINE)
        return preset[1] if preset else (self.home / ".local/share/secretary/api-key").read_text().strip()

    def _preset(self) -> str:
        """The settings of the service that runs, where the page keeps them in a file."""
        named = any("secretary.env" in command for command, _ in self.processes)
        return (self.work / "secretary.env").read_text() if named else ""

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith(("SECRETARY_", "XDG_"))}
        found = {
            **own,
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "SECRETARY_PORT": str(self.port),
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "TERM": "dumb",
            "no_proxy": "*",
            # `pip install .` builds and installs for real, but into this home and without asking an index.
            "PIP_NO_INDEX": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_TARGET": str(self.home / "site-packages"),
            # An environment that a page makes has nothing of its own: what is built with, and run with, is this one's.
            "PYTHONPATH": os.pathsep.join([str(self.home / "site-packages"), sysconfig.get_path("purelib")]),
        }
        if (self.home / ".local/share/secretary/api-key").exists():
            found["KEY"] = self.key
        return found

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=30)

    def filled(self, text: str) -> str:
        """The sample with the addresses of the tests, and with the newest id where it has one cut short."""
        for shown, real in self.others.items():
            text = text.replace(shown, real)
        return _ID.sub(lambda found: self._newest(found[1]), text)

    def _newest(self, kind: str) -> str:
        self.serve()
        with self.client() as client:
            if kind == "file":
                files = {"file": ("report.pdf", (self.work / "report.pdf").read_bytes())}
                return str(client.post("/api/files", files=files).raise_for_status().json()["data"]["file_id"])
            if kind == "delivery":
                return str(self._newest_delivery(client))
            connection = {"job": "jobs", "batch": "batches"}[kind]
            query = f"{{ {connection}(first: 1) {{ nodes {{ id }} }} }}"
            nodes = client.post("/graphql", json={"query": query}).json()["data"][connection]["nodes"]
            if nodes:
                return str(nodes[0]["id"])
            job = {"job_type": "pdf", "parameters": {"filename": "report.pdf"}}
            if kind == "job":
                return str(client.post("/api/jobs/", json=job).raise_for_status().json()["data"]["job_id"])
            return str(
                client.post("/api/jobs/batch", json={"jobs": [job, job]}).raise_for_status().json()["data"]["batch_id"]
            )

    def _newest_delivery(self, client: httpx.Client) -> Any:
        query = "{ jobs(first: 50) { nodes { webhookDeliveries { id phase } } } }"
        nodes = client.post("/graphql", json={"query": query}).json()["data"]["jobs"]["nodes"]
        ids = [one["id"] for node in nodes for one in node["webhookDeliveries"] if one["phase"] != "PROCESSING"]
        assert ids, "no delivery was made before on this page"
        return ids[0]

    def serve(self) -> None:
        """See that a service answers, `secretary up` where the page has started none."""
        if not any(_WEB.search(command) for command, _ in self.processes):
            self.start("secretary up")

    def start(self, command: str, where: str = "the test") -> None:
        """Start a command that goes on; a service takes the place of the one before."""
        if _WEB.search(command):
            self.stop()
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", f"{self._preamble}\nset +a\n{_executed(command)}"],
                cwd=self.work,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append((command, process))
        if "receive" in command:
            self._until(self._receiver_listens, process, where)
        else:
            path = "live" if re.search(r"secretary web\b", command) else "ready"
            self._until(lambda: _answers(f"{self.url}/api/health/{path}"), process, where)

    def _receiver_listens(self) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.receiver_port)) == 0

    def _until(self, true: Callable[[], bool], process: "subprocess.Popen[bytes]", where: str) -> None:
        deadline = time.monotonic() + 60
        while not true():
            assert process.poll() is None, f"{where}: it ended: {self.log.read_text()[-3000:]}"
            assert time.monotonic() < deadline, f"{where}: it is not ready: {self.log.read_text()[-3000:]}"
            time.sleep(0.05)

    def run(self, block: Block) -> str:
        """What a shell block prints; its variables are there for the blocks after it, as in a reader's terminal."""
        # A page that starts a service itself does so before it calls one.
        if re.search(r"localhost:5001|\$KEY", block.text):
            self.serve()
        text = self.filled(block.text)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{self._preamble}\n{text}\nexport -p > {self._state}"],
            cwd=self.work,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        assert done.returncode == 0, (
            f"{block.place} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}\n{text}"
        )
        _assert_answered_as_said(block, done.stdout)
        return done.stdout

    @property
    def _preamble(self) -> str:
        # What is set here, such as the key of a service that has begun since, comes before what earlier blocks left.
        kept = r"grep -vE '^declare -x (PWD|OLDPWD|HOME|PATH|SHLVL|SECRETARY_PORT)(=|$)'"
        return f"set -a; source <({kept} {self._state} || true)"

    def stop(self) -> None:
        """End everything that was started, the newest first."""
        for command, process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    raise AssertionError(f"{command} does not stop") from None
        self.processes.clear()


def _assert_answered_as_said(block: Block, printed: str) -> None:
    """curl is content with any answer; here a refusal must be the one that the sample shows, as in "# answers 400 TOO_LARGE"."""
    said = re.search(r"# answers (\d{3}) ([A-Z_]+)", block.text)
    if said:
        assert re.search(rf'"code": ?"{said[2]}"', printed), f"{block.place} was to be refused: {printed}"
    else:
        # A job's own error is no refusal of the call that shows the job.
        assert not re.search(r'"status": ?"error"|"errors": ?\[|(?<!"error":)\{"code": ?"[A-Z_]+"', printed), (
            f"{block.place}: {printed}"
        )


def _executed(command: str) -> str:
    """With the last command in place of the shell, so that it is what is stopped."""
    *before, last = command.strip().splitlines()
    words = re.match(r"^((?:\w+=\S* )*)(.*)$", last)
    assert words is not None
    return "\n".join([*before, f"exec env {words[1]}{words[2]}"])


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
