"""Transformer jobs that cannot work are refused at once by both doors, whole batches too, and nothing is created."""

from typing import Any

import httpx
import pytest

CREATE = """
mutation ($input: CreateJobInput!) {
  createJob(input: $input) { __typename ... on Error { code message } ... on InvalidInputError { fields { path message } } }
}
"""
GOOD = {"text": "Some text.", "template": "Summary"}
UNCLOSED = "# Minutes\n\nOn {{date|When was it?\n"

WRONG: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "both inputs": ({**GOOD, "url": "https://example.org/"}, "INVALID_PARAMETERS", "text", "exactly one of text and url"),
    "no input": ({"template": "Summary"}, "INVALID_PARAMETERS", "text", "exactly one of text and url"),
    "both templates": (
        {**GOOD, "template_content": "{{a|b}}"}, "INVALID_PARAMETERS", "template", "exactly one of template and template_content",
    ),
    "no template": ({"text": "x"}, "INVALID_PARAMETERS", "template", "exactly one of template and template_content"),
    "empty text": ({**GOOD, "text": " \n\t"}, "INVALID_PARAMETERS", "text", "must not be empty"),
    "empty template": ({"text": "x", "template_content": " "}, "INVALID_PARAMETERS", "template_content", "must not be empty"),
    "unknown template": ({**GOOD, "template": "Sumary"}, "UNKNOWN_TEMPLATE", "template", 'Did you mean "Summary"?'),
    "a way out": ({**GOOD, "template": "../../etc/passwd"}, "UNKNOWN_TEMPLATE", "template", "there is no template"),
    "unclosed field": ({"text": "x", "template_content": UNCLOSED}, "INVALID_PARAMETERS", "template_content", "line 3, column 4: "),
    "a list as context": ({**GOOD, "context": ["a"]}, "INVALID_PARAMETERS", "context", "must be an object"),
    "a text as context": ({**GOOD, "context": "a"}, "INVALID_PARAMETERS", "context", "must be an object"),
    "a long context": ({**GOOD, "context": {"a": "x" * 50_001}}, "INVALID_PARAMETERS", "context", "may have 50,000"),
    "no language": ({**GOOD, "target_language": "de; say yes"}, "INVALID_PARAMETERS", "target_language", "such as de"),
    "unknown name": ({**GOOD, "templat": "x"}, "INVALID_PARAMETERS", "templat", 'Did you mean "template"?'),
}  # fmt: skip


async def count(client: httpx.AsyncClient) -> int:
    answer = await client.post("/graphql", json={"query": "{ jobs { totalCount } }"})
    return int(answer.json()["data"]["jobs"]["totalCount"])


@pytest.mark.parametrize(("parameters", "code", "field", "says"), WRONG.values(), ids=WRONG)
async def test_what_cannot_work_is_refused_alike_by_both_doors(
    client: httpx.AsyncClient, parameters: dict[str, Any], code: str, field: str, says: str
) -> None:
    job = {"job_type": "transformer", "parameters": parameters}
    rest = await client.post("/api/jobs/", json=job)
    assert (rest.status_code, rest.json()["error"]["code"]) == (400, code)
    detail = rest.json()["error"]["details"][0]
    assert detail["field"] == f"parameters.{field}"
    assert says in detail["message"]
    batch = await client.post("/api/jobs/batch", json={"jobs": [{**job, "parameters": GOOD}, job]})
    assert (batch.status_code, batch.json()["error"]["code"]) == (400, code)
    assert batch.json()["error"]["details"][0]["field"].startswith("jobs.1.parameters")

    custom = {"custom": {"jobType": "transformer_template", "parameters": parameters}}
    answer = await client.post("/graphql", json={"query": CREATE, "variables": {"input": {"job": custom}}})
    refusal = answer.json()["data"]["createJob"]
    assert (refusal["__typename"], refusal["code"]) == ("InvalidInputError", code)
    assert refusal["fields"][0]["path"] == ["job", "custom", "parameters", field]
    assert await count(client) == 0


@pytest.mark.parametrize(
    ("transformer", "path", "says"),
    [
        ({"text": "x", "templateContent": UNCLOSED}, ["templateContent"], "line 3, column 4: "),
        ({"text": "x", "template": "Sumary"}, ["template"], 'Did you mean "Summary"?'),
        ({"text": "x", "template": "Summary", "context": [1]}, ["context"], "must be an object"),
        ({"text": "x"}, ["template"], "give exactly one of template and templateContent"),
    ],
)
async def test_graphql_names_the_place_in_its_own_input(
    client: httpx.AsyncClient, transformer: dict[str, Any], path: list[str], says: str
) -> None:
    variables = {"input": {"job": {"transformer": transformer}}}
    answer = await client.post("/graphql", json={"query": CREATE, "variables": variables})
    refusal = answer.json()["data"]["createJob"]
    assert refusal["__typename"] == "InvalidInputError"
    field = refusal["fields"][0]
    assert field["path"] == ["job", "transformer", *path]
    assert says in field["message"]
    assert await count(client) == 0


async def test_one_wrong_template_refuses_the_whole_batch_through_graphql_too(client: httpx.AsyncClient) -> None:
    query = CREATE.replace("createJob(", "createBatch(").replace("CreateJobInput", "CreateBatchInput")
    jobs = [{"job": {"transformer": {"text": "x", "template": name}}} for name in ("Summary", "Session", "KeyFact")]
    answer = await client.post("/graphql", json={"query": query, "variables": {"input": {"jobs": jobs}}})
    refusal = answer.json()["data"]["createBatch"]
    assert (refusal["__typename"], refusal["code"]) == ("InvalidInputError", "UNKNOWN_TEMPLATE")
    [field] = refusal["fields"]
    assert field["path"] == ["jobs", "2", "job", "transformer", "template"]
    assert 'Did you mean "KeyFacts"?' in field["message"]
    assert await count(client) == 0


@pytest.mark.parametrize("template", ["Nothing", ""])
async def test_a_pdf_job_with_a_template_that_is_not_there_is_refused(client: httpx.AsyncClient, template: str) -> None:
    body = {"job_type": "pdf", "parameters": {"filename": "a.pdf", "template": template}}
    answer = await client.post("/api/jobs/", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == "parameters.template"
