"""However long a list is, it takes the same number of SQL statements: for every way from a list of the schema down to its leaves."""

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from secretary.graphql.schema import build_schema
from secretary.resources import Resources
from tests.graphql.conftest import Asking

SCHEMA = build_schema()._schema
LEVELS = 8
"""How deep a way may go; deeper ones only repeat the same types."""


def ways(kind: GraphQLObjectType, passed: frozenset[tuple[str, str]] = frozenset()) -> Iterator[str]:
    """Selections of this type, each with its leaves and one way down through fields that need no argument, none of them twice."""
    leaves = " ".join(["__typename", *(name for name, field in kind.fields.items() if _is_leaf(field))])
    downward = [
        f"{leaves} {name} {{ {inside} }}"
        for name, field in kind.fields.items()
        if _leads_on(field) and (kind.name, name) not in passed and len(passed) < LEVELS and name != "edges"
        for member in _members(get_named_type(field.type))
        for inside in _as_member(member, field, passed | {(kind.name, name)})
    ]
    yield from downward or [leaves]


def _as_member(member: GraphQLObjectType, field: GraphQLField, passed: frozenset[tuple[str, str]]) -> Iterator[str]:
    for inside in ways(member, passed):
        yield f"... on {member.name} {{ {inside} }}" if is_abstract_type(get_named_type(field.type)) else inside


def _members(kind: GraphQLNamedType) -> list[GraphQLObjectType]:
    if is_abstract_type(kind):
        return list(SCHEMA.get_possible_types(kind))
    assert isinstance(kind, GraphQLObjectType)
    return [kind]


def _is_leaf(field: GraphQLField) -> bool:
    return is_leaf_type(get_named_type(field.type)) and not _wants_arguments(field)


def _leads_on(field: GraphQLField) -> bool:
    return not is_leaf_type(get_named_type(field.type)) and not _wants_arguments(field)


def _wants_arguments(field: GraphQLField) -> bool:
    return any(map(is_required_argument, field.args.values()))


def queries() -> list[str]:
    assert SCHEMA.query_type is not None
    return [f"{{ {way} }}" for way in ways(SCHEMA.query_type)]


async def test_no_way_through_the_schema_takes_more_statements_when_there_is_more(
    ask: Asking, claim, statements, resources: Resources
) -> None:
    async def make(batches: int) -> None:
        for number in range(batches):
            await ask.create_batch(3)
            for _ in range(3):
                hands = await claim()
                await hands.log("a line")
                await hands.complete()
            await resources.store.workers.renew(f"worker-{number}-of-{batches}", host="here", pid=number)
            await ask.create()

    async def counts() -> dict[str, int]:
        found = {}
        for query in queries():
            with statements:
                await ask(query)
                found[query] = statements.count
        return found

    await make(2)
    few = await counts()
    await make(3)
    many = await counts()
    assert {query: (few[query], many[query]) for query in few if few[query] != many[query]} == {}
    for lists in ("jobs { ", "batches { ", "jobs { __typename totalCount nodes", "logs { ", "workers { ", "files { "):
        assert any(lists in query for query in few)
    assert max(many.values()) <= 12


async def test_results_are_read_only_when_asked_for(ask: Asking, claim, statements) -> None:
    job_id = await ask.create()
    await (await claim()).complete()
    with statements:
        await ask("query ($id: ID!) { job(id: $id) { id status } }", id=job_id)
        assert statements.count == 2, "the key and the job"
    with statements:
        await ask("query ($id: ID!) { job(id: $id) { id results { __typename } } }", id=job_id)
        assert statements.count == 3, "the key, the job and its results"


async def test_jobs_looked_up_by_aliases_are_one_statement(ask: Asking, statements) -> None:
    ids = [await ask.create() for _ in range(5)]
    aliases = " ".join(f'a{index}: job(id: "{job_id}") {{ id }}' for index, job_id in enumerate(ids))
    with statements:
        found = await ask(f"{{ {aliases} }}")
        assert statements.count == 2, "the key and the jobs"
    assert [each["id"] for each in found.values()] == ids
