"""What a webhook costs the jobs: the same jobs without one, with one whose receiver answers, and with one that hangs."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from typing import Any, Final

from benchmarks.figures import Figure, rate_figure
from benchmarks.installation import Installation, running_service
from benchmarks.options import Options

_ANSWER: Final = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_SLEEP: Final = 3.0


def measure(options: Options) -> list[Figure]:
    jobs = options.few(300, 30)
    rounds = options.few(options.rounds, 1)
    rates: dict[str, list[float]] = {"none": [], "answers": [], "hangs": []}
    sleeps: dict[str, list[float]] = {"none": [], "answers": [], "hangs": []}
    with _receiver(hangs=False) as answering, _receiver(hangs=True) as hanging:
        hooks = {"none": None, "answers": {"url": answering}, "hangs": {"url": hanging}}
        # Each kind on a service of its own: what one that hangs leaves to be tried again must not burden the next.
        for kind, hook in hooks.items():
            with running_service(SECRETARY_ALLOW_PRIVATE_NETWORKS="true") as service:
                rates[kind] += [_rate(service, "noop", {}, hook, jobs) for _ in range(rounds)]
                count = options.few(8, 2)
                sleeps[kind] += [_rate(service, "sleep", {"seconds": _SLEEP}, hook, count) for _ in range(rounds)]
    words = {"answers": "a receiver that answers", "hangs": "a receiver that hangs"}
    return [
        rate_figure(f"{what}, webhook with progress to {words[kind]}", unit, baseline=told["none"], ours=told[kind])
        for what, unit, told in (
            ("jobs that do nothing", "jobs/s", rates),
            (f"jobs of {_SLEEP:g} s that report 20 times a second", "jobs/min", _per_minute(sleeps)),
        )
        for kind in words
    ]


def _rate(
    service: Installation, job_type: str, parameters: dict[str, Any], hook: dict[str, Any] | None, count: int
) -> float:
    job = {"job_type": job_type, "parameters": {**parameters, **({"webhook": hook} if hook else {})}}
    run = service.run_batch([job] * count)
    if run.failed:
        raise RuntimeError(f"{run.failed} jobs failed")
    return count / run.seconds


def _per_minute(rates: dict[str, list[float]]) -> dict[str, list[float]]:
    return {kind: [60 * rate for rate in found] for kind, found in rates.items()}


@contextlib.contextmanager
def _receiver(*, hangs: bool) -> Iterator[str]:
    """The address of a receiver that answers at once, or takes every call and never answers."""
    over = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            length = 0
            while line := self.rfile.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            self.rfile.read(length)
            if hangs:
                over.wait(30)
            with contextlib.suppress(OSError):
                self.wfile.write(_ANSWER)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hook"
        over.set()
        server.shutdown()
