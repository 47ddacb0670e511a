"""Where a pdf job opens its document when a template is to be filled: never in a process that may reach the network."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from secretary.documents.page_content import PageOrder
from secretary.documents.page_workers import CarefulReading
from secretary.documents.reading import DirectReading
from secretary.documents.source_file import identify
from secretary.handlers import pdf
from secretary.job_types import PDF, TRANSFORMER
from secretary.parameters import PdfParameters
from secretary.providers import LanguageModel, Providers
from tests.documents_made import text_pdf

WITH_MODEL = Providers(llm=LanguageModel(url="http://127.0.0.1:1", model="m"))


@pytest.mark.parametrize(
    ("providers", "template", "reading"),
    [
        (WITH_MODEL, "Summary", CarefulReading),
        (WITH_MODEL, None, DirectReading),
        (Providers(), "Summary", DirectReading),
    ],
)
def test_the_process_that_asks_a_model_does_not_open_the_document(
    tmp_path: Path, job: Any, providers: Providers, template: str | None, reading: type
) -> None:
    source = identify(text_pdf(tmp_path / "a.pdf", "text"))
    given = {"filename": "a.pdf", **({"template": template} if template else {})}
    context = job(source.path)
    context.providers = providers
    order = PageOrder(source=source, parameters=PdfParameters.model_validate(given), directory=tmp_path)
    with closing(pdf._open(order, context)) as opened:
        assert isinstance(opened, reading)
    assert PDF.needs_network(given, providers) is (reading is CarefulReading)


def test_a_transformer_job_has_network_only_where_there_is_a_model() -> None:
    given = {"text": "x", "template": "Summary"}
    assert TRANSFORMER.needs_network(given, WITH_MODEL)
    assert not TRANSFORMER.needs_network(given, Providers())
