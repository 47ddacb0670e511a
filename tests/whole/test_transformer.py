"""Transformer jobs through the whole service: a text in, the model's server asked, live progress, results and files out."""

import asyncio
import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import free_port
from tests.documents.remote.provider_servers import Server, openai_says, said, serving
from tests.installation import Installation
from tests.language.model.chat_model import data_of, extracting
from tests.whole.test_end_to_end import CREATE, follow, graphql

KEY = "key-that-nobody-may-see"
TEMPLATE = """---
kind: minutes
people: {{People|List everybody who was there.}}
---

# {{Topic|What is it about?}}

{{Topic}} at {{place}}

{{text}}
"""
TEXT = "Topic: Bees\nPeople: Anna\nPeople: Ben\n"
FILLED = """---
kind: minutes
people: ["Anna", "Ben"]
---

# Bees

Bees at the pond

Topic: Bees
People: Anna
People: Ben

"""
JOB = """
query ($id: ID!) {
  job(id: $id) {
    status fromCache warnings archiveUrl error { code message } files { name mediaType url }
    logs { edges { node { level message } } }
    results {
      ... on TransformerResults {
        transformedText templateFields warnings
        structuredData {
          fields source { kind url title } sourceLanguage targetLanguage
          filling {
            template provider generated model unfilled places notes translated characters
            usage { requests inputTokens outputTokens seconds temperature }
          }
        }
      }
    }
  }
}
"""


@pytest.fixture(scope="module")
def model() -> Iterator[Server]:
    with serving(extracting) as server:
        yield server


@pytest.fixture(autouse=True)
def usual(model: Server) -> None:
    model.usual = extracting
    model.requests.clear()


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "Minutes.md").write_text(TEMPLATE)
    return folder


@pytest.fixture(scope="module")
def service(short_dir: Path, shared_inputs: Path, model: Server, templates: Path) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    settings = {
        "SECRETARY_LLM_URL": model.url,
        "SECRETARY_LLM_KEY": KEY,
        "SECRETARY_LLM_MODEL": "m-1",
        "SECRETARY_LLM_CHUNK_CHARACTERS": "500",
        "SECRETARY_PROVIDER_SECONDS": "2",
        "SECRETARY_TEMPLATES_DIR": str(templates),
        "NO_PROXY": "127.0.0.1",
    }
    made = Installation(folder, shared_inputs, None, free_port(), **settings)
    made.start_valkey()
    made.start_worker()
    made.start_web()
    yield made
    made.stop_all()


async def create(client: httpx.AsyncClient, **transformer: Any) -> str:
    created = (await graphql(client, CREATE, input={"job": {"transformer": transformer}}))["createJob"]
    assert "job" in created, created
    return str(created["job"]["id"])


async def ended(service: Installation, client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    await follow(service, job_id)
    job: dict[str, Any] = (await graphql(client, JOB, id=job_id))["job"]
    return job


async def test_a_text_becomes_a_filled_template_with_live_progress(
    service: Installation, client: httpx.AsyncClient, model: Server
) -> None:
    job_id = await create(
        client, text=TEXT, template="Minutes", context={"place": "the pond"}, sourceLanguage="en", targetLanguage="en"
    )
    states = await follow(service, job_id)
    steps = list(dict.fromkeys(state["step"] for state in states))
    assert steps[-4:] == ["loading_template", "transforming_text", "finalizing", "completed"]
    assert [state["percent"] for state in states] == sorted(state["percent"] for state in states)
    job = await ended(service, client, job_id)
    assert (job["status"], job["error"]) == ("COMPLETED", None)
    assert job["warnings"] == ['There is no template "Minutes_en"; the template "Minutes" is used as it is.']
    results = job["results"]
    assert results["transformedText"] == FILLED
    assert results["templateFields"] == {"People": ["Anna", "Ben"], "Topic": "Bees"}
    data = results["structuredData"]
    assert data["fields"] == results["templateFields"]
    assert (data["sourceLanguage"], data["targetLanguage"]) == ("en", "en")
    assert data["source"] == {"kind": "text", "url": None, "title": None}
    seconds = data["filling"]["usage"].pop("seconds")
    assert 0 < seconds < 60
    assert data["filling"] == {
        "template": "Minutes",
        "provider": "llm",
        "generated": True,
        "model": "gpt-seen",
        "unfilled": [],
        "places": {},
        "notes": [],
        "translated": False,
        "characters": len(TEXT),
        "usage": {"requests": 1, "inputTokens": 100, "outputTokens": 20, "temperature": 0.0},
    }
    archive = await client.get(job["archiveUrl"])
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert opened.namelist() == [file["name"] for file in job["files"]] == ["transformed.json", "transformed.md"]
        assert opened.read("transformed.md").decode() == FILLED
        assert json.loads(opened.read("transformed.json"))["fields"]["Topic"] == "Bees"
    assert json.loads(data_of(model.requests[0])[0]) == {"place": "the pond"}
    assert "in the language en" in model.requests[0].body["messages"][0]["content"]


async def test_the_rest_door_takes_the_historical_form(
    service: Installation, client: httpx.AsyncClient, model: Server
) -> None:
    parameters = {"extra": {"text": TEXT, "template_content": "{{Topic|What?}}", "useCache": False}}
    body = {"job_type": "transformer_template", "parameters": parameters}
    created = (await client.post("/api/jobs/", json=body)).json()["data"]
    assert created["job"]["job_type"] == "transformer"
    await follow(service, created["job_id"])
    job = (await client.get(f"/api/jobs/{created['job_id']}")).json()["data"]
    assert (job["status"], job["job_type"]) == ("completed", "transformer")
    assert job["results"]["transformed_text"] == "Bees"
    assert job["results"]["template_fields"] == {"Topic": "Bees"}
    assert job["results"]["structured_data"]["filling"]["template"] == "template_content"
    fetched = await client.get(job["files"][1]["url"])
    assert (fetched.text, fetched.headers["content-type"]) == ("Bees", "text/markdown; charset=utf-8")


async def test_an_equal_job_is_taken_from_the_cache_until_its_template_is_edited(
    service: Installation, client: httpx.AsyncClient, model: Server, templates: Path
) -> None:
    (templates / "Short.md").write_text("{{Topic|What?}}")
    same = {"text": f"{TEXT}cached", "template": "Short"}
    first = await ended(service, client, await create(client, **same))
    second = await ended(service, client, await create(client, **same))
    other = await ended(service, client, await create(client, **same, context={"a": 1}))
    assert [job["fromCache"] for job in (first, second, other)] == [False, True, False]
    assert second["results"] == first["results"]
    (templates / "Short.md").write_text("So: {{Topic|What?}}")
    edited = await ended(service, client, await create(client, **same))
    assert (edited["fromCache"], edited["results"]["transformedText"]) == (False, "So: Bees")
    assert len(model.requests) == 3


async def test_a_long_text_tells_of_each_part(service: Installation, client: httpx.AsyncClient, model: Server) -> None:
    text = "\n".join(f"# Part {number}\nPeople: Person {number}\n{'filling ' * 50}" for number in range(1, 6))
    job_id = await create(client, text=text, templateContent="{{People|List them.}}")
    states = await follow(service, job_id)
    told = [(state["message"], state["percent"]) for state in states if state["message"].startswith("Part ")]
    assert told == [(f"Part {number} of 5", 50 + 39 * number // 5) for number in range(1, 6)]
    job = await ended(service, client, job_id)
    assert job["results"]["templateFields"] == {"People": [f"Person {number}" for number in range(1, 6)]}


async def test_an_answer_that_never_fits_fails_the_job_and_can_be_read(
    service: Installation, client: httpx.AsyncClient, model: Server
) -> None:
    model.usual = lambda _: openai_says("Bees, I think.")
    job = await ended(service, client, await create(client, text=f"{TEXT}unfit", template="Minutes"))
    assert (job["status"], job["error"]["code"], job["results"]) == ("FAILED", "OUTPUT_INVALID", None)
    assert job["archiveUrl"] is None
    [file] = job["files"]
    assert file["name"] == "model-answer.txt"
    assert (await client.get(file["url"])).text == "Bees, I think."
    assert len(model.requests) == 2


async def test_a_job_that_waits_for_a_model_is_cancelled_at_once(
    service: Installation, client: httpx.AsyncClient, model: Server
) -> None:
    model.usual = model.hang
    job_id = await create(client, text=TEXT, template="Minutes", useCache=False)
    async with asyncio.timeout(20):
        while not model.requests:
            await asyncio.sleep(0.02)
    assert (await client.post(f"/api/jobs/{job_id}/cancel")).status_code == 200
    model.usual = extracting
    job = await ended(service, client, await create(client, text=TEXT, template="Minutes", useCache=False))
    assert job["status"] == "COMPLETED"
    assert (await ended(service, client, job_id))["status"] == "CANCELLED"


FAILING = {
    "401": (lambda _: said(401, {"error": {"message": f"bad key {KEY}"}}), 1),
    "429": (lambda _: said(429, {}, **{"Retry-After": "0"}), 4),
    "500": (lambda _: said(500, {}), 4),
    "nothing": (lambda _: openai_says(None), 1),
    "hangs": (None, 1),
}


@pytest.mark.parametrize(("answer", "requests"), FAILING.values(), ids=FAILING)
async def test_a_model_that_fails_fails_the_job(
    service: Installation, client: httpx.AsyncClient, model: Server, answer: Any, requests: int
) -> None:
    model.usual = answer or model.hang
    given = {"job": {"transformer": {"text": TEXT, "template": "Minutes", "useCache": False}}, "maxAttempts": 1}
    created = (await graphql(client, CREATE, input=given))["createJob"]
    job = await ended(service, client, created["job"]["id"])
    assert (job["status"], job["error"]["code"]) == ("FAILED", "PROVIDER_FAILED")
    assert (job["results"], job["files"]) == (None, [])
    assert len(model.requests) == requests
    assert KEY not in json.dumps(job)
    assert KEY not in (service.folder / "processes.log").read_text()
