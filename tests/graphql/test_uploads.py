"""Uploads over GraphQL, as the GraphQL multipart request specification has them."""

import json
from typing import Any

import httpx
import pytest

from secretary.files import FolderStorage
from secretary.settings import Settings
from secretary.store import Store
from tests.graphql.conftest import Asking

UPLOAD = """mutation ($file: Upload!) { uploadFile(file: $file) {
    __typename
    ... on UploadFilePayload { file { id filename size sha256 mediaType } }
    ... on Error { code message }
} }"""
PDF = b"%PDF-1.7\n"


def parts(**more: Any) -> dict[str, Any]:
    """The form of one upload, with some of its parts otherwise or, when None, left out."""
    known: dict[str, Any] = {
        "operations": (None, json.dumps({"query": UPLOAD, "variables": {"file": None}})),
        "map": (None, json.dumps({"0": ["variables.file"]})),
        "0": ("Bericht ä.pdf", PDF),
        **more,
    }
    return {name: part for name, part in known.items() if part is not None}


@pytest.fixture
def folder(settings: Settings) -> FolderStorage:
    return FolderStorage(settings.data_dir)


async def test_a_file_is_sent_and_read_by_a_job(ask: Asking, client: httpx.AsyncClient, store: Store):
    answer = await client.post("/graphql", files=parts())
    told = answer.json()["data"]["uploadFile"]["file"]
    assert (answer.status_code, told["filename"], told["size"], told["mediaType"]) == (
        200,
        "Bericht ä.pdf",
        9,
        "application/pdf",
    )
    row = await store.jobs.get(await ask.create(told["id"]))
    assert row is not None
    assert row.upload_id == told["id"]
    again = (await client.post("/graphql", files=parts())).json()["data"]["uploadFile"]["file"]
    assert again["id"] == told["id"]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"0": ("a.zip", b"PK\x03\x04")}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"0": ("a.pdf", b"")}, 400, "INVALID_FILE"),
        ({"0": None}, 400, "BAD_USER_INPUT"),
        ({"1": ("b.pdf", PDF)}, 400, "BAD_USER_INPUT"),
        ({"map": None}, 400, "INVALID_JSON"),
        ({"map": (None, "[]")}, 400, "BAD_USER_INPUT"),
        ({"map": (None, '{"0": ["operations"]}')}, 400, "BAD_USER_INPUT"),
        ({"map": (None, '{"0": ["variables.file.deeper"]}')}, 400, "BAD_USER_INPUT"),
        ({"map": (None, '{"0": ["variables.file", "variables.other"]}')}, 400, "BAD_USER_INPUT"),
        ({"operations": (None, "{")}, 400, "INVALID_JSON"),
        ({"operations": (None, "[]")}, 400, "BAD_USER_INPUT"),
        ({"operations": (None, json.dumps({"query": "{", "variables": {"file": None}}))}, 200, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_a_form_that_is_wrong_leaves_nothing(
    client: httpx.AsyncClient, folder: FolderStorage, store: Store, more: dict[str, Any], status: int, code: str
):
    answer = await client.post("/graphql", files=parts(**more))
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert (folder.keys("uploads"), folder.keys("incoming"), await store.uploads.bytes_of("ursula")) == ([], [], 0)


@pytest.mark.parametrize(
    ("variables", "place", "type_of"),
    [
        (
            {"x": {"job": {"pdf": {"url": "https://example.com/a.pdf", "context": {"a": None}}}}},
            "x.job",
            "CreateJobInput!",
        ),
        ({"x": {"job": {"pdf": {"filename": None}}}}, "x.job.pdf.filename", "CreateJobInput!"),
        ({"x": None}, "x", "CreateJobInput!"),
        ({"x": None}, "y", "CreateJobInput"),
    ],
)
async def test_a_file_goes_to_a_variable_that_is_an_upload_and_nowhere_else(
    client: httpx.AsyncClient, folder: FolderStorage, store: Store, variables: dict[str, Any], place: str, type_of: str
):
    query = f"mutation ($x: {type_of}) {{ createJob(input: $x) {{ __typename }} }}"
    operations = (None, json.dumps({"query": query, "variables": variables}))
    answer = await client.post(
        "/graphql", files=parts(operations=operations, map=(None, f'{{"0": ["variables.{place}"]}}'))
    )
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")
    assert answer.json()["errors"][0]["message"].startswith("map: must give the file ")
    assert (folder.keys("uploads"), folder.keys("incoming"), await store.uploads.bytes_of("ursula")) == ([], [], 0)


async def test_without_a_key_in_a_header_no_other_site_can_send_a_form(base_url: str, folder: FolderStorage):
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, cookies={"key": "a"}) as anonymous:
        answer = await anonymous.post("/graphql", files=parts())
        assert answer.status_code == 401
        for kind in ("application/x-www-form-urlencoded", "text/plain"):
            assert (
                await anonymous.post("/graphql", content=b"query=a", headers={"Content-Type": kind})
            ).status_code == 401
    assert folder.keys("uploads") == []


async def test_a_file_cannot_be_given_as_json(ask: Asking):
    answer = await ask.whole(UPLOAD, file="a.pdf")
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "multipart request specification" in answer["errors"][0]["message"]


async def test_an_upload_that_is_not_there_is_an_input_error(ask: Asking):
    created = await ask(
        "mutation ($input: CreateJobInput!) { createJob(input: $input) { ... on InvalidInputError { code fields { path } } } }",
        input={"job": {"pdf": {"filename": "file-01932f5e-0000-7000-8000-000000000000"}}},
    )
    assert created["createJob"] == {"code": "FILE_NOT_FOUND", "fields": [{"path": ["job", "pdf", "filename"]}]}
