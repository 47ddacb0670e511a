"""Templates without a language model, through the whole service: what lies at a URL is read or refused by name, and the rules
fill fields word for word, and say so."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import free_port
from tests.documents.test_source_text import PAGE
from tests.documents_made import text_pdf
from tests.fetching.servers import Server, answering, raw, serving
from tests.installation import Installation
from tests.whole.test_end_to_end import CREATE, follow, graphql
from tests.whole.test_pdf_templates import JOB as PDF_JOB
from tests.whole.test_transformer import create, ended

MINUTES = """# Minutes of the garden club

Date: 3 May 2026
Participants: Anna Berg, Ben Carter

## Decisions

- We buy two hives.

## Action items

- Ben orders the hives until 10 May.
"""
TEMPLATE = "url: {{url}}\n\n{{text}}"


@pytest.fixture(scope="module")
def service(short_dir: Path, shared_inputs: Path) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    settings = {"SECRETARY_ALLOW_PRIVATE_NETWORKS": "true", "SECRETARY_MAX_FILE_MEGABYTES": "1"}
    made = Installation(folder, shared_inputs, None, free_port(), **settings)
    made.start_valkey()
    made.start_worker()
    made.start_web()
    yield made
    made.stop_all()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


async def test_a_web_page_a_pdf_and_a_text_are_read(
    service: Installation, client: httpx.AsyncClient, server: Server, tmp_path: Path
) -> None:
    page = server.on("/page", answering(200, PAGE.encode(), content_type="text/html"))
    moved = server.on("/moved", answering(302, location="/page"))
    pdf = server.on("/a.pdf", answering(200, text_pdf(tmp_path / "a.pdf", "From afar").read_bytes()))
    latin = answering(200, "Žluťoučký kůň".encode("iso-8859-2"), content_type="text/plain; charset=iso-8859-2")
    plain = server.on("/plain", latin)
    job_id = await create(client, url=moved, templateContent=TEMPLATE)
    states = await follow(service, job_id)
    steps = list(dict.fromkeys(state["step"] for state in states if state["step"] != "pending"))
    assert steps[-5:] == ["initializing", "loading_template", "transforming_text", "finalizing", "completed"]
    job = await ended(service, client, job_id)
    assert job["results"]["transformedText"].startswith(f"url: {page}\n\n# Minutes of May\n")
    data = job["results"]["structuredData"]
    assert data["source"] == {"kind": "html", "url": page, "title": "Minutes of May"}
    assert (data["filling"]["provider"], data["filling"]["generated"]) == ("none", False)
    for url, kind, text in ((pdf, "pdf", "From afar"), (plain, "plain", "Žluťoučký kůň")):
        job = await ended(service, client, await create(client, url=url, templateContent=TEMPLATE))
        assert job["results"]["structuredData"]["source"]["kind"] == kind
        assert job["results"]["transformedText"] == f"url: {url}\n\n{text}"


async def test_what_cannot_be_had_fails_the_job_with_a_fitting_code(
    service: Installation, client: httpx.AsyncClient, server: Server
) -> None:
    endless = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", *[b"x" * 65_536] * 40)
    addresses = {
        server.on("/image", answering(200, b"\x89PNG\r\n\x1a\n\0", content_type="image/png")): "INVALID_FILE",
        server.on("/empty", answering(200, b" ", content_type="text/plain")): "INVALID_FILE",
        server.on("/away", answering(302, location="http://169.254.169.254/")): "URL_NOT_ALLOWED",
        server.on("/endless", endless): "TOO_LARGE",
        server.url("/nothing-there"): "FETCH_FAILED",
    }
    for url, code in addresses.items():
        job = await ended(service, client, await create(client, url=url, templateContent=TEMPLATE))
        assert (job["status"], job["error"]["code"], job["results"]) == ("FAILED", code, None), url
        assert job["files"] == []


async def test_a_private_address_is_refused_at_the_door(client: httpx.AsyncClient, service: Installation) -> None:
    for url in ("http://169.254.169.254/latest", "file:///etc/passwd"):
        given: dict[str, Any] = {"job_type": "transformer", "parameters": {"url": url, "template": "Summary"}}
        answer = await client.post("/api/jobs/", json=given)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "URL_NOT_ALLOWED")
        assert answer.json()["error"]["details"][0]["field"] == "parameters.url"


async def test_the_rules_fill_a_template_word_for_word_and_say_so(
    service: Installation, client: httpx.AsyncClient
) -> None:
    job = await ended(service, client, await create(client, text=MINUTES, template="MeetingMinutes"))
    assert (job["status"], job["warnings"], job["error"]) == ("COMPLETED", [], None)
    fields = job["results"]["templateFields"]
    assert fields["participants"] == ["Anna Berg", "Ben Carter"]
    assert fields["decisions"] == ["We buy two hives."]
    filling = job["results"]["structuredData"]["filling"]
    assert (filling["provider"], filling["generated"], filling["model"], filling["usage"]) == (
        "rules",
        False,
        None,
        None,
    )
    assert "place" in filling["unfilled"]
    assert fields["place"] is None
    for name, places in filling["places"].items():
        values = fields[name] if isinstance(fields[name], list) else [fields[name]]
        assert [MINUTES[place["start"] : place["end"]] for place in places] == values
    assert "We buy two hives." in job["results"]["transformedText"]
    lines = [edge["node"]["message"] for edge in job["logs"]["edges"]]
    assert any(line.startswith("No language model is set up: the built-in rules") for line in lines)


async def test_nothing_is_called_translated_that_was_not(service: Installation, client: httpx.AsyncClient) -> None:
    given: dict[str, Any] = {"text": MINUTES, "template": "MeetingMinutes", "sourceLanguage": "en"}
    german = await ended(service, client, await create(client, **given, targetLanguage="de"))
    [warning] = german["warnings"]
    assert warning.startswith("Nothing was translated into de: that takes a language model, and none is set up.")
    assert german["results"]["structuredData"]["filling"]["translated"] is False
    assert german["results"]["structuredData"]["filling"]["template"] == "MeetingMinutes_de"
    assert german["results"]["templateFields"]["decisions"] == ["We buy two hives."]
    english = await ended(service, client, await create(client, **given, targetLanguage="en-GB"))
    assert english["warnings"] == []


async def test_a_pdf_is_filled_by_the_rules_too(
    service: Installation, client: httpx.AsyncClient, shared_inputs: Path
) -> None:
    text_pdf(shared_inputs / "club.pdf", "Date: 3 May 2026\nParticipants: Anna Berg, Ben Carter")
    pdf = {"filename": "club.pdf", "template": "MeetingMinutes"}
    created = (await graphql(client, CREATE, input={"job": {"pdf": pdf}}))["createJob"]
    await follow(service, created["job"]["id"])
    data = (await graphql(client, PDF_JOB, id=created["job"]["id"]))["job"]["results"]["structuredData"]
    assert data["templateFields"]["participants"] == ["Anna Berg", "Ben Carter"]
    assert data["templateFilling"]["provider"] == "rules"
