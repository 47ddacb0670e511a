"""A web page read in a page worker, which has no network and no key: what it does to its reader it does to that process alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import closing
from pathlib import Path
from typing import Final

from secretary.documents.page_content import PageOrder
from secretary.documents.page_process import PageLimits, PageProcess, WorkerDied
from secretary.documents.page_workers import JobLimits
from secretary.documents.source_file import SourceFile
from secretary.documents.web_page import WebPage
from secretary.errors import Crashed, JobFailure, OutOfMemory, TimedOut
from secretary.parameters.pdf import PdfParameters

_SIGN_SECONDS: Final = 1.0
_ENDS: Final[dict[type[JobFailure], str]] = {
    Crashed: "it ends the program that reads it",
    OutOfMemory: "that needs more memory than this server gives to a page",
    TimedOut: "that takes longer than this server gives to a page",
}


def read_web_page_apart(
    source: SourceFile, charset: str | None, directory: Path, limits: JobLimits, *, sign_of_life: Callable[[], None]
) -> WebPage:
    """As `read_web_page`; raises also Crashed, OutOfMemory or TimedOut where the worker ended over it."""
    parameters = PdfParameters.model_validate({"filename": source.name})
    order = PageOrder(source=source, parameters=parameters, directory=directory)
    own = PageLimits(limits.page_seconds, limits.memory_bytes, limits.memory_bytes)
    with closing(PageProcess(order, own)) as worker, ThreadPoolExecutor(1) as thread:
        asked = thread.submit(worker.ask, "web page", 0, charset=charset)
        while True:
            try:
                return WebPage(**asked.result(_SIGN_SECONDS)["answer"])
            except StillWaiting:
                sign_of_life()
            except WorkerDied as died:
                kind = type(died.failure)
                raise kind(f"{source.name} cannot be read: {_ENDS[kind]}.") from died
