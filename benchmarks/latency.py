"""Idle submit to completed: one page, nothing else to do, measured where the caller sits."""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import redis
from websockets.sync.client import ClientConnection, connect

from benchmarks.bare_dramatiq import WOKEN, BareDramatiq, running_worker
from benchmarks.documents import text_document
from benchmarks.figures import Figure, Latencies
from benchmarks.installation import KEY, Installation, private_valkey, running_service
from benchmarks.options import Options
from tests.handlers.kept_context import KeptContext

SHORT_PAUSE: Final = 0.1
LONG_PAUSE: Final = 1.0
"""Seconds the queue is idle before each try; Dramatiq's own consumer sleeps longer the longer nothing comes."""
AIM: Final = "p50 under 100 ms"
_PROGRESS: Final = "subscription ($id: ID!) { jobProgress(jobId: $id) { status } }"


def measure(options: Options) -> list[Figure]:
    tries, fewer = options.few(100, 10), options.few(30, 3)
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        document = text_document(Path(folder) / "one-page.pdf", 1)
        handler = repeated(lambda: _in_process(document), tries)
        with running_service(document.parent) as service:
            trip = repeated(lambda: service.client.get("/api/health/live").raise_for_status(), tries)
            by_events = repeated(lambda: _followed_by_events(service, document.name), tries)
            later = repeated(lambda: _followed_by_events(service, document.name), fewer, LONG_PAUSE)
            with _socket(service) as socket:
                by_socket = repeated(lambda: _followed_by_socket(service, socket, document.name), tries)
    with private_valkey() as address, running_worker(address) as bare, redis.Redis.from_url(address) as client:
        stock = Latencies([_woken_after(bare, client, SHORT_PAUSE) for _ in range(tries)])
        stock_later = Latencies([_woken_after(bare, client, LONG_PAUSE) for _ in range(fewer)])
    baseline = handler.p50 + trip.p50
    parts = f"handler in process {handler.p50:.1f} + one bare request {trip.p50:.1f} ms"
    return [
        Figure("one page, by Server-Sent Events", parts, str(by_events), by_events.p50 / baseline, AIM),
        Figure("one page, by GraphQL subscription", parts, str(by_socket), by_socket.p50 / baseline, AIM),
        _against_waking(SHORT_PAUSE, stock, by_events),
        _against_waking(LONG_PAUSE, stock_later, later),
    ]


def _against_waking(pause: float, stock: Latencies, ours: Latencies) -> Figure:
    what = f"whole job by Server-Sent Events, against stock Dramatiq only waking; idle {pause:g} s"
    return Figure(what, str(stock), str(ours), ours.p50 / stock.p50)


def repeated(action: Callable[[], object], tries: int, pause: float = SHORT_PAUSE) -> Latencies:
    """Milliseconds of each try, the queue idle before each, after a few that do not count."""
    for _ in range(5):
        action()
    found = []
    for _ in range(tries):
        time.sleep(pause)
        begun = time.monotonic()
        action()
        found.append(1000 * (time.monotonic() - begun))
    return Latencies(found)


def _in_process(document: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        KeptContext(document, Path(folder)).run()


def _submit(service: Installation, filename: str) -> str:
    job: dict[str, Any] = {"job_type": "pdf", "parameters": {"filename": filename, "use_cache": False}}
    job_id: str = service.post("/api/jobs/", job)["job_id"]
    return job_id


def _followed_by_events(service: Installation, filename: str) -> None:
    job_id = _submit(service, filename)
    with service.client.stream("GET", f"/api/jobs/{job_id}/stream") as stream:
        # To the end, which the service makes itself, so that the connection serves the next call too.
        events = [line for line in stream.iter_lines() if line.startswith("event: ")]
    if events[-1] != "event: completed":
        raise RuntimeError(f"{job_id} did not complete")


def _socket(service: Installation) -> ClientConnection:
    socket = connect(service.url.replace("http", "ws") + "/graphql", subprotocols=["graphql-transport-ws"], proxy=None)  # type: ignore[list-item]
    socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {KEY}"}}))
    if json.loads(socket.recv())["type"] != "connection_ack":
        raise RuntimeError("the socket was refused")
    return socket


def _followed_by_socket(service: Installation, socket: ClientConnection, filename: str) -> None:
    job_id = _submit(service, filename)
    payload = {"query": _PROGRESS, "variables": {"id": job_id}}
    socket.send(json.dumps({"type": "subscribe", "id": job_id, "payload": payload}))
    status = None
    while (message := json.loads(socket.recv()))["type"] != "complete":
        if message["type"] == "next":
            status = message["payload"]["data"]["jobProgress"]["status"]
    if status != "COMPLETED":
        raise RuntimeError(f"{job_id} did not complete: {message}")


def _woken_after(bare: BareDramatiq, client: "redis.Redis", pause: float) -> float:
    """Milliseconds from before the send until the actor runs; both clocks are the system's own monotonic one."""
    time.sleep(pause)
    begun = time.monotonic()
    bare.wake.send()
    woken = cast("tuple[bytes, bytes] | None", client.blpop([WOKEN], timeout=30))
    if woken is None:
        raise TimeoutError("the bare worker did not wake")
    return 1000 * (float(woken[1]) - begun)
