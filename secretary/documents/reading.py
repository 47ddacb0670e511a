"""Going through the pages of one document in order, each of them read or failed: in this process, or in page workers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from secretary.documents.document_reader import DocumentReader
from secretary.documents.page_content import DrawnOutcome, MaterialOutcome, Opening, PageOrder, PageOutcome
from secretary.documents.pages import PageError
from secretary.results.pdf import PdfFailedPage

_Answer = TypeVar("_Answer")


class Reading(Protocol):
    """An open document; pages come in the order they are asked for, each as what was read or why it was not."""

    opening: Opening

    def read_all(self, numbers: Sequence[int]) -> Iterator[PageOutcome]: ...

    def draw_all(self, numbers: Sequence[int]) -> Iterator[DrawnOutcome]: ...

    def material_all(self, numbers: Sequence[int]) -> Iterator[MaterialOutcome]: ...

    def close(self) -> None: ...


class DirectReading:
    """The fast way: the document is opened here, and what it does to its reader it does to this process."""

    def __init__(self, order: PageOrder, *, allow_seconds: Callable[[float], None], page_seconds: float) -> None:
        self._allow_seconds = allow_seconds
        self._page_seconds = page_seconds
        self._allow_seconds(page_seconds)
        self._reader = DocumentReader(order)
        self._allow_seconds(0)
        self.opening = self._reader.opening

    def read_all(self, numbers: Sequence[int]) -> Iterator[PageOutcome]:
        return self._each(numbers, self._reader.read)

    def draw_all(self, numbers: Sequence[int]) -> Iterator[DrawnOutcome]:
        return self._each(numbers, self._reader.draw)

    def material_all(self, numbers: Sequence[int]) -> Iterator[MaterialOutcome]:
        return self._each(numbers, self._reader.material)

    def close(self) -> None:
        self._allow_seconds(0)
        self._reader.close()

    def _each(self, numbers: Sequence[int], ask: Callable[[int], _Answer]) -> Iterator[_Answer | PdfFailedPage]:
        for number in numbers:
            self._allow_seconds(self._page_seconds)
            try:
                outcome: _Answer | PdfFailedPage = ask(number)
            except PageError as error:
                outcome = PdfFailedPage(page=number, code=error.code, message=error.sentence)
            self._allow_seconds(0)
            yield outcome
