"""Mistral's OCR service: takes a PDF of one page, gives Markdown and its tables apart."""

import base64
import contextlib
from typing import Any, Final

from secretary.documents.remote.page_service import RemotePage
from secretary.errors import ProviderFailed
from secretary.fetching import ProviderClient
from secretary.providers import MistralProvider

_LARGEST_INLINE: Final = 10 * 1024 * 1024


class MistralOcr:
    """`POST /v1/ocr`, the page inside the request; a large one is uploaded before and deleted afterwards."""

    dpi: None = None

    def __init__(self, provider: MistralProvider, answer_seconds: float) -> None:
        self._model = provider.model
        self._client = ProviderClient(
            "Mistral", "SECRETARY_MISTRAL", url=provider.url, key=provider.key, answer_seconds=answer_seconds
        )

    def read(self, material: bytes) -> RemotePage:
        if len(material) > _LARGEST_INLINE:
            return self._uploaded(material)
        data = base64.b64encode(material).decode("ascii")
        return self._read({"type": "document_url", "document_url": f"data:application/pdf;base64,{data}"})

    def close(self) -> None:
        self._client.close()

    def _uploaded(self, material: bytes) -> RemotePage:
        uploaded = self._client.upload("/v1/files", {"purpose": "ocr"}, filename="page.pdf", data=material)
        file_id = uploaded.get("id")
        if not isinstance(file_id, str) or not file_id.replace("-", "").isalnum():
            raise self._client.failed("took a file and gave no id for it")
        try:
            return self._read({"type": "file", "file_id": file_id})
        finally:
            # That it stays there for Mistral to delete is no reason to lose the page.
            with contextlib.suppress(ProviderFailed):
                self._client.delete(f"/v1/files/{file_id}")

    def _read(self, document: dict[str, str]) -> RemotePage:
        body = {
            "model": self._model,
            "document": document,
            "pages": [0],
            "include_image_base64": False,
            "table_format": "markdown",
        }
        answer = self._client.post("/v1/ocr", body)
        pages = answer.get("pages")
        page = pages[0] if isinstance(pages, list) and len(pages) == 1 else None
        if not isinstance(page, dict) or not isinstance(page.get("markdown"), str):
            raise self._client.failed("answered something that is not the text of one page")
        model = answer.get("model")
        return RemotePage(
            _with_tables(page["markdown"], page.get("tables")),
            model if isinstance(model, str) and model else self._model,
            _confidence(page.get("confidence_scores")),
        )


def _with_tables(markdown: str, tables: Any) -> str:
    """The tables in their places: the page's text only links to them."""
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict) and isinstance(table.get("id"), str) and isinstance(table.get("content"), str):
            link = f"[{table['id']}]({table['id']})"
            markdown = markdown.replace(link, f"\n\n{table['content'].strip()}\n\n")
    return markdown


def _confidence(scores: Any) -> float | None:
    score = scores.get("average_page_confidence_score") if isinstance(scores, dict) else None
    return round(float(score), 3) if isinstance(score, int | float) and 0 <= score <= 1 else None
