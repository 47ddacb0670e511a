"""What `job(id)` costs the web process in CPU time, beside a plain server that answers the same bytes to the same POST: once with the
same check of the key and the same read of the job, which leaves what GraphQL costs, and once without. CPU time holds on a busy machine
where wall clocks do not."""

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Final

import httpx
import psutil

from benchmarks.documents import text_document
from benchmarks.figures import Figure
from benchmarks.installation import KEY, Installation, free_port, running_service, started, until
from benchmarks.options import Options

AIM: Final = "at most 4.00"
QUERY: Final = (
    "query Job($id: ID!) { job(id: $id) { id jobType name status attempt maxAttempts priority userId createdAt updatedAt "
    "completedAt archiveUrl progress { sequence step percent message } error { code message } } }"
)


def measure(options: Options) -> list[Figure]:
    requests = options.few(1_500, 50)
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        document = text_document(Path(folder) / "one-page.pdf", 1)
        with running_service(document.parent) as service:
            job_id = _ended_job(service, document.name)
            body = {"query": QUERY, "operationName": "Job", "variables": {"id": job_id}}
            answer = service.client.post("/graphql", json=body).raise_for_status().content
            if b"errors" in answer:
                raise RuntimeError(answer.decode())
            environment = {
                name: value for name, value in service.web.environ().items() if name.startswith("SECRETARY_")
            }
            with (
                _plain(answer, Path(folder), {}) as (bare, ask_bare),
                _plain(answer, Path(folder), environment, "work") as (working, ask_working),
            ):
                # In turn, so that whatever else the machine does falls on all of them.
                rounds = [
                    (
                        _microseconds(bare, lambda: ask_bare(body), requests),
                        _microseconds(working, lambda: ask_working(body), requests),
                        _microseconds(service.web, lambda: service.client.post("/graphql", json=body), requests),
                    )
                    for _ in range(options.rounds)
                ]
    nothing, same, ours = (median(column) for column in zip(*rounds, strict=True))
    note = f"{len(answer):,} bytes, {requests:,} requests"
    return [
        Figure(
            "job(id), CPU, beside a POST that reads nothing", _told(nothing), _told(ours), ours / nothing, AIM, note
        ),
        Figure(
            "job(id), CPU, beside a POST with the same key and read", _told(same), _told(ours), ours / same, "", note
        ),
    ]


def _told(microseconds: float) -> str:
    return f"{microseconds:,.0f} µs"


def _microseconds(process: psutil.Process, ask: Callable[[], httpx.Response], requests: int) -> float:
    """CPU time of the process for one request, of many, after some that do not count."""
    for _ in range(max(20, requests // 10)):
        ask().raise_for_status()
    before = sum(process.cpu_times()[:2])
    for _ in range(requests):
        ask()
    return (sum(process.cpu_times()[:2]) - before) / requests * 1_000_000


@contextlib.contextmanager
def _plain(
    answer: bytes, folder: Path, environment: Mapping[str, str], *options: str
) -> Iterator[tuple[psutil.Process, Callable[[object], httpx.Response]]]:
    file, port = folder / "answer.json", free_port()
    file.write_bytes(answer)
    command = [sys.executable, "-m", "benchmarks.bare_post", str(port), str(file), *options]
    headers = {"Authorization": f"Bearer {KEY}"}
    with (
        started(command, environment, folder / f"plain{len(options)}.log") as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client,
    ):
        until(lambda: _answers(client), what="the plain server answers")
        yield psutil.Process(process.pid), lambda body: client.post("/graphql", json=body)


def _answers(client: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        client.get("/")
        return True
    return False


def _ended_job(service: Installation, document: str) -> str:
    data = service.post("/api/jobs/", {"job_type": "pdf", "parameters": {"filename": document}})
    job_id = str(data["job_id"])
    until(lambda: _has_ended(service, job_id), what="the job has ended")
    return job_id


def _has_ended(service: Installation, job_id: str) -> bool:
    job = service.client.get(f"/api/jobs/{job_id}").raise_for_status().json()["data"]
    return bool(job["status"] == "completed")
