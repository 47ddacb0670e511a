"""Small real HTTP servers that speak the providers' documented protocols, and misbehave where a test says so."""

import base64
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

Answer = tuple[int, dict[str, str], bytes | Iterator[bytes]]
"""Status, headers, body, which may come drop by drop."""


@dataclass
class Request:
    method: str
    path: str
    key: str
    body: Any
    """JSON, or the parts of a form by name."""


@dataclass
class Server:
    """What came in, and how the next requests are answered: by `script`, one after the other, then by `usual`."""

    usual: Callable[[Request], Answer]
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    script: list[Callable[[Request], Answer]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Answer:
        with self.lock:
            self.requests.append(request)
            respond = self.script.pop(0) if self.script else self.usual
        return respond(request)

    def drip(self, _request: Request) -> Answer:
        """Spaces, which JSON permits before its value, without end."""

        def drops() -> Iterator[bytes]:
            while not self.closing.wait(0.05):
                yield b" "

        return 200, {"Content-Type": "application/json"}, drops()

    def hang(self, _request: Request) -> Answer:
        self.closing.wait(30)
        return said(503, {})


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, *_of: object) -> None:
        """Nobody waits any more for what was to be answered late."""


@contextmanager
def serving(usual: Callable[[Request], Answer]) -> Iterator[Server]:
    server = Server(usual)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers, body = server.answer(self.request_as_sent())
            self.send_response(status)
            length = {"Content-Length": str(len(body))} if isinstance(body, bytes) else {}
            for name, value in {**headers, **length}.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in [body] if isinstance(body, bytes) else body:
                self.wfile.write(piece)

        do_DELETE = do_POST  # noqa: N815  # the name http.server looks for

        def request_as_sent(self) -> Request:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind = self.headers.get("Content-Type", "")
            parts = _form(kind, body) if kind.startswith("multipart/") else json.loads(body or b"null")
            return Request(self.command, self.path, self.headers.get("Authorization", ""), parts)

        def log_message(self, *_arguments: object) -> None:
            pass

    listening = _Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
    thread.start()
    server.url = f"http://127.0.0.1:{listening.server_port}"
    try:
        yield server
    finally:
        server.closing.set()
        listening.shutdown()
        thread.join()
        listening.server_close()


def said(status: int, answer: Any, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(answer).encode()


def mistral(request: Request) -> Answer:
    """`POST /v1/ocr`: the text of the PDF that was sent, under a heading that says how many pages it has."""
    if request.path == "/v1/files":
        return said(200, {"id": "file-1", "object": "file", "purpose": "ocr"})
    if request.method == "DELETE":
        return said(200, {"id": "file-1", "deleted": True})
    document = request.body["document"]
    text, count = "an uploaded page", 1
    if document["type"] == "document_url":
        # Not by PDFium: it is not for threads, and the test's own may use it at this moment.
        pages = list(extract_pages(io.BytesIO(base64.b64decode(document["document_url"].partition(",")[2]))))
        text, count = "".join(part.get_text() for part in pages[0] if isinstance(part, LTTextContainer)), len(pages)
    return mistral_says(f"# Heading\n\n{text.strip()} of {count}")


def mistral_says(markdown: str, **more: Any) -> Answer:
    page = {"index": 0, "markdown": markdown, "images": [], "tables": [], "dimensions": None, **more}
    usage = {"pages_processed": 1, "doc_size_bytes": 1}
    return said(200, {"pages": [page], "model": "mistral-ocr-2512", "usage_info": usage})


def openai(_request: Request) -> Answer:
    """`POST /chat/completions`: always the same page."""
    return openai_says("# Heading\n\nWhat the page says")


def openai_says(content: str | None, finish_reason: str = "stop", refusal: str | None = None, **more: Any) -> Answer:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    return said(200, {"id": "c", "object": "chat.completion", "model": "gpt-seen", "choices": [choice], **more})


def _form(kind: str, body: bytes) -> dict[str, bytes]:
    message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    parts: Any = message.get_payload()
    return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}
