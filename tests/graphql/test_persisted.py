"""Persisted documents: named by their hash over HTTP, unknown ones refused in the words clients know, and only known ones run where
the operator says so."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import parse, print_ast

from secretary.app import documents_of
from secretary.graphql.persisted import (
    DocumentNotFound,
    DocumentNotTrusted,
    DocumentRefused,
    Documents,
    load_documents,
    manifest_of,
)
from secretary.settings import Settings, SettingsError
from secretary.store import Store
from tests.graphql.conftest import Asking, jobs_in

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "frontend-examples" / "operations"
VIEWER = "{ viewer { userId } }"
OVERVIEW = (OPERATIONS / "overview.graphql").read_text()
CREATE_JOB = (OPERATIONS / "create-job.graphql").read_text()


def name_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def named(text: str) -> list[dict[str, Any]]:
    """Every way to name a document."""
    name = name_of(text)
    return [
        {"documentId": name},
        {"documentId": f"sha256:{name}"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}},
    ]


def test_a_file_has_the_name_of_its_bytes_and_each_operation_in_it_one_of_its_own() -> None:
    manifest = json.loads(manifest_of(OPERATIONS))
    assert all(name == name_of(text) for name, text in manifest.items())
    changes = (OPERATIONS / "change-job.graphql").read_text()
    assert manifest[name_of(changes)] == changes
    alone = [text for text in manifest.values() if "retryJob" in text and "cancelJob" not in text]
    # As clients do before they hash: parsed and printed again, with the fragments it needs and no others. urql prints no empty line.
    printed = print_ast(parse(alone[0]))
    assert sorted(alone) == sorted([printed, printed.replace("\n\n", "\n")])
    assert printed.startswith("mutation RetryJob($id: ID!) {")
    assert "\n\nfragment Changed on JobResult {" in printed


async def test_a_known_document_runs_by_its_name(client: httpx.AsyncClient, ask: Asking) -> None:
    for body in named(OVERVIEW):
        response = await client.post("/graphql", json=body)
        assert response.json()["data"]["viewer"] == {"userId": "ursula", "isAdmin": False}
        parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
        response = await client.get("/graphql", params=parameters)
        assert response.json()["data"]["viewer"] == {"userId": "ursula", "isAdmin": False}
        response = await client.get("/graphql", params=parameters, headers={"Accept": "text/html, application/json"})
        assert response.json()["data"]["viewer"] == {"userId": "ursula", "isAdmin": False}


async def test_a_known_mutation_runs_by_post_and_not_by_get(
    client: httpx.AsyncClient, ask: Asking, store: Store
) -> None:
    variables = {"input": {"job": {"pdf": {"filename": "a.pdf"}}}}
    parameters = {"documentId": name_of(CREATE_JOB), "variables": json.dumps(variables)}
    response = await client.get("/graphql", params=parameters)
    assert (response.status_code, await jobs_in(store)) == (405, 0)
    response = await client.post("/graphql", json={"documentId": name_of(CREATE_JOB), "variables": variables})
    assert response.json()["data"]["createJob"]["__typename"] == "CreateJobPayload"
    assert await jobs_in(store) == 1


async def test_an_unknown_document_is_refused_in_the_words_that_clients_know(client: httpx.AsyncClient) -> None:
    for accept, status in (("application/json", 200), ("application/graphql-response+json", 400)):
        for body in named(VIEWER):
            response = await client.post("/graphql", json=body, headers={"Accept": accept})
            (error,) = response.json()["errors"]
            assert response.status_code == status
            assert error["message"] == "PersistedQueryNotFound"
            assert error["extensions"] == {
                "code": "PERSISTED_QUERY_NOT_FOUND",
                "requestId": response.headers["x-request-id"],
            }


async def test_a_client_may_send_the_text_after_all(client: httpx.AsyncClient) -> None:
    for body in named(VIEWER):
        response = await client.post("/graphql", json={**body, "query": VIEWER})
        assert response.json() == {"data": {"viewer": {"userId": "ursula"}}}


WRONG_NAMES: list[Any] = [
    {"documentId": name_of(OVERVIEW), "query": VIEWER},
    {"documentId": 7},
    {"extensions": {"persistedQuery": {"sha256Hash": 7}}},
    {"extensions": {"persistedQuery": "abc"}},
    {"extensions": {"persistedQuery": {"sha256Hash": name_of(OVERVIEW)}}, "query": VIEWER},
]


async def test_a_name_that_is_none_or_of_another_text_is_refused(client: httpx.AsyncClient) -> None:
    for body in WRONG_NAMES:
        answer = (await client.post("/graphql", json=body)).json()
        assert "data" not in answer
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], body


class TestOnlyTrustedDocuments:
    """Where the operator allows none but the known documents."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"trusted_documents_only": True})

    async def test_no_other_document_runs(self, client: httpx.AsyncClient, ask: Asking, store: Store) -> None:
        create = 'mutation { createJob(input: {job: {pdf: {filename: "a.pdf"}}}) { __typename } }'
        introspection = "{ __schema { types { name } } }"
        for text in (create, VIEWER, introspection):
            for body in [{"query": text}, *({**name, "query": text} for name in named(text))]:
                answer = (await client.post("/graphql", json=body)).json()
                assert "data" not in answer
                assert [error["extensions"]["code"] for error in answer["errors"]] == ["PERSISTED_QUERY_ONLY"]
        assert await jobs_in(store) == 0

    async def test_a_known_one_runs_by_its_name_and_by_its_text(self, client: httpx.AsyncClient) -> None:
        for body in (*named(OVERVIEW), {"query": OVERVIEW}):
            assert "errors" not in (await client.post("/graphql", json=body)).json()


def test_an_operators_manifest_comes_beside_that_of_the_package(tmp_path: Path) -> None:
    manifest = tmp_path / "own.json"
    manifest.write_text(json.dumps({"SHA256:ABC".lower(): VIEWER}))
    documents = load_documents(manifest, trusted_only=True)
    assert documents.text_of({"documentId": "abc"}) == VIEWER
    assert documents.text_of({"documentId": "abc", "query": VIEWER}) == VIEWER
    assert documents.text_of({"documentId": name_of(OVERVIEW)}) == OVERVIEW
    with pytest.raises(DocumentNotTrusted):
        documents.text_of({"query": "{ queue { pending } }"})


def test_a_request_without_a_document_names_none() -> None:
    documents = Documents({}, trusted_only=True)
    for request in ({}, {"query": None, "extensions": None}, {"extensions": {"persistedQuery": None}}):
        assert documents.text_of(request) is None
    with pytest.raises(DocumentNotFound):
        documents.text_of({"documentId": ""})
    with pytest.raises(DocumentRefused):
        documents.text_of({"documentId": ["a"]})


def test_the_names_of_known_operations_are_known() -> None:
    names = load_documents(None, trusted_only=False).operation_names()
    assert {"CreateJob", "RetryJob", "JobProgress", "Overview"} <= names
    assert None not in names


NO_MANIFESTS: list[Any] = [
    ("[1]", "it must be a JSON object of documents by their SHA-256"),
    ('{"a": 1}', "it must be a JSON object of documents by their SHA-256"),
    ('{"abc": "{"}', "the document abc cannot be parsed: Syntax Error: Expected Name, found <EOF>."),
    ("{", "Expecting property name"),
]


def test_a_manifest_that_is_none_stops_the_start_with_the_settings_name(settings: Settings, tmp_path: Path) -> None:
    manifest = tmp_path / "own.json"
    wrong = settings.model_copy(update={"persisted_documents": manifest})
    with pytest.raises(SettingsError, match=r"^SECRETARY_PERSISTED_DOCUMENTS is wrong: .*No such file"):
        documents_of(wrong)
    for text, sentence in NO_MANIFESTS:
        manifest.write_text(text)
        with pytest.raises(SettingsError, match=r"^SECRETARY_PERSISTED_DOCUMENTS is wrong: ") as refusal:
            documents_of(wrong)
        assert sentence in str(refusal.value)
