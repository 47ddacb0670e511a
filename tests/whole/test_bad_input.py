"""Bad input through both doors: the contract's code and status each time, and nothing is created."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import USER_KEY
from tests.documents_made import text_pdf
from tests.installation import KEY, Installation

REFUSAL = """
  __typename
  ... on Error { code message }
  ... on InvalidInputError { fields { path message } }
"""
CREATE = f"mutation ($input: CreateJobInput!) {{ createJob(input: $input) {{ {REFUSAL} }} }}"
CREATE_BATCH = f"mutation ($input: CreateBatchInput!) {{ createBatch(input: $input) {{ {REFUSAL} }} }}"


async def rest(client: httpx.AsyncClient, path: str, body: Any) -> tuple[int, str]:
    answer = await client.post(path, json=body)
    assert answer.json()["status"] == "error", answer.text
    return answer.status_code, answer.json()["error"]["code"]


async def refused(client: httpx.AsyncClient, query: str, value: Any) -> dict[str, Any]:
    answer = (await client.post("/graphql", json={"query": query, "variables": {"input": value}})).json()
    assert "errors" not in answer, answer
    [refusal] = answer["data"].values()
    return dict(refusal)


@pytest.fixture
async def unchanged(client: httpx.AsyncClient) -> Any:
    """After the test there are as many jobs and batches as before."""

    async def count() -> tuple[int, int]:
        query = {"query": "{ jobs { totalCount } batches { totalCount } }"}
        data = (await client.post("/graphql", json=query)).json()["data"]
        return data["jobs"]["totalCount"], data["batches"]["totalCount"]

    before = await count()
    yield
    assert await count() == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("parameters", "status", "code", "kind"),
    [
        ({"filename": "nothing-there.pdf"}, 404, "FILE_NOT_FOUND", "InvalidInputError"),
        ({"filename": "folder"}, 400, "INVALID_FILE", "InvalidInputError"),
        ({"filename": "../outside.pdf"}, 403, "FILE_NOT_ALLOWED", "ForbiddenError"),
        ({"filename": "/etc/passwd"}, 403, "FILE_NOT_ALLOWED", "ForbiddenError"),
        ({"filename": "link.pdf"}, 403, "FILE_NOT_ALLOWED", "ForbiddenError"),
        ({}, 400, "INVALID_PARAMETERS", "InvalidInputError"),
        ({"filename": "text.pdf", "page_start": 0}, 400, "INVALID_PARAMETERS", "InvalidInputError"),
        ({"filename": "text.pdf", "page_start": 3, "page_end": 2}, 400, "INVALID_PARAMETERS", "InvalidInputError"),
        (
            {"filename": "text.pdf", "extraction_method": "mistral_ocr"},
            400,
            "PROVIDER_NOT_CONFIGURED",
            "InvalidInputError",
        ),
        ({"filename": "text.pdf", "template": "Sesion"}, 400, "UNKNOWN_TEMPLATE", "InvalidInputError"),
        ({"filename": "text.pdf", "url": "https://example.org/a.pdf"}, 400, "INVALID_PARAMETERS", "InvalidInputError"),
        ({"url": ""}, 400, "INVALID_PARAMETERS", "InvalidInputError"),
        ({"url": "http://127.0.0.1/a.pdf"}, 400, "URL_NOT_ALLOWED", "InvalidInputError"),
        ({"url": "http://[::ffff:10.0.0.1]/a.pdf"}, 400, "URL_NOT_ALLOWED", "InvalidInputError"),
        ({"url": "http://0x7f000001/a.pdf"}, 400, "URL_NOT_ALLOWED", "InvalidInputError"),
        ({"url": "file:///etc/passwd"}, 400, "URL_NOT_ALLOWED", "InvalidInputError"),
        ({"url": "https://user:password@example.org/a.pdf"}, 400, "URL_NOT_ALLOWED", "InvalidInputError"),
        ({"url": "http://example.org:22/"}, 400, "URL_NOT_ALLOWED", "InvalidInputError"),
    ],
)
async def test_parameters_that_cannot_work_are_refused_alike_by_both_doors(
    client: httpx.AsyncClient, shared_inputs: Path, parameters: dict[str, Any], status: int, code: str, kind: str
) -> None:
    (shared_inputs / "folder").mkdir(exist_ok=True)
    text_pdf(shared_inputs / "text.pdf", "text")
    if not (shared_inputs / "link.pdf").is_symlink():
        (shared_inputs / "link.pdf").symlink_to("/etc/passwd")
    assert await rest(client, "/api/jobs/", {"job_type": "pdf", "parameters": parameters}) == (status, code)
    assert await rest(client, "/api/jobs/batch", {"jobs": [{"job_type": "pdf", "parameters": parameters}]}) == (
        status,
        code,
    )
    names = {"page_start": "pageStart", "page_end": "pageEnd", "extraction_method": "extractionMethod"}
    pdf = {names.get(name, name): value for name, value in parameters.items()}
    if "extractionMethod" in pdf:
        pdf["extractionMethod"] = pdf["extractionMethod"].upper()
    one = await refused(client, CREATE, {"job": {"pdf": pdf}})
    many = await refused(client, CREATE_BATCH, {"jobs": [{"job": {"pdf": pdf}}]})
    assert (one["__typename"], one["code"]) == (many["__typename"], many["code"]) == (kind, code)
    if kind == "InvalidInputError":
        assert one["fields"][0]["path"][:2] == ["job", "pdf"]
        assert many["fields"][0]["path"][:4] == ["jobs", "0", "job", "pdf"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("job_type", "parameters", "code", "says"),
    [
        ("pdf", {"filename": "a.pdf", "pagestart": 1}, "INVALID_PARAMETERS", 'Did you mean "page_start"?'),
        ("pdf", {"filename": "a.pdf", "include_images": "yes"}, "INVALID_PARAMETERS", "boolean"),
        ("pdf", {"filename": 5}, "INVALID_PARAMETERS", "string"),
        ("pdff", {}, "UNKNOWN_JOB_TYPE", 'Did you mean "pdf"?'),
        ("sesion", {}, "UNKNOWN_JOB_TYPE", "known: "),
    ],
)
async def test_unknown_names_and_wrong_types_are_named(
    client: httpx.AsyncClient, job_type: str, parameters: dict[str, Any], code: str, says: str
) -> None:
    answer = await client.post("/api/jobs/", json={"job_type": job_type, "parameters": parameters})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert says in answer.json()["error"]["details"][0]["message"]
    custom = {"custom": {"jobType": job_type, "parameters": parameters}}
    refusal = await refused(client, CREATE, {"job": custom})
    assert (refusal["__typename"], refusal["code"]) == ("InvalidInputError", code)
    assert says in refusal["fields"][0]["message"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("count", "code"), [(0, "EMPTY_BATCH"), (10_001, "INVALID_PARAMETERS")])
async def test_a_batch_must_hold_one_to_ten_thousand_jobs(client: httpx.AsyncClient, count: int, code: str) -> None:
    assert await rest(client, "/api/jobs/batch", {"jobs": [{"job_type": "noop", "parameters": {}}] * count}) == (
        400,
        code,
    )
    job = {"job": {"custom": {"jobType": "noop", "parameters": {}}}}
    refusal = await refused(client, CREATE_BATCH, {"jobs": [job] * count})
    assert (refusal["__typename"], refusal["code"]) == ("InvalidInputError", code)


@pytest.mark.usefixtures("unchanged")
async def test_one_invalid_job_refuses_the_whole_batch_and_is_named(client: httpx.AsyncClient) -> None:
    good, bad = {"job_type": "noop", "parameters": {}}, {"job_type": "noop", "parameters": {"x": 1}}
    answer = await client.post("/api/jobs/batch", json={"jobs": [good, good, bad]})
    assert answer.status_code == 400
    assert [detail["field"] for detail in answer.json()["error"]["details"]] == ["jobs.2.parameters.x"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", ["/api/jobs/", "/api/jobs/batch", "/graphql"])
async def test_bodies_that_are_no_json_object_or_too_large_are_refused(client: httpx.AsyncClient, path: str) -> None:
    def code(answer: httpx.Response) -> str:
        body = answer.json()
        return str(body["errors"][0]["extensions"]["code"] if path == "/graphql" else body["error"]["code"])

    json_type = {"Content-Type": "application/json"}
    broken = await client.post(path, content=b'{"jobs": [', headers=json_type)
    assert (broken.status_code, code(broken)) == (400, "INVALID_JSON")
    listed = await client.post(path, content=b"[1]", headers=json_type)
    assert (listed.status_code, code(listed)) == (400, "INVALID_JSON")
    large = await client.post(path, content=b" " * (8 * 1024 * 1024 + 1), headers=json_type)
    assert (large.status_code, code(large)) == (413, "TOO_LARGE")
    form = await client.post(path, data={"a": "b"})
    assert (form.status_code, code(form)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"X-Secretary-Api-Key": "wrong"}])
async def test_without_a_valid_key_every_door_is_shut(service: Installation, headers: dict[str, str]) -> None:
    base = f"http://127.0.0.1:{service.settings.port}"
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False) as stranger:
        for method, path in (
            ("POST", "/api/jobs/"),
            ("POST", "/api/jobs/batch"),
            ("GET", "/api/jobs"),
            ("GET", "/api/jobs/job-1"),
            ("GET", "/api/jobs/job-1/stream"),
            ("GET", "/api/jobs/job-1/download-archive"),
            ("DELETE", "/api/jobs/job-1"),
        ):
            answer = await stranger.request(method, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "UNAUTHORIZED"), path
        answer = await stranger.post("/graphql", json={"query": "{ viewer { userId } }"})
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHORIZED"


async def test_another_owners_job_and_unknown_ids_are_not_there(
    service: Installation, client: httpx.AsyncClient
) -> None:
    async with httpx.AsyncClient(
        base_url=client.base_url, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False
    ) as admin:
        body = {"job_type": "noop", "parameters": {}}
        foreign = (await admin.post("/api/jobs/", json=body)).json()["data"]["job_id"]
        batch = (await admin.post("/api/jobs/batch", json={"jobs": [body]})).json()["data"]["batch_id"]
    for job_id in (foreign, "job-nobody", "x"):
        for method, path in (
            ("GET", f"/api/jobs/{job_id}"),
            ("GET", f"/api/jobs/{job_id}/stream"),
            ("GET", f"/api/jobs/{job_id}/download-archive"),
            ("GET", f"/api/jobs/{job_id}/files/a.md"),
            ("POST", f"/api/jobs/{job_id}/cancel"),
            ("POST", f"/api/jobs/{job_id}/retry"),
            ("DELETE", f"/api/jobs/{job_id}"),
        ):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "JOB_NOT_FOUND"), path
        query = f'{{ job(id: "{job_id}") {{ id }} node(id: "{job_id}") {{ id }} }}'
        assert (await client.post("/graphql", json={"query": query})).json() == {"data": {"job": None, "node": None}}
        query = f'mutation {{ cancelJob(id: "{job_id}") {{ ... on Error {{ code }} }} }}'
        answer = await client.post("/graphql", json={"query": query})
        assert answer.json() == {"data": {"cancelJob": {"code": "JOB_NOT_FOUND"}}}
    for batch_id in (batch, "batch-nobody"):
        answer = await client.get(f"/api/jobs/batch/{batch_id}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "BATCH_NOT_FOUND")


async def test_a_user_may_not_create_jobs_for_another(service: Installation, client: httpx.AsyncClient) -> None:
    body = {"job_type": "noop", "parameters": {}, "user_id": "otto"}
    assert await rest(client, "/api/jobs/", body) == (403, "FORBIDDEN")
    refusal = await refused(
        client, CREATE, {"job": {"custom": {"jobType": "noop", "parameters": {}}}, "userId": "otto"}
    )
    assert (refusal["__typename"], refusal["code"]) == ("ForbiddenError", "FORBIDDEN")


@pytest.mark.parametrize(
    ("make", "parameters", "code"),
    [
        (lambda path: path.write_text("just text"), {}, "INVALID_FILE"),
        (lambda path: path.write_bytes(b""), {}, "INVALID_FILE"),
        (lambda path: text_pdf(path, "secret", password="right"), {}, "ENCRYPTED_FILE"),
        (lambda path: text_pdf(path, "secret", password="right"), {"password": "wrong"}, "WRONG_PASSWORD"),
        (lambda path: text_pdf(path, "one page"), {"page_start": 2}, "PAGE_RANGE"),
        (lambda path: text_pdf(path, "one page"), {"page_end": 9}, "PAGE_RANGE"),
    ],
    ids=["a text file", "an empty file", "no password", "a wrong password", "first page outside", "last page outside"],
)
async def test_what_only_the_content_shows_fails_the_job_with_its_code_and_no_file(
    client: httpx.AsyncClient, shared_inputs: Path, make: Any, parameters: dict[str, Any], code: str
) -> None:
    make(shared_inputs / "given.pdf")
    body = {"job_type": "pdf", "parameters": {"filename": "given.pdf", **parameters}}
    job_id = (await client.post("/api/jobs/", json=body)).json()["data"]["job_id"]
    async with asyncio.timeout(20):
        while (job := (await client.get(f"/api/jobs/{job_id}")).json()["data"])["status"] in {"pending", "processing"}:
            await asyncio.sleep(0.05)
    assert (job["status"], job["error"]["code"], job["files"]) == ("failed", code, [])
    assert str(shared_inputs) not in json.dumps(job["error"])
    assert "wrong" not in json.dumps(job["parameters"])
    archive = await client.get(f"/api/jobs/{job_id}/download-archive")
    assert (archive.status_code, archive.json()["error"]["code"]) == (404, "ARCHIVE_NOT_AVAILABLE")
    query = f'{{ job(id: "{job_id}") {{ status error {{ code }} files {{ name }} results {{ __typename }} }} }}'
    found = (await client.post("/graphql", json={"query": query})).json()["data"]["job"]
    assert found == {"status": "FAILED", "error": {"code": code}, "files": [], "results": None}


async def test_the_test_key_itself_is_valid(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "{ viewer { userId isAdmin } }"})
    assert answer.json() == {"data": {"viewer": {"userId": "ursula", "isAdmin": False}}}
    assert USER_KEY not in answer.text
