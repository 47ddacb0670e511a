"""The promise and its recordings: `schema.graphql` says what the code does, and recorded client operations still fit it."""

import dataclasses
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

from secretary import graphql, results
from secretary.errors import ErrorCode
from secretary.graphql.checks import objections, parsed
from secretary.graphql.inputs import PdfInput
from secretary.graphql.persisted import MANIFEST, manifest_of
from secretary.graphql.webhooks import WebhookInput
from secretary.jobs import JobStatus
from secretary.parameters import ExtractionMethod, PdfParameters, Webhook

ROOT = Path(__file__).parents[2]
OPERATIONS = sorted((ROOT / "frontend-examples" / "operations").glob("*.graphql"))


@pytest.fixture(scope="module")
def promise() -> GraphQLSchema:
    return build_schema((ROOT / "schema.graphql").read_text())


def test_the_committed_schema_is_what_the_code_says() -> None:
    committed = (ROOT / "schema.graphql").read_text()
    assert committed == graphql.schema_text(), "write it anew with `secretary schema`"


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_a_recorded_client_operation_still_fits(promise: GraphQLSchema, path: Path) -> None:
    assert objections(promise, parsed(path.read_text())) == ()


def test_the_manifest_in_the_package_is_that_of_the_recorded_operations() -> None:
    shipped = (ROOT / "secretary" / "graphql" / MANIFEST).read_text()
    assert shipped == manifest_of(ROOT / "frontend-examples" / "operations"), (
        "write it anew: secretary documents frontend-examples/operations --output secretary/graphql/persisted.json"
    )


def test_the_recordings_use_every_root_field(promise: GraphQLSchema) -> None:
    recorded = " ".join(path.read_text() for path in OPERATIONS)
    roots = (promise.query_type, promise.mutation_type, promise.subscription_type)
    assert [name for root in roots if root for name in root.fields if f"  {name}" not in recorded] == []


def test_every_type_and_field_is_described(promise: GraphQLSchema) -> None:
    own = {name: kind for name, kind in promise.type_map.items() if not name.startswith("__")}
    builtin = {"Boolean", "Float", "ID", "Int", "String"}
    silent = [name for name, kind in own.items() if not kind.description and name not in builtin]
    with_fields = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)
    for name, kind in own.items():
        if isinstance(kind, with_fields) and name not in {"Query", "Mutation", "Subscription"}:
            silent += [f"{name}.{field}" for field, it in kind.fields.items() if not it.description]
    assert silent == []


def test_every_refusal_is_an_error_of_its_union(promise: GraphQLSchema) -> None:
    error = promise.type_map["Error"]
    assert isinstance(error, GraphQLInterfaceType)
    implementing = {kind.name for kind in promise.get_possible_types(error)}
    unions = [kind for name, kind in promise.type_map.items() if isinstance(kind, GraphQLUnionType)]
    for union in unions:
        if union.name != "JobResults":
            others = {kind.name for kind in union.types} - implementing
            assert [name for name in others if not name.endswith("Payload")] == []
            assert len(others) == 1


def test_enums_are_the_services_own(promise: GraphQLSchema) -> None:
    for name, enum in (("JobStatus", JobStatus), ("ErrorCode", ErrorCode), ("ExtractionMethod", ExtractionMethod)):
        kind = promise.type_map[name]
        assert isinstance(kind, GraphQLEnumType)
        assert set(kind.values) == {member.name for member in enum}


def test_the_pdf_input_and_results_have_every_field_of_their_models(promise: GraphQLSchema) -> None:
    assert {field.name for field in dataclasses.fields(PdfInput)} == PdfParameters.model_fields.keys()
    assert {field.name for field in dataclasses.fields(WebhookInput)} == Webhook.model_fields.keys()
    for model in ("PdfTextContent", "PdfMetadata", "PdfTable", "PdfStructuredData", "PdfResults"):
        kind = promise.type_map[model]
        assert isinstance(kind, GraphQLObjectType)
        assert len(kind.fields) == len(getattr(results, model).model_fields), model


def test_the_schema_says_that_exactly_one_kind_of_job_is_given() -> None:
    assert "input JobInput @oneOf {" in graphql.schema_text()
