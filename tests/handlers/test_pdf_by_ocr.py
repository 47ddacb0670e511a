"""A pdf job whose pages are read by OCR, here or by a remote service: its results, its files, and what becomes of lost pages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from secretary.errors import OcrUnavailable, ProviderFailed, ProviderNotConfigured
from secretary.providers import MistralProvider, Providers
from tests.documents.ocr.printed import ENGLISH, error_rate, printed, scan_of
from tests.documents.remote.provider_servers import Server, mistral, mistral_says, said, serving
from tests.documents_made import text_pdf


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(mistral) as server:
        yield server


@pytest.fixture
def remote_job(job: Any, server: Server) -> Any:
    """As `job`, with Mistral's service set up."""
    provider = MistralProvider(url=server.url, key="very-secret-key", model="mistral-ocr-latest")

    def make(source: Path) -> Any:
        return replace(job(source), providers=Providers(mistral=provider, answer_seconds=20))

    return make


@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize("method", ["ocr", "combined"])
def test_a_scan_gives_text_and_markdown(tmp_path: Path, job: Any, method: str) -> None:
    context = job(scan_of(tmp_path / "scan.pdf", printed(ENGLISH)))
    data = context.run(extraction_method=method).structured_data
    [page] = data.metadata.text_contents
    assert error_rate(data.extracted_text, ENGLISH) <= 0.005
    assert (page.method, page.dpi, context.warnings) == ("ocr", 200, [])
    assert page.engine is not None
    assert "committee met on Tuesday" in (context.directory / "scan.md").read_text()


@pytest.mark.usefixtures("tesseract")
def test_a_scan_is_read_without_a_markdown_file_too(tmp_path: Path, job: Any) -> None:
    context = job(scan_of(tmp_path / "scan.pdf", printed(ENGLISH)))
    data = context.run(extraction_method="ocr", include_markdown=False).structured_data
    assert error_rate(data.extracted_text, ENGLISH) <= 0.005
    assert context.produced() == ["scan.json"]


@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize("method", ["ocr", "combined"])
def test_a_blank_page_is_no_scan(tmp_path: Path, job: Any, method: str) -> None:
    context = job(scan_of(tmp_path / "blank.pdf", printed("")))
    assert context.run(extraction_method=method).structured_data.extracted_text == ""
    assert context.warnings == ["No text was found on any page."]


@pytest.mark.usefixtures("tesseract")
def test_a_language_without_data_ends_the_job_naming_what_is_there(tmp_path: Path, job: Any) -> None:
    context = job(text_pdf(tmp_path / "a.pdf", "text"))
    with pytest.raises(OcrUnavailable, match=r"no OCR data for hat, only for .*deu, eng"):
        context.run(extraction_method="combined", language=["ht"])


def test_pages_read_remotely_become_results(tmp_path: Path, remote_job: Any, server: Server) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    server.script.append(lambda _: mistral_says(f"# Minutes\n\nText\n\n{table}\n\n- item"))
    context = remote_job(text_pdf(tmp_path / "a.pdf", "one", "two"))
    results = context.run(extraction_method="mistral_ocr", page_end=1, include_images=True)
    data = results.structured_data
    assert data.extracted_text == "Minutes\n\nText\n\na\tb\n1\t2\n\n- item"
    assert [table.rows for table in data.tables] == [[["a", "b"], ["1", "2"]]]
    assert [page.method for page in data.metadata.text_contents] == ["mistral_ocr"]
    assert "images/page-0001.jpg" in results.assets
    markdown = (context.directory / "a.md").read_text()
    assert "- item" in markdown
    assert "| 1 | 2 |" in markdown
    assert len(server.requests) == 1


def test_a_page_the_service_refuses_is_lost_alone(tmp_path: Path, remote_job: Any, server: Server) -> None:
    usual = server.usual
    server.usual = lambda request: said(422, {"detail": "bad"}) if b"two" in usual(request)[2] else usual(request)
    context = remote_job(text_pdf(tmp_path / "a.pdf", "one", "two"))
    metadata = context.run(extraction_method="mistral_ocr").structured_data.metadata
    assert [page.page for page in metadata.text_contents] == [1]
    [lost] = metadata.failed_pages
    assert (lost.page, lost.code) == (2, "PROVIDER_FAILED")
    assert context.warnings == ["Page 2: Mistral refused the page (HTTP 422: bad)."]


def test_when_the_service_refuses_every_page_the_job_fails(tmp_path: Path, remote_job: Any, server: Server) -> None:
    server.usual = lambda _: said(422, {"detail": "bad"})
    context = remote_job(text_pdf(tmp_path / "a.pdf", "one", "two"))
    with pytest.raises(ProviderFailed, match=r"^Mistral refused the page \(HTTP 422: bad\)\.$"):
        context.run(extraction_method="mistral_ocr")


def test_without_a_key_the_job_is_refused_before_the_document_is_opened(tmp_path: Path, job: Any) -> None:
    context = job(text_pdf(tmp_path / "a.pdf", "one"))
    with pytest.raises(ProviderNotConfigured, match="SECRETARY_OPENAI_KEY"):
        context.run(extraction_method="openai_vision")
