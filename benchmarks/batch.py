"""Creating a batch of 10,000 jobs in one call: how long the caller waits, and how much memory the web process takes for it."""

import contextlib
import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Final

import psutil

from benchmarks.documents import text_document
from benchmarks.figures import Figure
from benchmarks.installation import Installation, running_service
from benchmarks.options import Options
from secretary.migrations import migrate

AIM: Final = "under 3 s"
MEGABYTE: Final = 1024 * 1024
_MUTATION: Final = """mutation ($input: CreateBatchInput!) { createBatch(input: $input) {
  __typename ... on CreateBatchPayload { batch { id jobCount } } } }"""

Create = Callable[[Installation, str, int], str]


def measure(options: Options) -> list[Figure]:
    many, fewer = options.few(10_000, 200), options.few(1_000, 100)
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        document = text_document(Path(folder) / "one-page.pdf", 1)
        bare = min(_bare_inserts(many) for _ in range(3))
        return [
            _figure(door, create, document, bare, (fewer, many), options.few(options.rounds, 1))
            for door, create in (("REST", _by_rest), ("GraphQL", _by_graphql))
        ]


def _figure(door: str, create: Create, document: Path, bare: float, sizes: tuple[int, int], rounds: int) -> Figure:
    fewer, many = sizes
    few_seconds, few_growth = _median(create, document, fewer, rounds)
    seconds, growth = _median(create, document, many, rounds)
    return Figure(
        f"batch of {many:,} pdf jobs, {door}",
        f"executemany {bare:.2f} s",
        f"{seconds:.2f} s",
        seconds / bare,
        AIM,
        f"memory +{growth:.0f} MB ({fewer:,} jobs: {few_seconds:.2f} s, +{few_growth:.0f} MB)",
    )


def _median(create: Create, document: Path, size: int, rounds: int) -> tuple[float, float]:
    """Seconds until the answer, and the web process's growth in megabytes."""
    found = [_created(create, document, size) for _ in range(rounds)]
    return median(seconds for seconds, _ in found), median(growth for _, growth in found)


def _created(create: Create, document: Path, size: int) -> tuple[float, float]:
    # A new service for each: memory that a process has taken once hides the growth of the next call.
    with running_service(document.parent) as service:
        with growing(service.web) as grown:
            begun = time.monotonic()
            batch_id = create(service, document.name, size)
            seconds = time.monotonic() - begun
        service.cancel_batch(batch_id)
    return seconds, grown[0]


def _by_rest(service: Installation, document: str, size: int) -> str:
    job = {"job_type": "pdf", "parameters": {"filename": document}}
    data = service.post("/api/jobs/batch", {"batch_name": "many", "jobs": [job] * size})
    if len(data["job_ids"]) != size:
        raise RuntimeError("not all jobs were created")
    return str(data["batch_id"])


def _by_graphql(service: Installation, document: str, size: int) -> str:
    job = {"job": {"pdf": {"filename": document}}}
    variables = {"input": {"name": "many", "jobs": [job] * size}}
    answer = service.post("/graphql", {"query": _MUTATION, "variables": variables})["createBatch"]
    if answer["__typename"] != "CreateBatchPayload" or answer["batch"]["jobCount"] != size:
        raise RuntimeError(str(answer))
    return str(answer["batch"]["id"])


@contextlib.contextmanager
def growing(process: psutil.Process) -> Iterator[list[float]]:
    """Puts in how many megabytes the process's resident memory was above its beginning at most, looked at every few milliseconds."""
    before = process.memory_info().rss
    peaks = [before]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.005):
            peaks.append(process.memory_info().rss)

    watching = threading.Thread(target=watch)
    watching.start()
    grown = [0.0]
    try:
        yield grown
    finally:
        ended.set()
        watching.join()
        grown[0] = (max(peaks) - before) / MEGABYTE


def _bare_inserts(size: int) -> float:
    """Seconds that `executemany` takes for the same rows in the same table, indices and all, in one transaction."""
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        path = Path(folder) / "bare.db"
        migrate(f"sqlite+aiosqlite:///{path}")
        now = "2026-01-01 00:00:00.000000"
        row = {
            "job_type": "pdf",
            "owner": "admin",
            "queue": "default",
            "priority": 0,
            "status": "pending",
            "step": "pending",
            "percent": 0,
            "message": "Waiting for a worker",
            "sequence": 1,
            "attempt": 0,
            "max_attempts": 3,
            "run_at": now,
            "batch_id": "batch",
            "created_at": now,
            "updated_at": now,
            "from_cache": 0,
            "files": "[]",
            "warnings": "[]",
            "parameters": json.dumps({"filename": "one-page.pdf"}),
        }
        names = ("id", "batch_index", *row)
        statement = f"INSERT INTO job ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        rows = [(f"job-{index:08}", index, *row.values()) for index in range(size)]
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA synchronous=NORMAL")
        begun = time.monotonic()
        with connection:
            connection.executemany(statement, rows)
        seconds = time.monotonic() - begun
        connection.close()
        return seconds
