"""Subscriptions by the thousand: CPU time of the server for each event delivered, beside a bare Starlette loop and graphql-yoga;
memory of idle ones; and how soon all are served who come back at once."""

import asyncio
import contextlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

import httpx
import psutil
from redis.asyncio import Redis

from benchmarks.figures import Figure, Latencies
from benchmarks.installation import CHECKOUT, KEY, PLUGINS, free_port, private_valkey, started, until
from benchmarks.options import Options
from benchmarks.swarm import Swarm, greeting, subscription
from benchmarks.swarm import until as until_told
from secretary.jobs import JobStatus, Progress
from secretary.progress import ProgressBus

YOGA: Final = CHECKOUT / "benchmarks" / "yoga"
QUERY: Final = (
    """subscription Follow($id: ID!) { jobProgress(jobId: $id) { sequence status step percent message timestamp } }"""
)
WARM_UP: Final = 20
KILOBYTE: Final = 1024
FILES: Final = 20_000
"""File descriptors: the clients and the server have one for each socket."""


@dataclass(frozen=True, slots=True)
class Server:
    """One that is measured: its process, and where its clients connect."""

    process: psutil.Process
    port: int
    redis_url: str
    greeting: str
    job_ids: Sequence[str]

    def swarm(self, job_of: Callable[[int], str]) -> Swarm:
        return Swarm(self.port, "/graphql", lambda number: (self.greeting, subscription(QUERY, job_of(number))))


def measure(options: Options) -> list[Figure]:
    _allow_files()
    subscribers, events = options.few(1_000, 50), options.few(100, 10)
    rounds = range(options.few(options.rounds, 1))
    servers = {"ours": _service(1), "bare json": _bare("json"), "bare text": _bare("text"), "yoga": _yoga()}
    costs: dict[str, list[tuple[float, Latencies]]] = {name: [] for name in servers}
    for _ in rounds:
        for name in servers:
            opened = {"ours": _service(1), "bare json": _bare("json"), "bare text": _bare("text"), "yoga": _yoga()}[
                name
            ]
            with opened as server:
                costs[name].append(asyncio.run(_delivered(server, subscribers, events)))
    return [
        _fan_out(f"{subscribers:,} subscribers of one job, against {what}", costs["ours"], costs[name], aim)
        for what, name, aim in (
            ("a bare Starlette loop, JSON for each", "bare json", "at most 1.0"),
            ("a bare Starlette loop, text made once", "bare text", ""),
            ("graphql-yoga", "yoga", "below 1.0"),
        )
    ] + [
        _idle(options.few(5_000, 50), "one job", 1),
        _idle(options.few(5_000, 50), "a job each", options.few(5_000, 50)),
        _reconnecting(subscribers, options.few(options.rounds, 1)),
    ]


def _fan_out(what: str, ours: list[tuple[float, Latencies]], theirs: list[tuple[float, Latencies]], aim: str) -> Figure:
    own, other = median(cost for cost, _ in ours), median(cost for cost, _ in theirs)
    last = f"last told after {median(times.p50 for _, times in ours):.0f} ms; baseline {median(times.p50 for _, times in theirs):.0f} ms"
    return Figure(what, f"{other:.0f} µs CPU an event", f"{own:.0f} µs", own / other, aim, last)


async def _delivered(server: Server, subscribers: int, events: int) -> tuple[float, Latencies]:
    """Microseconds of the server's CPU for each event and subscriber, and how long each event took to reach the last of them."""
    job_id = server.job_ids[0]
    swarm = server.swarm(lambda _number: job_id)
    await swarm.connect(subscribers)
    times = []
    async with Redis.from_url(server.redis_url) as redis:
        bus = ProgressBus(redis)
        for number in range(WARM_UP + events):
            if number == WARM_UP:
                begun, told = _cpu(server.process), swarm.events
            expected = swarm.events + subscribers
            sent_at = time.monotonic()
            await bus.publish(_state(job_id, 100 + number))
            await until_told(lambda e=expected: swarm.events >= e, seconds=60)  # type: ignore[misc]
            times.append(1000 * (time.monotonic() - sent_at))
        spent = _cpu(server.process) - begun
        delivered = swarm.events - told
    swarm.abort()
    return 1_000_000 * spent / delivered, Latencies(times[WARM_UP:])


def _idle(count: int, what: str, jobs: int) -> Figure:
    with _service(jobs) as server:
        grown = asyncio.run(_grown(server, count))
    aim = "at most 45 KB"
    return Figure(f"{count:,} idle subscriptions, {what}", "", f"{grown:.1f} KB each", None, aim)


async def _grown(server: Server, count: int) -> float:
    """Kilobytes of resident memory for each subscription."""
    # What the first ones load is not theirs.
    first = server.swarm(lambda number: server.job_ids[number % len(server.job_ids)])
    await first.connect(20)
    first.abort()
    await asyncio.sleep(2)
    before = server.process.memory_info().rss
    swarm = server.swarm(lambda number: server.job_ids[number % len(server.job_ids)])
    await swarm.connect(count)
    await asyncio.sleep(2)
    grown = server.process.memory_info().rss - before
    swarm.abort()
    return grown / KILOBYTE / count


def _reconnecting(count: int, rounds: int) -> Figure:
    with _service(1) as server:
        seconds = [asyncio.run(_served_again(server, count)) for _ in range(rounds)]
    return Figure(
        f"{count:,} clients come back at once", "", f"{median(seconds):.2f} s until all are told", None, "under 5 s"
    )


async def _served_again(server: Server, count: int) -> float:
    swarm = server.swarm(lambda _number: server.job_ids[0])
    await swarm.connect(count)
    swarm.abort()
    begun = time.monotonic()
    await swarm.connect(count, at_once=count)
    seconds = time.monotonic() - begun
    swarm.abort()
    return seconds


def _cpu(process: psutil.Process) -> float:
    """Seconds of all its threads; the usual times come in hundredths only."""
    tasks = Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1_000_000_000


def _state(job_id: str, sequence: int) -> Progress:
    now = datetime.now(UTC)
    step, message = "extracting_text", f"Reading page {sequence} of 300"
    known = Progress(job_id, sequence, 1, JobStatus.PROCESSING, step, 40, message, now, "admin", "noop", None)
    return replace(known, percent=min(99, sequence // 10))


@contextlib.contextmanager
def _service(jobs: int) -> Iterator[Server]:
    """Our web process with a Valkey and no worker, so that the jobs wait."""
    with private_valkey() as redis_url, tempfile.TemporaryDirectory(prefix="sec-") as folder:
        port = free_port()
        own = {
            "PYTHONPATH": str(PLUGINS),
            "SECRETARY_DATA_DIR": folder,
            "SECRETARY_REDIS_URL": redis_url,
            "SECRETARY_PORT": str(port),
            "SECRETARY_API_KEY": KEY,
            "SECRETARY_LOG_LEVEL": "warning",
            "SECRETARY_MAX_STREAMS_PER_KEY": "100000",
        }
        with started([sys.executable, "-m", "secretary", "web"], own, Path(folder) / "web.log") as process:
            until(lambda: _answers(port), what="the web process answers")
            yield Server(psutil.Process(process.pid), port, redis_url, greeting(KEY), _created(port, jobs))


def _created(port: int, jobs: int) -> list[str]:
    job = {"job_type": "noop", "parameters": {}}
    answer = httpx.post(
        f"http://127.0.0.1:{port}/api/jobs/batch",
        json={"jobs": [job] * jobs},
        headers={"Authorization": f"Bearer {KEY}"},
        trust_env=False,
        timeout=120,
    )
    return list(answer.raise_for_status().json()["data"]["job_ids"])


@contextlib.contextmanager
def _bare(way: str) -> Iterator[Server]:
    with private_valkey() as redis_url:
        command = [sys.executable, "-m", "benchmarks.bare_sockets"]
        with _listening(command, way, {"BENCHMARKS_REDIS": redis_url}, redis_url) as server:
            yield server


@contextlib.contextmanager
def _yoga() -> Iterator[Server]:
    if not (YOGA / "node_modules").exists():
        subprocess.run(["npm", "ci", "--prefix", str(YOGA), "--no-audit", "--no-fund", "--loglevel=error"], check=True)
    with private_valkey() as redis_url:
        environment = {"REDIS_PATH": redis_url.removeprefix("unix://"), "NODE_ENV": "production"}
        with _listening(["node", str(YOGA / "server.mjs")], None, environment, redis_url) as server:
            yield server


@contextlib.contextmanager
def _listening(command: list[str], way: str | None, environment: dict[str, str], redis_url: str) -> Iterator[Server]:
    port = free_port()
    arguments = [str(port), way] if way else []
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        log = Path(folder) / "log"
        with started([*command, *arguments], {**environment, "PORT": str(port)}, log) as process:
            until(lambda: _answers(port), what="the baseline answers")
            yield Server(psutil.Process(process.pid), port, redis_url, greeting(KEY), ["job-1"])


def _answers(port: int) -> bool:
    with contextlib.suppress(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/api/health/live", trust_env=False)
        return True
    return False


def _allow_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))
