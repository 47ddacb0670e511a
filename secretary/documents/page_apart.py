"""Web pages read in a page worker, which has no network and no key: what one does to its reader it does to that process alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from secretary.documents.page_content import PageOrder
from secretary.documents.page_process import PageLimits, PageProcess, WorkerDied
from secretary.documents.page_workers import JobLimits
from secretary.documents.source_file import SourceFile
from secretary.documents.web_facts import PageFacts
from secretary.documents.web_page import WebPage
from secretary.errors import Crashed, JobFailure, OutOfMemory, TimedOut
from secretary.parameters.pdf import PdfParameters

_FACTS: Final = TypeAdapter(PageFacts)
_SIGN_SECONDS: Final = 1.0
_ENDS: Final[dict[type[JobFailure], str]] = {
    Crashed: "it ends the program that reads it",
    OutOfMemory: "that needs more memory than this server gives to a page",
    TimedOut: "that takes longer than this server gives to a page",
}


class PageApart:
    """One page in a worker of its own. Asking raises what reading raises, and Crashed, OutOfMemory or TimedOut where the worker ended
    over it; close it at the end."""

    def __init__(
        self,
        source: SourceFile,
        charset: str | None,
        directory: Path,
        limits: JobLimits,
        sign_of_life: Callable[[], None],
    ) -> None:
        parameters = PdfParameters.model_validate({"filename": source.name})
        order = PageOrder(source=source, parameters=parameters, directory=directory)
        self._name = source.name
        self._charset = charset
        self._sign_of_life = sign_of_life
        self._worker = PageProcess(order, PageLimits(limits.page_seconds, limits.memory_bytes, limits.memory_bytes))

    def text(self) -> WebPage:
        """As `read_web_page`."""
        return WebPage(**self._ask("web page"))

    def facts(self, url: str, title: str) -> PageFacts:
        """As `read_facts`."""
        return _FACTS.validate_python(self._ask("web facts", url=url, title=title))

    def close(self) -> None:
        self._worker.close()

    def _ask(self, what: str, **more: str) -> Any:
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(self._worker.ask, what, 0, charset=self._charset, **more)
            while True:
                try:
                    return asked.result(_SIGN_SECONDS)["answer"]
                except StillWaiting:
                    self._sign_of_life()
                except WorkerDied as died:
                    kind = type(died.failure)
                    raise kind(f"{self._name} cannot be read: {_ENDS[kind]}.") from died


def read_web_page_apart(
    source: SourceFile, charset: str | None, directory: Path, limits: JobLimits, *, sign_of_life: Callable[[], None]
) -> WebPage:
    """As `read_web_page`; raises also what PageApart raises."""
    with closing(PageApart(source, charset, directory, limits, sign_of_life)) as page:
        return page.text()
