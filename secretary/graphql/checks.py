"""The way of a document before it is executed: parsed, held to the limits, validated. What was found of a document is kept, since
callers send the same few again and again."""

import contextlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    StringValueNode,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from secretary.graphql.limits import MAX_ERRORS, MAX_TOKENS, excesses

KEPT_DOCUMENTS: Final = 512


class NoNullCharacterRule(ASTValidationRule):
    """Refuses the character U+0000 in a text, however it is escaped: no PostgreSQL column takes it."""

    def enter_string_value(self, node: StringValueNode, *_args: object) -> None:
        if "\0" in node.value:
            self.report_error(GraphQLError("A text cannot hold the character U+0000.", node))


RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule, NoNullCharacterRule)


@lru_cache(maxsize=KEPT_DOCUMENTS)
def parsed(text: str) -> DocumentNode:
    """The document; raises GraphQLSyntaxError, which is not kept."""
    return parse(text, max_tokens=MAX_TOKENS)


@lru_cache(maxsize=KEPT_DOCUMENTS)
def objections(schema: GraphQLSchema, document: DocumentNode) -> tuple[GraphQLError, ...]:
    """Why the document is not executed; none when it may be."""
    # The validator adds one error that says it stopped.
    too_much = tuple(islice(excesses(document), MAX_ERRORS))
    return too_much or tuple(map(_own, validate(schema, document, RULES, MAX_ERRORS - 1, hide_suggestions=True)))


def _own(error: GraphQLError) -> GraphQLError:
    """The error without what a scalar raised of its own: what is wrong with a literal is the document's fault and no accident."""
    if error.original_error is None:
        return error
    return GraphQLError(error.message.partition(", but encountered error")[0] + ", found what is none.", error.nodes)


class Examined(NamedTuple):
    """A document, what there is against it, and what executions of it remember for the next: the fields of its selections, where no
    directive can make them others."""

    document: DocumentNode
    against: tuple[GraphQLError, ...]
    selections: dict[Any, Any] | None


@lru_cache(maxsize=KEPT_DOCUMENTS)
def examined(schema: GraphQLSchema, text: str) -> Examined:
    """The document of a text, found by the text alone: a document's own hash is made of all its parts.
    Raises GraphQLSyntaxError, which is not kept."""
    document = parsed(text)
    return Examined(document, objections(schema, document), None if "@" in text else {})


class Checks(SchemaExtension):
    """Puts these checks in the place of Strawberry's own, where it runs the operation: in streams."""

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.parse_options["max_tokens"] = MAX_TOKENS
        # Strawberry parses what was not parsed here, and knows how to tell what is wrong with it.
        with contextlib.suppress(GraphQLSyntaxError):
            context.graphql_document = parsed(context.query or "")
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        assert context.graphql_document is not None
        context.pre_execution_errors = list(objections(context.schema._schema, context.graphql_document))  # noqa: SLF001
        yield
