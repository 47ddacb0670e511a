"""Fields that take the short way give what graphql-core's own way gives, and so do their errors."""

from typing import Any

import pytest
import strawberry
from graphql import graphql

from secretary.graphql.executing import Executor, Schema, mark_leaves


@strawberry.type
class Leaves:
    word: str
    maybe: str | None
    number: int
    ratio: float
    flag: bool
    id: strawberry.ID
    many: list[str]


@strawberry.type
class Query:
    @strawberry.field
    def leaves(self, info: strawberry.Info) -> Leaves | None:
        return info.context


GOOD: dict[str, Any] = {"word": "", "maybe": None, "number": 0, "ratio": 0.5, "flag": False, "id": "x", "many": ["a"]}
ASKED = "{ leaves { __typename word maybe number ratio flag id many } }"


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"maybe": "there"},
        {"word": None},
        {"number": 2**31},
        {"number": "many"},
        {"ratio": float("nan")},
        {"flag": "yes"},
        {"many": None},
        {"maybe": {"not": "a text"}},
    ],
)
async def test_both_ways_say_the_same(odd: dict[str, Any]) -> None:
    short = Schema(query=Query, execution_context_class=Executor)
    mark_leaves(short._schema)
    plain = strawberry.Schema(query=Query)
    values = Leaves(**{**GOOD, **odd})
    ours = await short.execute(ASKED, context_value=values)
    theirs = await graphql(plain._schema, ASKED, context_value=values)
    assert ours.data == theirs.data
    assert [error.formatted for error in ours.errors or []] == [error.formatted for error in theirs.errors or []]
    if not odd:
        assert ours.data == {"leaves": {"__typename": "Leaves", **GOOD}}


async def test_an_object_without_the_attribute_is_an_error_at_its_place() -> None:
    schema = Schema(query=Query, execution_context_class=Executor)
    mark_leaves(schema._schema)
    values = Leaves(**GOOD)
    del values.maybe
    result = await schema.execute("{ leaves { word maybe } }", context_value=values)
    assert result.data == {"leaves": {"word": "", "maybe": None}}
    assert [error.path for error in result.errors or []] == [["leaves", "maybe"]]
