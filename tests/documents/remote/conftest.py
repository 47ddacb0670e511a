"""Jobs that are read remotely, against servers of these tests."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from secretary.documents.page_content import PageContent, PageOrder, PageOutcome
from secretary.documents.reading import DirectReading
from secretary.documents.remote.remote_reading import RemoteReading, open_service
from secretary.documents.source_file import identify
from secretary.parameters.pdf import PdfParameters
from secretary.providers import MistralProvider, OpenAiProvider, Providers
from tests.documents.remote.provider_servers import Server, mistral, openai, serving

KEY = "very-secret-key"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def mistral_server() -> Iterator[Server]:
    with serving(mistral) as server:
        yield server


@pytest.fixture
def openai_server() -> Iterator[Server]:
    with serving(openai) as server:
        yield server


class RemoteJob:
    """Reads pages of a PDF by a method; `signs` counts how often it said that it lives."""

    def __init__(self, source: Path, **providers: object) -> None:
        self.source = source
        self.providers = Providers.model_validate(providers)
        self.signs = 0

    def read(self, method: str, *numbers: int, **parameters: object) -> list[PageOutcome]:
        given = PdfParameters.model_validate({"filename": "a.pdf", "extraction_method": method, **parameters})
        order = PageOrder(source=identify(self.source), parameters=given, directory=self.source.parent)
        service = open_service(given, self.providers)
        pages = DirectReading(order, allow_seconds=lambda _seconds: None, page_seconds=20)
        with closing(RemoteReading(service, pages, method=method, sign_of_life=self._live)) as reading:
            return list(reading.read_all(numbers or (1,)))

    def texts(self, method: str, *numbers: int, **parameters: object) -> list[str]:
        pages = self.read(method, *numbers, **parameters)
        return [page.text if isinstance(page, PageContent) else f"{page.code}: {page.message}" for page in pages]

    def _live(self) -> None:
        self.signs += 1


@pytest.fixture
def by_mistral(mistral_server: Server) -> Callable[..., RemoteJob]:
    def make(source: Path, answer_seconds: float = 20.0) -> RemoteJob:
        provider = MistralProvider(url=mistral_server.url, key=KEY, model="mistral-ocr-latest")
        return RemoteJob(source, mistral=provider, answer_seconds=answer_seconds)

    return make


@pytest.fixture
def by_openai(openai_server: Server) -> Callable[..., RemoteJob]:
    def make(source: Path, answer_seconds: float = 20.0, **more: object) -> RemoteJob:
        provider = OpenAiProvider.model_validate({"url": openai_server.url, "key": KEY, "model": "gpt-x", **more})
        return RemoteJob(source, openai=provider, answer_seconds=answer_seconds)

    return make
