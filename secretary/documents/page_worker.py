"""A page worker's own program, `python -m secretary.documents.page_worker`: opens the document of a job whose pages are taken
for dangerous or slow, and answers for one page at a time; or reads a web page."""

import json
import os
import signal
import sys
import traceback
from dataclasses import asdict
from typing import IO, Any

from secretary.confinement import allow_cpu, allow_seconds, die_with_parent, leave_network, limit_address_space
from secretary.documents.charset import decoded
from secretary.documents.document_reader import DocumentReader
from secretary.documents.page_content import PageOrder
from secretary.documents.pages import PageError
from secretary.documents.web_page import WebPage, read_web_page
from secretary.errors import ErrorCode, JobFailure


def main() -> None:
    """Take one order, then requests until the pipe is closed."""
    first = json.loads(sys.stdin.buffer.readline())
    leave_network()
    die_with_parent(first["parent"])
    limit_address_space(first["address_bytes"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    replies = _private_stdout()
    answers = _Answers(PageOrder.model_validate(first["order"], strict=False))
    for line in sys.stdin.buffer:
        allow_seconds(first["seconds"])
        allow_cpu(first["seconds"])
        answer, usable = answers.to(json.loads(line))
        allow_seconds(0)
        replies.write(json.dumps(answer).encode() + b"\n")
        replies.flush()
        if not usable:
            return


class _Answers:
    """Turns whatever a request leads to into an answer, and says whether this process can take another."""

    def __init__(self, order: PageOrder) -> None:
        self._order = order
        self._reader: DocumentReader | None = None

    def to(self, request: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        try:
            return {"answer": self._answer(request)}, True
        except PageError as error:
            return {"failed": error.code, "sentence": error.sentence}, True
        except JobFailure as failure:
            return {"refused": [type(failure).__name__, failure.message, failure.details]}, True
        except MemoryError:
            return {"failed": ErrorCode.OUT_OF_MEMORY}, False
        except RecursionError:
            return {"failed": ErrorCode.CRASHED}, False
        except Exception:  # noqa: BLE001  # told to the process that asked, which fails the job under an id
            return {"unforeseen": traceback.format_exc(limit=20)}, False

    def _answer(self, request: dict[str, Any]) -> Any:
        if request["do"] == "web page":
            return asdict(self._web_page(request["charset"]))
        if request["do"] == "web facts":
            return asdict(self._web_facts(request["charset"], request["url"], request["title"]))
        return self._of_pdf(request["do"], request["page"])

    def _web_page(self, charset: str | None) -> WebPage:
        return read_web_page(self._html(charset), self._order.source.name)

    def _web_facts(self, charset: str | None, url: str, title: str) -> Any:
        # Loaded where it is wanted: most page workers read PDFs.
        from secretary.documents.web_reading import read_facts

        return read_facts(self._html(charset), url, title)

    def _html(self, charset: str | None) -> str:
        return decoded(self._order.source.path.read_bytes(), said=charset, is_html=True)

    def _of_pdf(self, what: str, number: int) -> Any:
        self._reader = self._reader or DocumentReader(self._order)
        if what == "read":
            return self._reader.read(number).model_dump(mode="json")
        if what == "draw":
            return self._reader.draw(number).model_dump(mode="json")
        if what == "material":
            return self._reader.material(number)
        return self._reader.opening.model_dump(mode="json")


def _private_stdout() -> IO[bytes]:
    # A library that prints must not spoil the answers: the real standard output moves away, and fd 1 becomes standard error.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


if __name__ == "__main__":
    main()
