"""pdf jobs with a template through the whole service: read first, then filled; the process with network opens no document."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.documents.remote.provider_servers import Server, openai_says
from tests.documents_made import scan_pdf, text_pdf
from tests.installation import Installation
from tests.whole import test_transformer
from tests.whole.test_end_to_end import CREATE, follow, graphql
from tests.whole.test_transformer import extracting

model, templates, service = test_transformer.model, test_transformer.templates, test_transformer.service

JOB = """
query ($id: ID!) {
  job(id: $id) {
    status warnings error { code message } files { name url }
    results {
      ... on PdfResults {
        structuredData {
          extractedText templateFields transformedText templateFilling { provider model template characters usage { requests } }
        }
      }
    }
  }
}
"""


@pytest.fixture(autouse=True)
def usual(model: Server) -> None:
    model.usual = extracting
    model.requests.clear()


async def ran(service: Installation, client: httpx.AsyncClient, **pdf: Any) -> tuple[list[str], dict[str, Any]]:
    created = (await graphql(client, CREATE, input={"job": {"pdf": pdf}}))["createJob"]
    assert "job" in created, created
    states = await follow(service, created["job"]["id"])
    job = (await graphql(client, JOB, id=created["job"]["id"]))["job"]
    return list(dict.fromkeys(state["step"] for state in states)), job


async def test_a_pdf_is_read_and_its_template_filled(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path, model: Server
) -> None:
    text_pdf(shared_inputs / "minutes.pdf", "Topic: Bees\nPeople: Anna", "People: Ben", title="Spring")
    steps, job = await ran(
        service, client, filename="minutes.pdf", template="Minutes", context={"place": "the pond"}, includeImages=True
    )
    assert steps[-4:] == ["processing_images", "applying_template", "finalizing", "completed"]
    assert (job["status"], job["warnings"]) == ("COMPLETED", [])
    data = job["results"]["structuredData"]
    assert data["templateFields"] == {"People": ["Anna", "Ben"], "Topic": "Bees"}
    assert data["transformedText"].startswith('---\nkind: minutes\npeople: ["Anna", "Ben"]\n---\n\n# Bees\n')
    assert "Bees at the pond" in data["transformedText"]
    assert data["transformedText"].endswith(f"{data['extractedText']}\n")
    assert data["templateFilling"] == {
        "provider": "llm",
        "model": "gpt-seen",
        "template": "Minutes",
        "characters": len(data["extractedText"]),
        "usage": {"requests": 1},
    }
    file = next(file for file in job["files"] if file["name"] == "minutes.transformed.md")
    assert (await client.get(file["url"])).text == data["transformedText"]


async def test_an_equal_job_is_taken_from_the_cache_until_its_template_is_edited(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path, model: Server, templates: Path
) -> None:
    text_pdf(shared_inputs / "again.pdf", "Topic: Bees")
    (templates / "Topic.md").write_text("{{Topic|What?}}")
    for _ in range(2):
        _, job = await ran(service, client, filename="again.pdf", template="Topic")
        assert job["results"]["structuredData"]["transformedText"] == "Bees"
    assert len(model.requests) == 1
    (templates / "Topic.md").write_text("So: {{Topic|What?}}")
    _, job = await ran(service, client, filename="again.pdf", template="Topic")
    assert job["results"]["structuredData"]["transformedText"] == "So: Bees"
    assert len(model.requests) == 2


async def test_a_scan_without_text_fails_before_a_model_is_asked(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path, model: Server
) -> None:
    scan_pdf(shared_inputs / "scan.pdf")
    _, job = await ran(service, client, filename="scan.pdf", template="Minutes")
    assert (job["status"], job["error"]["code"], job["results"]) == ("FAILED", "INVALID_FILE", None)
    assert job["error"]["message"].endswith("It may be a scan, which extraction_method combined reads.")
    assert (job["files"], model.requests) == ([], [])


async def test_what_a_model_says_that_never_fits_fails_the_job(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path, model: Server
) -> None:
    text_pdf(shared_inputs / "unfit.pdf", "Topic: Bees")
    model.usual = lambda _: openai_says("No.")
    _, job = await ran(service, client, filename="unfit.pdf", template="Minutes")
    assert (job["status"], job["error"]["code"], job["results"]) == ("FAILED", "OUTPUT_INVALID", None)
    assert "model-answer.txt" in {file["name"] for file in job["files"]}
