"""The careful way through a document: it is never opened here, and a page that ends its reader costs a page worker and itself."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from pathlib import Path
from typing import Any, Final, Protocol

from secretary.documents.embedded_images import FOLDER
from secretary.documents.page_content import (
    DrawnOutcome,
    DrawnPage,
    MaterialOutcome,
    Opening,
    PageContent,
    PageOrder,
    PageOutcome,
)
from secretary.documents.page_process import PageLimits, PageProcess, WorkerDied
from secretary.errors import Crashed, ErrorCode, JobFailure, OutOfMemory, TimedOut
from secretary.parameters.pdf import ExtractionMethod
from secretary.results.pdf import PdfFailedPage

_AHEAD: Final = 2
"""Pages that wait for each worker, so that none is idle while results are taken in order."""
_SIGN_SECONDS: Final = 1.0
_OCR_PATIENCE: Final = 6
"""OCR takes seconds a page, and a page on its side is tried in four directions."""
_OCR_ADDRESS_SPACE: Final = 4
_OCR_WORKERS: Final = 2

_OPENING: Final[dict[type[JobFailure], str]] = {
    Crashed: "it ends the program that opens it",
    OutOfMemory: "that needs more memory than this server gives to a document",
    TimedOut: "that takes longer than this server gives to a document",
}


class JobLimits(Protocol):
    """What the whole job may use."""

    @property
    def page_seconds(self) -> float: ...

    @property
    def memory_bytes(self) -> int: ...


class CarefulReading:
    """Raises a JobFailure when the document cannot even be opened."""

    def __init__(self, order: PageOrder, limits: JobLimits, *, sign_of_life: Callable[[], None]) -> None:
        self._order = order
        by_picture = order.parameters.extraction_method is not ExtractionMethod.NATIVE
        self._limits = PageLimits(
            seconds=limits.page_seconds * (_OCR_PATIENCE if by_picture else 1),
            memory_bytes=limits.memory_bytes,
            address_bytes=limits.memory_bytes * (_OCR_ADDRESS_SPACE if by_picture else 1),
        )
        # One careful worker at a time: what is taken for dangerous does not get the memory of two.
        self._size = _OCR_WORKERS if by_picture else 1
        self._sign_of_life = sign_of_life
        self._threads = ThreadPoolExecutor(self._size)
        self._own = threading.local()
        self._processes: set[PageProcess] = set()
        self._starting = threading.Lock()
        self._closed = False
        try:
            self.opening = Opening.model_validate(self._wait(self._threads.submit(self._open)))
        except BaseException:
            self.close()
            raise

    def read_all(self, numbers: Sequence[int]) -> Iterator[PageOutcome]:
        for answer in self._each("read", numbers):
            yield answer if isinstance(answer, PdfFailedPage) else PageContent.model_validate(answer)

    def draw_all(self, numbers: Sequence[int]) -> Iterator[DrawnOutcome]:
        for answer in self._each("draw", numbers):
            yield answer if isinstance(answer, PdfFailedPage) else DrawnPage.model_validate(answer)

    def material_all(self, numbers: Sequence[int]) -> Iterator[MaterialOutcome]:
        yield from self._each("material", numbers)

    def close(self) -> None:
        with self._starting:
            self._closed = True
        for process in list(self._processes):
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in list(self._processes):
            process.close()

    def _each(self, what: str, numbers: Sequence[int]) -> Iterator[Any]:
        """Answers in order, a few pages ahead of the one asked for."""
        waiting: deque[Future[Any]] = deque()
        for number in numbers:
            waiting.append(self._threads.submit(self._page, what, number))
            if len(waiting) >= self._size * _AHEAD:
                yield self._wait(waiting.popleft())
        while waiting:
            yield self._wait(waiting.popleft())

    def _wait(self, future: Future[Any]) -> Any:
        """The result; meanwhile the job lives, as every page worker is watched from here."""
        while True:
            try:
                return future.result(_SIGN_SECONDS)
            except StillWaiting:
                if future.done():
                    return future.result()
                self._sign_of_life()

    def _open(self) -> Any:
        try:
            return self._ask("open", 0)["answer"]
        except WorkerDied as died:
            kind = type(died.failure)
            raise kind(f"{self._order.source.name} cannot be opened: {_OPENING[kind]}.") from died

    def _page(self, what: str, number: int) -> Any:
        try:
            answer = self._ask(what, number)
        except WorkerDied as died:
            _remove_pictures(self._order.directory, number)
            return PdfFailedPage(page=number, code=died.failure.code, message=self._sentence(died.failure))
        if "failed" in answer:
            return PdfFailedPage(page=number, code=answer["failed"], message=answer["sentence"])
        return answer["answer"]

    def _ask(self, what: str, number: int) -> dict[str, Any]:
        """Ask this thread's worker; a page that ended one that had read others is asked for once more from a fresh one."""
        try:
            return self._worker().ask(what, number)
        except WorkerDied as died:
            self._drop()
            if died.fresh:
                raise
        try:
            return self._worker().ask(what, number)
        except WorkerDied:
            self._drop()
            raise

    def _worker(self) -> PageProcess:
        process: PageProcess | None = getattr(self._own, "process", None)
        if process is not None and process.worn:
            self._drop()
            process = None
        return process or self._start()

    def _start(self) -> PageProcess:
        with self._starting:
            if self._closed:
                raise WorkerDied(Crashed(), fresh=True)
            process = self._own.process = PageProcess(self._order, self._limits)
            self._processes.add(process)
        return process

    def _drop(self) -> None:
        process: PageProcess | None = getattr(self._own, "process", None)
        self._own.process = None
        if process is not None:
            self._processes.discard(process)
            process.close()

    def _sentence(self, failure: JobFailure) -> str:
        words = {
            ErrorCode.TIMEOUT: f"more than {self._limits.seconds:g} seconds to read, left out of the results",
            ErrorCode.OUT_OF_MEMORY: "more memory needed than a page may use, left out of the results",
        }
        return words.get(failure.code, "ended the program that reads it, left out of the results")


def _remove_pictures(directory: Path, number: int) -> None:
    """What a worker that died over this page may have half written."""
    for pattern in (f"images/page-{number:04}.*", f"previews/page-{number:04}.*", f"{FOLDER}/page-{number:04}-*"):
        for path in directory.glob(pattern):
            path.unlink(missing_ok=True)
