"""Templates without a language model, through the whole service: the rules fill them word for word, and say so."""

from pathlib import Path
from typing import Any

import httpx

from tests.documents_made import text_pdf
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
