"""Going through pages that a remote service reads: several are on their way at once, and come in the order asked for."""

import base64
import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from typing import Final

from secretary.documents.page_content import DrawnOutcome, MaterialOutcome, PageContent, PageOutcome
from secretary.documents.reading import Reading
from secretary.documents.remote.markdown_answer import read_answer
from secretary.documents.remote.mistral import MistralOcr
from secretary.documents.remote.page_service import PageService, RemotePage
from secretary.documents.remote.vision import VisionModel
from secretary.errors import ErrorCode, JobFailure, ProviderBusy, ProviderFailed
from secretary.fetching import ProviderRefused, ProviderResting
from secretary.parameters.pdf import ExtractionMethod, PdfParameters
from secretary.providers import Providers, not_configured
from secretary.results.pdf import PdfFailedPage, PdfTable

_AT_ONCE: Final = 4
_SIGN_SECONDS: Final = 1.0
_MOST_BUSY: Final = 3
"""After so many pages in a row that a service was too busy for, the job is left for later."""
_Sent = Future[RemotePage] | PdfFailedPage
_Waiting = deque[tuple[int, _Sent]]
_CUT: Final = "cut off by the remote service, the rest is missing"


def open_service(parameters: PdfParameters, providers: Providers) -> PageService:
    """The service of the job's method; raises ProviderNotConfigured where this server has no key for it."""
    method, needed = parameters.extraction_method, parameters.needs_provider
    if method is ExtractionMethod.MISTRAL_OCR and providers.mistral is not None:
        return MistralOcr(providers.mistral, providers.answer_seconds)
    if method is ExtractionMethod.OPENAI_VISION and providers.openai is not None:
        return VisionModel(providers.openai, parameters.language, providers.answer_seconds)
    assert needed is not None, "only methods of a provider are read remotely"
    raise not_configured(*needed)


class RemoteReading:
    """A reading whose pages are read elsewhere; the document itself is only opened and taken apart here."""

    def __init__(self, service: PageService, pages: Reading, *, method: str, sign_of_life: Callable[[], None]) -> None:
        self._service = service
        self._pages = pages
        self._method = method
        self._sign_of_life = sign_of_life
        self._threads = ThreadPoolExecutor(_AT_ONCE)
        self.opening = pages.opening

    def read_all(self, numbers: Sequence[int]) -> Iterator[PageOutcome]:
        """Raises a JobFailure when the service refuses or rests altogether, or when it could read no page at all."""
        waiting: _Waiting = deque()
        outcomes = _Outcomes(len(numbers))
        for number, material in zip(numbers, self._pages.material_all(numbers), strict=True):
            waiting.append((number, self._sent(material)))
            if len(waiting) >= _AT_ONCE:
                yield outcomes.checked(*self._next(waiting))
        while waiting:
            yield outcomes.checked(*self._next(waiting))

    def draw_all(self, numbers: Sequence[int]) -> Iterator[DrawnOutcome]:
        return self._pages.draw_all(numbers)

    def material_all(self, numbers: Sequence[int]) -> Iterator[MaterialOutcome]:
        return self._pages.material_all(numbers)

    def close(self) -> None:
        # What is still on its way is not waited for: its connections are closed under it.
        self._threads.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(Exception):
            self._service.close()
        self._pages.close()

    def _sent(self, material: MaterialOutcome) -> _Sent:
        if isinstance(material, PdfFailedPage):
            return material
        return self._threads.submit(self._service.read, base64.b64decode(material))

    def _next(self, waiting: _Waiting) -> tuple[int, PageOutcome | JobFailure]:
        number, sent = waiting.popleft()
        return number, self._outcome(number, sent)

    def _outcome(self, number: int, sent: _Sent) -> PageOutcome | JobFailure:
        if isinstance(sent, PdfFailedPage):
            return sent
        while True:
            try:
                return self._content(number, sent.result(_SIGN_SECONDS))
            except StillWaiting:
                self._sign_of_life()
            except ProviderFailed as failure:
                return failure

    def _content(self, number: int, page: RemotePage) -> PageContent:
        answer = read_answer(page.markdown)
        return PageContent(
            text=answer.text,
            blocks=answer.blocks,
            method=self._method,
            engine=page.model,
            dpi=self._service.dpi,
            confidence=page.confidence,
            tables=[PdfTable(page=number, rows=rows) for rows in answer.tables],
            failure=PdfFailedPage(page=number, code=ErrorCode.PROVIDER_FAILED, message=_CUT) if page.is_cut else None,
        )


class _Outcomes:
    """What became of the pages so far, and whether it is worth going on."""

    def __init__(self, pages: int) -> None:
        self._left = pages
        self._read = 0
        self._busy = 0
        self._first_failure: JobFailure | None = None

    def checked(self, number: int, found: PageOutcome | JobFailure) -> PageOutcome:
        self._left -= 1
        if isinstance(found, JobFailure):
            self._count(found)
            return PdfFailedPage(page=number, code=found.code, message=_in_a_sentence(found.message))
        self._read += isinstance(found, PageContent)
        self._busy = 0
        self._raise_if_nothing_was_read()
        return found

    def _count(self, failure: JobFailure) -> None:
        if isinstance(failure, ProviderRefused | ProviderResting):
            raise failure
        self._first_failure = self._first_failure or failure
        self._busy = self._busy + 1 if isinstance(failure, ProviderBusy) else 0
        if self._busy >= _MOST_BUSY:
            raise failure
        self._raise_if_nothing_was_read()

    def _raise_if_nothing_was_read(self) -> None:
        if self._first_failure is not None and not self._left and not self._read:
            raise self._first_failure


def _in_a_sentence(message: str) -> str:
    """A failure's sentence as it follows the page's number."""
    return message.rstrip(".")
