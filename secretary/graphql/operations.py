"""One operation as a stream asks for it: what kind it is, which others it equals, and its results as the texts that are sent."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from time import monotonic
from typing import Any, Final, NamedTuple

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast, parse
from strawberry.schema import BaseSchema
from strawberry.types.execution import PreExecutionError

from secretary.auth import Viewer
from secretary.graphql.context import Context
from secretary.graphql.limits import MAX_TOKENS
from secretary.graphql.masking import is_request_error, told
from secretary.graphql.subscriptions import SHARING, Sharing
from secretary.service import Service

_CREATIONS: Final = frozenset({"createJob", "createBatch", "uploadFile"})
REMEMBERED_DOCUMENTS: Final = 512
REMEMBERED_CHARACTERS: Final = 10_000
"""Longer documents are looked at anew each time, so that what is remembered stays small."""


class Kind(Enum):
    """What one message of a stream is."""

    NEXT = "next"
    """A result."""
    ERROR = "error"
    """The end, and why."""
    COMPLETE = "complete"
    """The end."""


class Told(NamedTuple):
    """One message, encoded once for all who get it. `payload` is a result, or a list of errors, as JSON; `number` grows with the
    state that a result shows, where its stream numbers them; `at` is monotonic."""

    kind: Kind
    payload: str
    at: float
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What a caller asked for."""

    query: str
    variables: dict[str, Any] | None
    name: str | None

    @property
    def node(self) -> OperationDefinitionNode | None:
        """The operation meant; None when the document cannot be parsed or holds no such operation, which executing it will tell."""
        find = _remembered_node if len(self.query) <= REMEMBERED_CHARACTERS else _node
        return find(self.query, self.name)

    @property
    def is_mutation(self) -> bool:
        node = self.node
        return node is not None and node.operation is OperationType.MUTATION

    @property
    def is_subscription(self) -> bool:
        node = self.node
        return node is not None and node.operation is OperationType.SUBSCRIPTION

    @property
    def only_creates(self) -> bool:
        """Whether every result of it can be a RateLimitedError."""
        node = self.node
        if node is None or node.operation is not OperationType.MUTATION:
            return False
        fields = node.selection_set.selections
        return all(isinstance(field, FieldNode) and field.name.value in _CREATIONS for field in fields)

    @property
    def sharing(self) -> Sharing | None:
        """How equal ones share an execution; None for what is executed for each caller alone."""
        node = self.node
        if node is None or not self.is_subscription:
            return None
        fields = [field for field in node.selection_set.selections if isinstance(field, FieldNode)]
        return SHARING.get(fields[0].name.value) if fields else None

    def key_for(self, viewer: Viewer) -> tuple[str, ...]:
        """Equal for operations that have equal results: the same document, name and variables, for the same user and rights."""
        variables = json.dumps(self.variables or {}, sort_keys=True, ensure_ascii=False)
        return (self.query, self.name or "", variables, viewer.user_id, "admin" if viewer.is_admin else "user")


class Executing:
    """Executes operations against one schema and service."""

    def __init__(self, schema: BaseSchema, service: Service) -> None:
        self._schema = schema
        self._service = service

    async def results(self, operation: Operation, viewer: Viewer) -> AsyncIterator[Told]:
        """The operation's results and then its end, whatever happens."""
        context = Context(self._service, viewer)
        try:
            await context.count(as_value=operation.only_creates)
            stream: AsyncGenerator[Any, None] = await self._schema.stream(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.name,
            )
            async with aclosing(stream):
                async for result in stream:
                    if is_request_error(result.errors, result.data) or isinstance(result, PreExecutionError):
                        yield ended_by(result.errors)
                        return
                    yield _told(result, context.number)
            yield Told(Kind.COMPLETE, "", monotonic())
        except Exception as error:  # noqa: BLE001  # the last place where the caller can still be told of it
            # A syntax error comes this way: the parser's cache raises it where Strawberry's stream does not catch it.
            yield ended_by([error])


def ended_by(errors: list[Any]) -> Told:
    """The end of an operation that failed, as an outsider may read it."""
    found = [
        error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error) for error in errors
    ]
    return Told(Kind.ERROR, _encoded([error.formatted for error in told(found)]), monotonic())


def _told(result: Any, number: int | None) -> Told:
    payload: dict[str, Any] = {"data": result.data}
    if result.errors:
        payload["errors"] = [error.formatted for error in told(result.errors)]
    if result.extensions:
        payload["extensions"] = result.extensions
    return Told(Kind.NEXT, _encoded(payload), monotonic(), number)


def _encoded(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _node(query: str, name: str | None) -> OperationDefinitionNode | None:
    try:
        return get_operation_ast(parse(query, no_location=True, max_tokens=MAX_TOKENS), name)
    except GraphQLError:
        return None


_remembered_node = lru_cache(maxsize=REMEMBERED_DOCUMENTS)(_node)
