"""GraphQL over HTTP: keys, methods, media types, limits, and answers that are always JSON."""

import asyncio
import json
import logging
import re
from typing import Any

import httpx
import pytest

from secretary.resources import Resources
from secretary.store import Store
from tests.graphql.conftest import Asking, hidden, jobs_in

JSON = "application/json; charset=utf-8"
GRAPHQL = "application/graphql-response+json; charset=utf-8"
VIEWER = "{ viewer { userId } }"
CREATE_LITERALLY = 'mutation { createJob(input: {job: {pdf: {filename: "a.pdf"}}}) { __typename } }'
DEEP_INTROSPECTION = "{ __schema { types { fields { type %s } } } }" % ("{ ofType " * 8 + "{ name }" + " }" * 8)


def code_of(response: httpx.Response) -> str:
    body = response.json()
    assert "data" not in body
    (error,) = body["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return str(error["extensions"]["code"])


KEYLESS: list[Any] = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}]


async def test_a_call_without_a_valid_key_is_refused_before_its_body_is_read(base_url: str, store: Store) -> None:
    for headers in KEYLESS:
        async with httpx.AsyncClient(trust_env=False) as client:
            response = await client.post(f"{base_url}/graphql", headers=headers, json={"query": CREATE_LITERALLY})
        assert (response.status_code, code_of(response)) == (401, "UNAUTHORIZED")
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.headers["content-type"] == JSON
        assert await jobs_in(store) == 0

        # The body is announced and never sent: a server that waited for it would not answer.
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(base_url).port)
        lines = ["POST /graphql HTTP/1.1", "Host: here", "Content-Type: application/json", "Content-Length: 1000"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        assert await asyncio.wait_for(reader.readline(), 5) == b"HTTP/1.1 401 Unauthorized\r\n"
        writer.close()
        await writer.wait_closed()


async def test_queries_are_taken_by_post_and_by_get(ask: Asking, client: httpx.AsyncClient) -> None:
    assert await ask(VIEWER) == {"viewer": {"userId": "ursula"}}
    query = "query A($n: Int) { jobs(first: $n) { nodes { id } } } query B { viewer { userId } }"
    parameters = {"query": query, "operationName": "A", "variables": json.dumps({"n": 3})}
    response = await client.get("/graphql", params=parameters)
    assert (response.status_code, response.json()) == (200, {"data": {"jobs": {"nodes": []}}})
    response = await client.get("/graphql", params={"query": query, "operationName": "B"})
    assert response.json() == {"data": {"viewer": {"userId": "ursula"}}}


async def test_nothing_is_changed_by_get(client: httpx.AsyncClient, ask: Asking, store: Store) -> None:
    response = await client.get("/graphql", params={"query": CREATE_LITERALLY})
    assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"
    assert await jobs_in(store) == 0


async def test_other_methods_are_refused(client: httpx.AsyncClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = await client.request(method, "/graphql")
        assert (response.status_code, code_of(response)) == (405, "METHOD_NOT_ALLOWED")
        assert response.headers["allow"] == "GET, POST"


FOREIGN_TYPES: list[Any] = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "",
    "application/json; charset=utf-16",
]


async def test_what_a_foreign_page_could_send_is_refused(client: httpx.AsyncClient, ask: Asking, store: Store) -> None:
    for media_type in FOREIGN_TYPES:
        body = json.dumps({"query": CREATE_LITERALLY})
        response = await client.post(
            "/graphql", content=body, headers={"Content-Type": media_type} if media_type else {}
        )
        assert (response.status_code, code_of(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")
        assert await jobs_in(store) == 0
    # A form may bring a file as the GraphQL multipart request specification says, and only so.
    response = await client.post("/graphql", files={"query": (None, CREATE_LITERALLY)})
    assert (response.status_code, await jobs_in(store)) == (400, 0)
    code_of(response)


NO_OBJECTS: list[Any] = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"1",
    b'"text"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"query": "\\ud800"}',
    b'{"query": NaN}',
    b'[{"query": "{ viewer { userId } }"}]',
]


async def test_a_body_that_is_no_json_object_is_refused(client: httpx.AsyncClient) -> None:
    for body in NO_OBJECTS:
        response = await client.post("/graphql", content=body, headers={"Content-Type": "application/json"})
        assert (response.status_code, code_of(response)) == (400, "INVALID_JSON")


BY_ID = "query ($id: ID!) { job(id: $id) { id } }"
NOT_STORABLE: list[Any] = [
    (
        f'{{"query": "{BY_ID}", "variables": {{"id": "a\\u0000"}}}}',
        400,
        "BAD_USER_INPUT",
        "id: must not hold a null byte",
    ),
    (f'{{"query": "{BY_ID}", "variables": {{"id": -1e999}}}}', 400, "INVALID_JSON", "the number at id is out of range"),
    ('{"query": "{ job(id: \\"\\\\u0000\\") { id } }"}', 200, "GRAPHQL_VALIDATION_FAILED", "cannot hold the character"),
    ('{"query": "{ job(id: \\"\\u0000\\") { id } }"}', 200, "GRAPHQL_VALIDATION_FAILED", "cannot hold the character"),
]


async def test_what_no_database_takes_is_refused_by_its_place(client: httpx.AsyncClient) -> None:
    for body, status, code, message in NOT_STORABLE:
        response = await client.post("/graphql", content=body, headers={"Content-Type": "application/json"})
        assert (response.status_code, code_of(response)) == (status, code), body
        assert message in response.json()["errors"][0]["message"]


async def test_names_of_media_types_are_written_in_any_case(client: httpx.AsyncClient) -> None:
    body = json.dumps({"query": VIEWER})
    for media_type in ("APPLICATION/JSON", "Application/Json; charset=UTF-8"):
        response = await client.post("/graphql", content=body, headers={"Content-Type": media_type})
        assert (response.status_code, response.json()) == (200, {"data": {"viewer": {"userId": "ursula"}}})


async def test_which_operation_is_meant_is_asked_only_where_it_is_not_clear(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": VIEWER, "operationName": ""})
    assert response.json() == {"data": {"viewer": {"userId": "ursula"}}}
    for query in ("query A { __typename } query B { __typename }", "fragment a on Query { __typename }"):
        response = await client.post("/graphql", json={"query": query})
        assert response.json()["errors"][0]["message"] == (
            "The document holds no operation, or several; name the one to run in `operationName`."
        )
    for wrong in ({"variables": "{"}, {"extensions": "x"}):
        response = await client.get("/graphql", params={"query": VIEWER, **wrong})
        assert response.json()["errors"][0]["message"] == "`variables` and `extensions` must be JSON objects."


async def test_the_id_of_every_refusal_is_in_the_log(
    client: httpx.AsyncClient, base_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with httpx.AsyncClient(base_url=base_url, trust_env=False) as stranger:
        answers = [
            await client.post("/graphql", json={"query": "{ nothing }"}),
            await client.post("/graphql", content="{"),
            await client.put("/graphql"),
            await client.post("/graphql", json={"query": VIEWER, "operationName": "Other"}),
            await stranger.post("/graphql", json={"query": VIEWER}),
            await client.get("/api/jobs/job-none"),
            await client.get("/api/nothing"),
        ]
    for answer in answers:
        assert f"request {answer.headers['X-Request-ID']} was refused: " in caplog.text


WRONG_SHAPES: list[Any] = [
    {},
    {"query": None},
    {"query": 1},
    {"query": ""},
    {"query": VIEWER, "variables": [1]},
    {"query": VIEWER, "variables": "{}"},
    {"query": VIEWER, "operationName": 7},
    {"query": VIEWER, "operationName": "Other"},
    {"query": VIEWER, "extensions": "no"},
    {"query": "subscription { jobChanges { id } }"},
]


async def test_a_request_of_the_wrong_shape_is_refused(client: httpx.AsyncClient) -> None:
    for body in WRONG_SHAPES:
        response = await client.post("/graphql", json=body)
        assert (response.status_code, code_of(response)) == (400, "BAD_USER_INPUT")


async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient, settings) -> None:
    size = settings.max_body_megabytes * 1024 * 1024 + 1
    response = await client.post("/graphql", content=b" " * size, headers={"Content-Type": "application/json"})
    assert (response.status_code, code_of(response)) == (413, "TOO_LARGE")


MEDIA_TYPES: list[Any] = [
    ("application/graphql-response+json", GRAPHQL, 400),
    ("application/graphql-response+json, application/json;q=0.9", GRAPHQL, 400),
    ("application/json", JSON, 200),
    ("application/json, application/graphql-response+json", JSON, 200),
    ("application/graphql-response+json;q=0, application/json", JSON, 200),
    ("*/*", JSON, 200),
]


async def test_the_answer_is_of_the_media_type_that_was_asked_for(client: httpx.AsyncClient) -> None:
    for accept, answered, status in MEDIA_TYPES:
        response = await client.post("/graphql", json={"query": VIEWER}, headers={"Accept": accept})
        assert (response.status_code, response.headers["content-type"]) == (200, answered)
        assert response.headers["vary"] == "Accept"
        response = await client.post("/graphql", json={"query": "{ nothing }"}, headers={"Accept": accept})
        assert (response.status_code, response.headers["content-type"]) == (status, answered)
        assert code_of(response) == "GRAPHQL_VALIDATION_FAILED"


WRONG_OPERATIONS: list[Any] = [
    ("{", {}, "GRAPHQL_PARSE_FAILED", "Syntax Error: Expected Name, found <EOF>."),
    ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED", "Cannot query field 'nothing' on type 'Query'."),
    (
        "query ($n: Int) { jobs(first: $n) { totalCount } }",
        {"n": "x"},
        "BAD_USER_INPUT",
        "Variable '$n' has invalid value",
    ),
    ("query ($id: ID!) { job(id: $id) { id } }", {}, "BAD_USER_INPUT", "Variable '$id' has invalid value"),
    (
        "mutation ($i: CreateJobInput!) { createJob(input: $i) { __typename } }",
        {"i": {"job": {"pdf": None}}},
        "BAD_USER_INPUT",
        "Value for member field 'pdf' must be non-null",
    ),
    ("query ($n: Int) { viewer { userId } }", {}, "GRAPHQL_VALIDATION_FAILED", "Variable '$n' is never used."),
    (
        f"{{ jobs(first: {'9' * 5_000}) {{ totalCount }} }}",
        {},
        "GRAPHQL_VALIDATION_FAILED",
        "Expected value of type 'Int'",
    ),
    ("{ job(id: {}) { id } }", {}, "GRAPHQL_VALIDATION_FAILED", "ID cannot represent"),
    (
        "{ ...a } fragment a on Query { ...a }",
        {},
        "GRAPHQL_VALIDATION_FAILED",
        "Cannot spread fragment 'a' within itself.",
    ),
    ("{ ...gone }", {}, "GRAPHQL_VALIDATION_FAILED", "Unknown fragment 'gone'."),
]


async def test_what_is_wrong_with_an_operation_stays_readable(ask: Asking) -> None:
    for query, variables, code, message in WRONG_OPERATIONS:
        answer = await ask.whole(query, **variables)
        assert "data" not in answer
        error = answer["errors"][0]
        assert (error["extensions"]["code"], message in error["message"]) == (code, True), error
        assert error["extensions"]["requestId"]


async def test_a_cached_refusal_has_the_id_of_each_request(client: httpx.AsyncClient) -> None:
    for request_id in ("the-first-one", "the-second-one"):
        response = await client.post("/graphql", json={"query": "{ nothing }"}, headers={"X-Request-ID": request_id})
        assert response.json()["errors"][0]["extensions"]["requestId"] == request_id


async def test_deep_and_long_documents_are_refused_but_not_introspection(ask: Asking) -> None:
    async def refused(query: str) -> str:
        answer = await ask.whole(query)
        assert "data" not in answer
        return str(answer["errors"][0]["message"])

    deep = "batch { jobs { nodes { " * 3 + "id" + " } } }" * 3
    assert await refused("{ jobs { nodes { " + deep + " } } }") == "The operation nests 11 levels; 10 are allowed."
    fragments = "{ jobs { nodes { ...a } } } fragment a on Job { batch { jobs { nodes { ...b } } } } "
    fragments += "fragment b on Job { batch { jobs { nodes { batch { jobs { nodes { id } } } } } } }"
    assert await refused(fragments) == "The operation nests 11 levels; 10 are allowed."
    assert "1000 tokens" in await refused("{" + "viewer { userId } " * 300 + "}")
    assert await refused("{a" * 333 + "}" * 333) == "Syntax Error: Document is nested too deeply. Parsing aborted."
    assert (await ask(DEEP_INTROSPECTION))["__schema"]["types"]


async def test_the_deepest_useful_query_is_allowed(ask: Asking) -> None:
    query = """{ batches { edges { node { jobs { edges { node { results { ... on PdfResults {
        structuredData { metadata { textContents { content } } } } } } } } } } } }"""
    assert await ask(query) == {"batches": {"edges": []}}


async def unforeseen(client: httpx.AsyncClient) -> float:
    """How many such errors the service counts."""
    figures = (await client.get("/metrics")).text
    return float(re.findall(r"^secretary_unforeseen_errors_total (\S+)$", figures, re.MULTILINE)[0])


async def test_an_unforeseen_error_is_masked_and_logged_under_its_id(
    ask: Asking, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, claim
) -> None:
    before = await unforeseen(client)
    job_id = await ask.create()
    await (await claim()).complete(results={"structured_data": "not what it should be"})
    answer = await ask.whole("query ($id: ID!) { job(id: $id) { id results { __typename } } }", id=job_id)
    assert answer["data"] == {"job": {"id": job_id, "results": None}}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["job", "results"], "INTERNAL")
    assert error["message"] == "Something unforeseen happened; the server's log has it."
    (logged,) = [record for record in caplog.records if record.name == "secretary.requests"]
    assert error["extensions"]["requestId"] in logged.getMessage()
    assert "structured_data" in str(logged.exc_info[1])
    assert await unforeseen(client) == before + 1


async def test_an_unreachable_database_is_said_so(ask: Asking, client: httpx.AsyncClient, resources: Resources) -> None:
    async with hidden(resources, "job"):
        answer = await ask.whole('{ viewer { userId } job(id: "job-1") { id } }')
        assert answer["data"] == {"viewer": {"userId": "ursula"}, "job": None}
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAVAILABLE"]
    async with hidden(resources, "api_key"):
        response = await client.post("/graphql", json={"query": VIEWER})
        assert (response.status_code, code_of(response)) == (503, "UNAVAILABLE")
        assert int(response.headers["retry-after"]) > 0
    assert await ask(VIEWER) == {"viewer": {"userId": "ursula"}}


async def test_a_browser_is_given_graphiql_without_a_key(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url, trust_env=False) as client:
        page = await client.get("/graphql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "graphiql" in page.text.lower()
        assert (await client.get("/graphql", headers={"Accept": "*/*"})).status_code == 401
        query = await client.get("/graphql", params={"query": VIEWER}, headers={"Accept": "text/html"})
        assert query.status_code == 401
