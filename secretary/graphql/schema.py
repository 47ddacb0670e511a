"""The schema, put together once: types only, for what they resolve with comes in by the context."""

from graphql import GraphQLInputObjectType, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

import secretary.graphql.enums  # noqa: F401  # makes the shared enums known before the types are read
from secretary.graphql.checks import Checks
from secretary.graphql.executing import Executor, Schema, mark_leaves
from secretary.graphql.mutations import Mutation
from secretary.graphql.queries import Query
from secretary.graphql.scalars import SCALARS
from secretary.graphql.subscriptions import Subscription


def build_schema() -> Schema:
    """The schema with the limits and checks of its documents."""
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=[Checks],
        execution_context_class=Executor,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )
    mark_leaves(schema._schema)  # noqa: SLF001
    return schema


def schema_text() -> str:
    """The schema in GraphQL's own language, sorted so that it changes only where the promise does."""
    # Sorting the live schema instead breaks its enums and unions.
    built = build_schema()
    schema = lexicographic_sort_schema(built._schema)  # noqa: SLF001
    for kind in schema.type_map.values():
        # Neither Strawberry's conversion nor the sorting carries this over to the printer.
        definition = getattr(built.schema_converter.type_map.get(kind.name), "definition", None)
        if isinstance(kind, GraphQLInputObjectType) and getattr(definition, "is_one_of", False):
            kind.is_one_of = True
    return print_schema(schema) + "\n"
