"""Only the pages asked for are sent, each alone, in the protocol each provider documents, and come back in order."""

import base64
from pathlib import Path
from typing import Any

import pytest

from secretary.documents.page_content import PageContent
from secretary.documents.remote import mistral as mistral_module
from secretary.errors import ProviderNotConfigured
from secretary.results.pdf import PdfTable
from tests.documents.remote.conftest import KEY, RemoteJob
from tests.documents.remote.provider_servers import Server, mistral_says, openai_says
from tests.documents_made import CATALOG, FONT, content, page, text_pdf, written_pdf


@pytest.fixture
def six_pages(tmp_path: Path) -> Path:
    return text_pdf(tmp_path / "six.pdf", *(f"Page {number}" for number in range(1, 7)))


def test_mistral_is_sent_each_page_asked_for_as_a_pdf_of_its_own(
    six_pages: Path, by_mistral: Any, mistral_server: Server
) -> None:
    texts = by_mistral(six_pages).texts("mistral_ocr", 2, 3, 4, 5, 6)
    assert texts == [f"Heading\n\nPage {number} of 1" for number in range(2, 7)]
    assert {(request.method, request.path, request.key) for request in mistral_server.requests} == {
        ("POST", "/v1/ocr", f"Bearer {KEY}")
    }
    body = mistral_server.requests[0].body
    assert body.pop("document").keys() == {"type", "document_url"}
    assert body == {
        "model": "mistral-ocr-latest",
        "pages": [0],
        "include_image_base64": False,
        "table_format": "markdown",
    }


def test_a_page_says_how_it_was_read(six_pages: Path, by_mistral: Any, mistral_server: Server) -> None:
    scores = {"average_page_confidence_score": 0.9712}
    mistral_server.script.append(lambda _: mistral_says("Hello", confidence_scores=scores))
    [read] = by_mistral(six_pages).read("mistral_ocr")
    assert isinstance(read, PageContent)
    assert (read.method, read.engine, read.dpi, read.confidence) == ("mistral_ocr", "mistral-ocr-2512", None, 0.971)


def test_an_encrypted_document_leaves_without_its_password(
    tmp_path: Path, by_mistral: Any, mistral_server: Server
) -> None:
    source = text_pdf(tmp_path / "a.pdf", "Between us", password="sesame")
    assert by_mistral(source).texts("mistral_ocr", password="sesame") == ["Heading\n\nBetween us of 1"]
    assert "sesame" not in str(mistral_server.requests)


def test_a_large_page_is_uploaded_and_deleted_afterwards(
    six_pages: Path, by_mistral: Any, mistral_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mistral_module, "_LARGEST_INLINE", 100)
    assert by_mistral(six_pages).texts("mistral_ocr") == ["Heading\n\nan uploaded page of 1"]
    upload, read, delete = mistral_server.requests
    assert (upload.path, upload.body["purpose"]) == ("/v1/files", b"ocr")
    assert upload.body["file"].startswith(b"%PDF-")
    assert read.body["document"] == {"type": "file", "file_id": "file-1"}
    assert (delete.method, delete.path) == ("DELETE", "/v1/files/file-1")


def test_tables_of_mistral_become_tables(six_pages: Path, by_mistral: Any, mistral_server: Server) -> None:
    table = {"id": "tbl-0.md", "content": "| a | b |\n|---|---|\n| 1 | **2** |", "format": "markdown"}
    markdown = "Before\n[tbl-0.md](tbl-0.md)\n\nAfter ![img-0.jpeg](img-0.jpeg)"
    mistral_server.script.append(lambda _: mistral_says(markdown, tables=[table]))
    [read] = by_mistral(six_pages).read("mistral_ocr", 3)
    assert isinstance(read, PageContent)
    assert read.tables == [PdfTable(page=3, rows=[["a", "b"], ["1", "2"]])]
    assert read.text == "Before\n\na\tb\n1\t2\n\nAfter"


def test_a_vision_model_is_sent_a_picture_of_each_page(six_pages: Path, by_openai: Any, openai_server: Server) -> None:
    [read] = by_openai(six_pages).read("openai_vision", 5, language=["de"])
    assert isinstance(read, PageContent)
    assert (read.text, read.method, read.engine, read.dpi, read.confidence) == (
        "Heading\n\nWhat the page says",
        "openai_vision",
        "gpt-seen",
        150,
        None,
    )
    [request] = openai_server.requests
    assert (request.path, request.key) == ("/chat/completions", f"Bearer {KEY}")
    assert request.body.keys() == {"model", "messages", "max_completion_tokens"}
    [message] = request.body["messages"]
    task, picture = message["content"]
    assert "Its languages are: de." in task["text"]
    assert picture["image_url"]["detail"] == "high"
    head, _, data = picture["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(data).startswith(b"\xff\xd8\xff")


def test_a_vision_model_is_asked_in_the_dialect_that_is_set(
    six_pages: Path, by_openai: Any, openai_server: Server
) -> None:
    by_openai(six_pages, max_tokens=500, max_tokens_name="max_tokens", temperature=0.0).read("openai_vision")
    body = openai_server.requests[0].body
    assert (body["max_tokens"], body["temperature"]) == (500, 0.0)
    assert "max_completion_tokens" not in body


@pytest.mark.parametrize(
    ("content", "text"),
    [("[no text]", ""), ("```markdown\n- one\n- two\n```", "- one\n\n- two"), ("a  \nb\\_c **d**", "a b_c d")],
)
def test_markdown_becomes_plain_text(
    six_pages: Path, by_openai: Any, openai_server: Server, content: str, text: str
) -> None:
    openai_server.script.append(lambda _: openai_says(content))
    assert by_openai(six_pages).texts("openai_vision") == [text]


def test_a_page_that_cannot_be_taken_apart_fails_alone(tmp_path: Path, by_mistral: Any, mistral_server: Server) -> None:
    kids = "<< /Type /Pages /Kids [3 0 R 99 0 R] /Count 2 >>"
    source = written_pdf(tmp_path / "a.pdf", CATALOG, kids, page(4, 5), content("one"), FONT)
    assert by_mistral(source).texts("mistral_ocr", 1, 2) == [
        "Heading\n\none of 1",
        "INVALID_FILE: not readable, left out of the results",
    ]
    assert len(mistral_server.requests) == 1


@pytest.mark.parametrize(
    ("method", "setting"), [("mistral_ocr", "SECRETARY_MISTRAL_KEY"), ("openai_vision", "SECRETARY_OPENAI_KEY")]
)
def test_without_a_key_the_setting_is_named(six_pages: Path, method: str, setting: str) -> None:
    with pytest.raises(ProviderNotConfigured) as refusal:
        RemoteJob(six_pages).read(method)
    assert refusal.value.message.endswith(f"sets {setting}.")
