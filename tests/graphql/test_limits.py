"""How much one document may ask for: each limit at its edge, counted whatever fragments are spread, and introspection unharmed."""

import json

import httpx
import pytest
from graphql import GraphQLSchema, get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st

from secretary.graphql.checks import KEPT_DOCUMENTS, examined, objections, parsed
from secretary.graphql.limits import (
    MAX_ALIASES,
    MAX_DEPTH,
    MAX_DIRECTIVES,
    MAX_DOCUMENT_BYTES,
    MAX_ERRORS,
    MAX_FIELDS,
    MAX_MUTATIONS,
    excesses,
)
from secretary.graphql.schema import build_schema
from secretary.store import Store
from tests.graphql.conftest import Asking, jobs_in


def found(text: str) -> list[str]:
    """What of this document is too much."""
    return [error.message for error in excesses(parse(text))]


def nested(levels: int) -> str:
    return "{ a" * levels + " }" * levels


def test_depth() -> None:
    assert found(nested(MAX_DEPTH + 1)) == []
    assert found(nested(MAX_DEPTH + 2)) == ["The operation nests 11 levels; 10 are allowed."]
    spread = "{ a { ...five } } fragment five on X { a { a { a { a { a { ...four } } } } } } fragment four on X "
    assert found(spread + nested(5)) == []
    assert found(spread + nested(6)) == ["The operation nests 11 levels; 10 are allowed."]


def test_fields() -> None:
    assert found("{" + " a" * MAX_FIELDS + "}") == []
    assert found("{" + " a" * (MAX_FIELDS + 1) + "}") == ["The operation has 201 fields; 200 are allowed."]
    spread = "{ ...f ...f ... on X { ...f } } fragment f on X {" + " __typename" * 67 + "}"
    assert found(spread) == ["The operation has 201 fields; 200 are allowed."]


def test_aliases() -> None:
    def aliased(many: int) -> str:
        return "{" + " ".join(f"a{index}: __typename" for index in range(many)) + "}"

    assert found(aliased(MAX_ALIASES)) == []
    assert found(aliased(MAX_ALIASES + 1)) == ["The operation has 16 aliases; 15 are allowed."]
    assert found("{ __schema" + aliased(MAX_ALIASES + 1) + "}") == ["The operation has 16 aliases; 15 are allowed."]


def test_directives_wherever_they_stand() -> None:
    assert found("{ a" + " @x" * MAX_DIRECTIVES + "}") == []
    assert found("query @x { a @x @x ...f @x ... @x { b } } fragment f on X { c @x }") == [
        "The operation has 6 directives; 5 are allowed."
    ]


def test_changes_in_one_operation() -> None:
    changes = " ".join(f"a{index}: cancelJob(id: 1)" for index in range(MAX_MUTATIONS))
    assert found("mutation {" + changes + "}") == []
    assert found("mutation {" + changes + " ...f } fragment f on Mutation { b }") == [
        "The operation makes 5 changes; 4 are allowed."
    ]
    assert found("query {" + changes + " b }") == []


def test_each_operation_of_a_document_is_counted_alone() -> None:
    half = "{" + " a" * 150 + "}"
    assert found(f"query A {half} query B {half}") == []
    assert len(found(f"query A {half} query B {{" + " a" * 201 + "}")) == 1


def test_fragments_that_double_each_other_are_counted_at_once() -> None:
    doubled = "{ ...f0 } " + " ".join(f"fragment f{n} on X {{ ...f{n + 1} ...f{n + 1} }}" for n in range(90))
    assert found(doubled + " fragment f90 on X { a: b @c }") == [
        "The operation has far too many fields; 200 are allowed.",
        "The operation has far too many aliases; 15 are allowed.",
        "The operation has far too many directives; 5 are allowed.",
    ]


SELECTIONS = st.recursive(
    st.sampled_from(["a", "b: a", "a @x", "__typename", "...f", "...g"]).map(lambda one: [one]),
    lambda inner: st.lists(inner, min_size=1, max_size=4).map(
        lambda parts: [f"a {{ {' '.join(part for one in parts for part in one)} }}"]
    ),
    max_leaves=30,
)


@given(SELECTIONS, SELECTIONS, SELECTIONS)
def test_any_document_is_measured_also_one_whose_fragments_hold_themselves(
    top: list[str], first: list[str], second: list[str]
) -> None:
    text = f"{{ {top[0]} }} fragment f on X {{ {first[0]} }} fragment g on X {{ {second[0]} }}"
    assert all(sentence.startswith("The operation ") for sentence in found(text))


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema()._schema


EVERYTHING = {
    "specified_by_url": True,
    "directive_is_repeatable": True,
    "schema_description": True,
    "input_value_deprecation": True,
}


def test_the_introspection_of_every_tool_passes(schema: GraphQLSchema) -> None:
    for options in ({}, EVERYTHING):
        assert objections(schema, parse(get_introspection_query(**options))) == ()


def test_introspection_in_circles_does_not(schema: GraphQLSchema) -> None:
    circles = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
    assert [error.message for error in objections(schema, parse(circles))] == ["Maximum introspection depth exceeded"]


def test_a_document_is_parsed_and_validated_once(schema: GraphQLSchema) -> None:
    text = "{ viewer { userId } queue { pending } }"
    before = objections.cache_info().misses, parsed.cache_info().misses
    for _ in range(3):
        assert objections(schema, parsed(text)) == ()
    assert (objections.cache_info().misses, parsed.cache_info().misses) == (before[0] + 1, before[1] + 1)


async def test_callers_who_send_the_same_text_hit_what_is_kept_and_others_do_not_fill_the_memory(ask: Asking) -> None:
    def misses() -> tuple[int, int]:
        return parsed.cache_info().misses, objections.cache_info().misses

    await ask("{ viewer { isAdmin userId } }")
    before, hits = misses(), examined.cache_info().hits
    for _ in range(5):
        await ask("{ viewer { isAdmin userId } }")
    assert (misses(), examined.cache_info().hits) == (before, hits + 5)
    assert {kept.cache_info().maxsize for kept in (examined, objections, parsed)} == {KEPT_DOCUMENTS}


async def test_a_document_of_many_errors_names_five(ask: Asking) -> None:
    answer = await ask.whole("{" + " ".join(f"nothing{index}" for index in range(100)) + "}")
    assert len(answer["errors"]) == MAX_ERRORS
    assert answer["errors"][-1]["message"].startswith("Too many validation errors")
    answer = await ask.whole(
        "query ($filter: JobFilter) { jobs(filter: $filter) { totalCount } }", filter={"status": ["WRONG"] * 100}
    )
    assert len(answer["errors"]) == MAX_ERRORS
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}


async def test_a_list_whose_every_entry_fails_names_five_errors(ask: Asking, claim) -> None:
    batch_id = await ask.create_batch(7)
    for _ in range(7):
        await (await claim()).complete(results={"structured_data": "not what it should be"})
    query = "query ($id: ID!) { batch(id: $id) { jobs { nodes { results { __typename } } } } }"
    answer = await ask.whole(query, id=batch_id)
    assert answer["data"]["batch"]["jobs"]["nodes"] == [{"results": None}] * 7
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"] * MAX_ERRORS


async def test_a_long_document_is_refused_but_not_long_variables(
    ask: Asking, client: httpx.AsyncClient, store: Store
) -> None:
    comment = "#" * MAX_DOCUMENT_BYTES
    response = await client.post("/graphql", json={"query": comment + "\n{ viewer { userId } }"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (413, "TOO_LARGE")
    batch_id = await ask.create_batch(5_000)
    assert await jobs_in(store) == 5_000
    assert batch_id.startswith("batch-")


class TestAScanner:
    """What graphql-cop sends to a public endpoint, and what it must not be answered."""

    async def test_aliases(self, ask: Asking) -> None:
        answer = await ask.whole("query cop { " + " ".join(f"alias{n}:__typename" for n in range(101)) + " }")
        assert "data" not in answer

    async def test_batches(self, client: httpx.AsyncClient) -> None:
        response = await client.post("/graphql", json=[{"query": "query cop { __typename }"}] * 10)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_JSON")

    async def test_directives(self, ask: Asking) -> None:
        answer = await ask.whole("query cop { __typename " + "@aa" * 10 + " }")
        assert [error["message"] for error in answer["errors"]] == ["The operation has 10 directives; 5 are allowed."]

    async def test_circular_introspection(self, ask: Asking) -> None:
        circle = "{ name }"
        for _ in range(4):
            circle = f"{{ fields {{ type {circle} }} }}"
        answer = await ask.whole(f"query cop {{ __schema {{ types {circle} }} }}")
        assert "data" not in answer

    async def test_circular_fragments(self, ask: Asking) -> None:
        circle = (
            "query cop { __schema { ...A } } fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }"
        )
        answer = await ask.whole(circle)
        assert "within itself" in answer["errors"][0]["message"]

    async def test_repeated_fields(self, ask: Asking) -> None:
        answer = await ask.whole("query cop { " + "__typename \n" * 500 + "}")
        assert [error["message"] for error in answer["errors"]] == ["The operation has 500 fields; 200 are allowed."]

    async def test_mutations_by_get(self, client: httpx.AsyncClient) -> None:
        response = await client.get("/graphql", params={"query": "mutation cop {__typename}"})
        assert (response.status_code, response.headers["allow"]) == (405, "POST")

    async def test_what_a_form_of_another_site_can_send(self, client: httpx.AsyncClient) -> None:
        query = {"query": "query cop {__typename}"}
        for response in (
            await client.post("/graphql", data=query),
            await client.post("/graphql", params=query),
            await client.post("/graphql", content=json.dumps(query), headers={"Content-Type": "text/plain"}),
        ):
            assert (response.status_code, "data" in response.json()) == (415, False)
        response = await client.post("/graphql", files={"query": (None, query["query"])})
        assert (response.status_code, "data" in response.json()) == (400, False)

    async def test_traces_and_exceptions(self, ask: Asking) -> None:
        answer = await ask.whole("query cop { __typename }")
        assert answer == {"data": {"__typename": "Query"}}
        answer = await ask.whole("qwerty cop { abc }")
        assert [sorted(error["extensions"]) for error in answer["errors"]] == [["code", "requestId"]]

    async def test_suggestions(self, ask: Asking) -> None:
        for query in (
            "query cop { __schema { directive } }",
            "{ viewr { userId } }",
            "{ jobs(frst: 1) { totalCount } }",
            "{ jobs(filter: {stats: PENDING}) { totalCount } }",
            "{ jobs(filter: {status: PENDNG}) { totalCount } }",
            "query ($a: Jobfilter) { jobs(filter: $a) { totalCount } }",
            "{ viewer @inclde(if: true) { userId } }",
            "{ viewer { ... on Viewr { userId } } }",
        ):
            answer = await ask.whole(query)
            assert "data" not in answer
            assert "Did you mean" not in json.dumps(answer), query
        query = "query ($filter: JobFilter) { jobs(filter: $filter) { totalCount } }"
        for wrong in ({"stats": []}, {"status": ["PENDNG"]}):
            answer = await ask.whole(query, filter=wrong)
            assert "Did you mean" not in json.dumps(answer), wrong
            assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
