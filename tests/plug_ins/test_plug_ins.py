"""Job types of other packages that pip really installs: one of twenty lines that runs beside the built-in types, through both
doors, and one that cannot be loaded, which stops nothing."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.docs.blocks import ROOT, page_blocks
from tests.up.started import Started, secretary

HERE = Path(__file__).parent
TEXT = "the cat and the dog and the bird"
CREATE = """
mutation ($parameters: JSON!) {
  createJob(input: { job: { custom: { jobType: "word-count", parameters: $parameters } } }) {
    ... on CreateJobPayload { job { id } }
    ... on InvalidInputError { code message fields { path message } }
  }
}
"""
JOB = "query ($id: ID!) { job(id: $id) { status jobType error { code message } results { ... on CustomResults { data } } } }"


@pytest.fixture
def client(service: Started) -> Iterator[httpx.Client]:
    with service.client() as opened:
        yield opened


def ask(client: httpx.Client, query: str, **variables: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/graphql", json={"query": query, "variables": variables}).json()
    assert "errors" not in answer, answer
    return answer["data"]


def ended(client: httpx.Client, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while (job := client.get(f"/api/jobs/{job_id}").json()["data"])["status"] not in {"completed", "failed"}:
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
    return job


def number_of_jobs(client: httpx.Client) -> int:
    return int(ask(client, "{ jobs { totalCount } }")["jobs"]["totalCount"])


def test_the_example_has_twenty_lines() -> None:
    lines = (HERE / "word_count" / "secretary_word_count.py").read_text().splitlines()
    assert len([line for line in lines if line.strip()]) <= 20


def test_the_installed_type_is_listed_with_the_schema_of_its_parameters(client: httpx.Client) -> None:
    listed = {one["name"]: one for one in ask(client, "{ jobTypes { name description parametersSchema } }")["jobTypes"]}
    assert list(listed) == ["pdf", "session", "transformer", "word-count"]
    assert listed["word-count"]["description"] == "Counts words."
    schema = listed["word-count"]["parametersSchema"]
    assert schema["required"] == ["text"]
    assert schema["properties"]["top"] == {
        "default": 3,
        "description": "How many of the most frequent words to name.",
        "maximum": 100,
        "minimum": 1,
        "title": "Top",
        "type": "integer",
    }


def test_a_job_of_it_runs_by_graphql(client: httpx.Client) -> None:
    created = ask(client, CREATE, parameters={"text": TEXT, "top": 2})["createJob"]
    ended(client, created["job"]["id"])
    job = ask(client, JOB, id=created["job"]["id"])["job"]
    assert (job["status"], job["jobType"], job["error"]) == ("COMPLETED", "word-count", None)
    data = job["results"]["data"]
    assert (data["words"], data["frequent"]) == (8, {"the": 3, "and": 2})


def test_a_job_of_it_runs_by_rest(client: httpx.Client) -> None:
    answer = client.post("/api/jobs/", json={"job_type": "word-count", "parameters": {"text": TEXT}})
    assert answer.status_code == 200
    job = ended(client, answer.json()["data"]["job_id"])
    assert job["status"] == "completed"
    assert job["results"]["frequent"] == {"the": 3, "and": 2, "cat": 1}


def test_wrong_parameters_are_refused_by_their_names_and_make_no_job(client: httpx.Client) -> None:
    before = number_of_jobs(client)
    refused = ask(client, CREATE, parameters={"text": "", "tpo": 2})["createJob"]
    assert refused["code"] == "INVALID_PARAMETERS"
    assert {tuple(field["path"]): field["message"] for field in refused["fields"]} == {
        ("job", "custom", "parameters", "text"): "string should have at least 1 character",
        ("job", "custom", "parameters", "tpo"): 'unknown parameter "tpo". Did you mean "top"?',
    }
    answer = client.post("/api/jobs/", json={"job_type": "word-count", "parameters": {"text": "a", "top": 101}})
    assert answer.status_code == 400
    assert [wrong["field"] for wrong in answer.json()["error"]["details"]] == ["parameters.top"]
    assert number_of_jobs(client) == before


def test_the_package_that_cannot_be_loaded_is_logged_and_stops_nothing(service: Started, client: httpx.Client) -> None:
    said = service.said()
    assert "the job type 'broken' (secretary_broken:BROKEN) of secretary-broken 0.3 is left out: ImportError: " in said
    assert re.search(r'secretary_broken\.py", line 3', said)
    assert client.get("/api/health/ready").status_code == 200
    answer = client.post("/api/jobs/", json={"job_type": "broken", "parameters": {}})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "UNKNOWN_JOB_TYPE")


def test_the_doctor_names_both(packages: Path, tmp_path: Path) -> None:
    report = secretary("doctor", cwd=tmp_path, PYTHONPATH=str(packages), SECRETARY_DATA_DIR=str(tmp_path / "data"))
    assert report.returncode == 1
    lines = [line.split(maxsplit=2) for line in report.stdout.splitlines()]
    assert ["ok", "Job", "types       pdf, session, transformer, word-count"] in lines
    (left_out,) = [line for line in report.stdout.splitlines() if "missing" in line]
    assert "'broken' (secretary_broken:BROKEN) of secretary-broken 0.3 is left out: ImportError: " in left_out
    assert left_out.endswith("correct, update or remove that package")


def test_the_page_about_job_types_shows_this_very_package() -> None:
    blocks = {block.file: block.text for block in page_blocks(ROOT / "docs" / "job-types.md") if block.file}
    for name in ("secretary_word_count.py", "pyproject.toml"):
        assert blocks[f"word-count/{name}"] == (HERE / "word_count" / name).read_text(), name
