"""The promise and its recordings: `schema.graphql` says what the code does, and recorded client operations still fit it."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from graphql import (
    DEFAULT_DEPRECATION_REASON,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    find_breaking_changes,
    print_schema,
    specified_scalar_types,
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


class Described(Protocol):
    """What has a description."""

    description: str | None


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


def parts(schema: GraphQLSchema) -> Iterator[tuple[str, Described]]:
    """Every type of our own, field, argument and value, by a name that says where it is."""
    for name, kind in schema.type_map.items():
        if name.startswith("__") or name in specified_scalar_types:
            continue
        yield name, kind
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
            for field, its in kind.fields.items():
                yield f"{name}.{field}", its
                arguments = getattr(its, "args", {})
                yield from ((f"{name}.{field}({argument})", given) for argument, given in arguments.items())
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", its) for value, its in kind.values.items())


def test_everything_says_what_it_is(promise: GraphQLSchema) -> None:
    named = dict(parts(promise))
    assert {"Job", "Job.logs", "Job.logs(first)", "JobStatus.FAILED", "PdfInput.url", "Query.jobs(orderBy)"} <= set(
        named
    )
    assert [name for name, part in named.items() if not (part.description or "").strip()] == []


def test_what_is_deprecated_says_what_to_use_instead(promise: GraphQLSchema) -> None:
    reasons = {name: getattr(part, "deprecation_reason", None) for name, part in parts(promise)}
    silent = (DEFAULT_DEPRECATION_REASON, "")
    assert [name for name, reason in reasons.items() if reason is not None and reason.strip() in silent] == []


def unsaid(before: GraphQLSchema, now: GraphQLSchema, changelog: str) -> list[str]:
    """Breaking changes that the unreleased part of the changelog does not name in these words."""
    said = " ".join(changelog.partition("## [Unreleased]")[2].partition("\n## [")[0].split())
    return [change.description for change in find_breaking_changes(before, now) if change.description not in said]


def test_no_breaking_change_since_the_last_release_goes_unsaid(promise: GraphQLSchema) -> None:
    # Regenerating schema.graphql does not help: this one is written anew only with a release.
    released = build_schema((ROOT / "tests" / "graphql" / "released.graphql").read_text())
    assert unsaid(released, promise, (ROOT / "CHANGELOG.md").read_text()) == [], (
        "undo it, or say so in CHANGELOG.md under [Unreleased], `### Changed` or `### Removed`, in these words"
    )


def test_a_breaking_change_would_be_found(promise: GraphQLSchema) -> None:
    text = print_schema(promise)
    broken = build_schema(re.sub(r'  """[^"]*"""\n  (archiveUrl: String|EXPIRED)\n', "", text))
    found = ["Field Job.archiveUrl was removed.", "Enum value ErrorCode.EXPIRED was removed."]
    assert sorted(unsaid(promise, broken, "## [Unreleased]\n")) == sorted(found)
    said = f"## [Unreleased]\n\n### Removed\n\n- {found[0]} It\n  told nothing.\n\n## [0.1.0]\n\n- {found[1]}\n"
    assert unsaid(promise, broken, said) == [found[1]]
    wider = build_schema(text.replace("type Viewer {", 'type Viewer {\n  """New."""\n  more: Int'))
    assert unsaid(promise, wider, "") == []


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
