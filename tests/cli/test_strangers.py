"""What the client commands say when something else than the service answers, and how they reach it behind a path."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.asking import ask
from tests.up.started import started

KEY = "sec_key-of-the-tests"

Answer = Callable[[BaseHTTPRequestHandler, bytes], tuple[int, dict[str, str], bytes]]


class Server(ThreadingHTTPServer):
    """What it says would stand among the command's words, as both are on this process's standard error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        # The command may hang up before it has read everything.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """A server on this machine that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # as the standard library calls it

        def log_message(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Nowhere:
    """A folder without a service."""

    def __init__(self, folder: Path) -> None:
        self.folder = self.data_dir = folder


@pytest.mark.parametrize(
    "words", [("jobs",), ("job", "job-x"), ("watch", "job-x"), ("download", "job-x"), ("cancel", "job-x")]
)
@pytest.mark.parametrize(
    ("status", "headers", "body", "sentence"),
    [
        (200, {"Content-Type": "text/html"}, b"<h1>Welcome</h1>", "What answers at {url} is not secretary (200"),
        (404, {"Content-Type": "text/html"}, b"<h1>Not found</h1>", "What answers at {url} is not secretary (404"),
        (
            200,
            {"Content-Type": "application/json"},
            b'{"hello": "world"}',
            "What answers at {url} is not secretary (200",
        ),
        (502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>", "The service at {url} "),
        (301, {"Location": "https://elsewhere.example/"}, b"", "{url}"),
    ],
)
def test_what_is_no_service_is_one_sentence(
    words: tuple[str, ...], status: int, headers: dict[str, str], body: bytes, sentence: str, tmp_path: Path
):
    with answering(lambda *_: (status, headers, body)) as url:
        done = ask(Nowhere(tmp_path), *words, SECRETARY_URL=url, SECRETARY_API_KEY=KEY)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("secretary: ")
    assert sentence.format(url=url) in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("jobs",), ("watch", "job-x")])
def test_the_key_does_not_follow_a_redirect(words: tuple[str, ...], tmp_path: Path):
    heard: list[str] = []

    def elsewhere(request: BaseHTTPRequestHandler, _: bytes) -> tuple[int, dict[str, str], bytes]:
        heard.append(request.path)
        return 200, {}, b""

    with answering(elsewhere) as there, answering(lambda *_: (307, {"Location": there}, b"")) as url:
        done = ask(Nowhere(tmp_path), "jobs", SECRETARY_URL=url, SECRETARY_API_KEY=KEY)
    assert (
        done.stderr == f"secretary: The address {url} leads on to {there}; set SECRETARY_URL to where the service is.\n"
    )
    assert heard == []


def test_a_service_behind_a_path_is_reached(folder: Path):
    with started(folder) as service:

        def behind(request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
            assert request.path.startswith("/tools/secretary/")
            headers = {
                name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers
            }
            path = request.path.removeprefix("/tools/secretary")
            answer = httpx.request(request.command, service.url + path, headers=headers, content=body, trust_env=False)
            return answer.status_code, {"Content-Type": answer.headers["content-type"]}, answer.content

        with answering(behind) as url:
            known = {"SECRETARY_URL": f"{url}/tools/secretary/", "SECRETARY_API_KEY": service.key}
            made = ask(service, "submit", "--type", "transformer", "-p", "text=x", "--template", "Summary", **known)
            assert (made.returncode, made.stderr) == (0, "")
            assert made.stdout.strip() in ask(service, "jobs", **known).stdout


def test_what_is_asked_for_again_is_waited_for(tmp_path: Path):
    calls: list[str] = []

    def busy(request: BaseHTTPRequestHandler, _: bytes) -> tuple[int, dict[str, str], bytes]:
        calls.append(request.path)
        if len(calls) < 3:
            refusal = b'{"status": "error", "error": {"code": "RATE_LIMITED", "message": "Later.", "details": null}}'
            return 429, {"Retry-After": "0", "Content-Type": "application/json"}, refusal
        page = (
            b'{"data": {"jobs": {"totalCount": 0, "pageInfo": {"hasNextPage": false, "endCursor": null}, "edges": []}}}'
        )
        return 200, {"Content-Type": "application/json"}, page

    with answering(busy) as url:
        done = ask(Nowhere(tmp_path), "jobs", SECRETARY_URL=url, SECRETARY_API_KEY=KEY)
    assert (done.returncode, len(calls)) == (0, 3)
