"""A receiver of webhooks: a real HTTP server that remembers what it was told and answers as a test wants."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.installation import until


@dataclass(frozen=True)
class Call:
    """One POST, as it came in."""

    path: str
    headers: dict[str, str]
    raw: bytes
    at: float

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def phase(self) -> str:
        return str(self.body["phase"])

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(frozen=True)
class Answer:
    """What is answered, after waiting until `hold` is set."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None


class Receiver:
    """Listens on this machine until the end of the test; `answer` decides on what it has been told last."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.calls: list[Call] = []
        self.answer: Callable[[Call], Answer] = lambda call: Answer()
        self._lock = threading.Lock()

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ends(self) -> list[Call]:
        return [call for call in self.calls if call.phase != "processing"]

    def wait(self, count: int = 1, *, seconds: float = 30.0) -> list[Call]:
        """The ends told, once there are so many."""
        until(lambda: len(self.ends()) >= count, seconds=seconds, what=f"{count} ends are told")
        return self.ends()

    def take(self, call: Call) -> Answer:
        with self._lock:
            self.calls.append(call)
        return self.answer(call)


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = receiver.take(Call(self.path, headers, raw, time.monotonic()))
            if answer.hold is not None:
                answer.hold.wait(60)
            with contextlib.suppress(OSError):
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    receiver = Receiver(int(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
