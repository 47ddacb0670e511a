"""How a query or mutation is run: the executor of graphql-core on documents that were examined before, without the machinery of
extensions that Strawberry has around it, which costs more than a small query itself."""

from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable
from operator import attrgetter
from typing import Any, Final, NamedTuple

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    execute,
    get_nullable_type,
    get_operation_ast,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Path
from strawberry.exceptions import MissingQueryError
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from secretary.graphql.checks import examined

LEAF: Final = "secretary-leaf"


class Schema(strawberry.Schema):
    """Strawberry's schema without its log of each error, since errors are logged where they are masked, and without suggestions."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        pass

    def _get_custom_context_kwargs(
        self, operation_extensions: dict[str, Any] | None = None, *, sync: bool = False
    ) -> dict[str, Any]:
        # Strawberry takes suggestions out of errors about fields only; the executor makes them for variables too.
        return {**super()._get_custom_context_kwargs(operation_extensions, sync=sync), "hide_suggestions": True}

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """As Strawberry's: errors of the request are a PreExecutionError. Raises MissingQueryError, CannotGetOperationTypeError and
        InvalidOperationTypeError."""
        if not query:
            raise MissingQueryError
        try:
            document, against, selections = examined(self._schema, query)
        except GraphQLError as error:
            return PreExecutionError(data=None, errors=[error])
        operation = get_operation_ast(document, operation_name)
        if operation is None:
            raise CannotGetOperationTypeError(operation_name)
        kind = OperationType(operation.operation.value)
        if allowed_operation_types is not None and kind not in allowed_operation_types:
            raise InvalidOperationTypeError(kind)
        if against:
            return PreExecutionError(data=None, errors=list(against))
        found = execute(
            self._schema,
            document,
            root_value=root_value,
            context_value=context_value,
            variable_values=variable_values,
            operation_name=operation_name,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # as Strawberry hands it
            executor_class=self.execution_context_class,
            selections=selections,
            **self._get_custom_context_kwargs(operation_extensions),
        )
        result = await found if isawaitable(found) else found
        return ExecutionResult(data=result.data, errors=result.errors)


class Executor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, with a short way for fields that hand out an attribute of their object as a scalar or enum, and a memory
    of which fields a document asks for."""

    def __init__(self, *given: Any, selections: dict[Any, CollectedFields] | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self._selections = selections

    def collect_subfields(
        self, return_type: GraphQLObjectType, field_details_list: FieldDetailsList
    ) -> CollectedFields:
        """The fields asked for of an object, collected once for all executions of a document whose directives cannot change them."""
        if self._selections is None or len(field_details_list) != 1:
            return super().collect_subfields(return_type, field_details_list)
        # The document is kept as long as what is remembered of it, so that its nodes are known by their identity.
        place = (return_type.name, id(field_details_list[0].node))
        known = self._selections.get(place)
        if known is None:
            known = self._selections[place] = super().collect_subfields(return_type, field_details_list)
        return known

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> Any:
        """The values of the fields of one object, or an awaitable of them. What cannot be given the short way goes the long way, which
        knows what follows from it."""
        given: dict[str, Any] = dict.fromkeys(grouped_field_set)  # in the order that was asked for
        rest: GroupedFieldSet = {}
        for name, details in grouped_field_set.items():
            field = self.schema.get_field(parent_type, details[0].node.name.value)
            leaf: Leaf | None = field.extensions.get(LEAF) if field else None
            value = leaf.given_of(source_value) if leaf else Undefined
            if value is Undefined:
                rest[name] = details
            else:
                given[name] = value
        if not rest:
            return given
        others = super().execute_fields(parent_type, source_value, path, rest, position_context)
        if isawaitable(others):
            return _completed(given, others)
        given.update(others)
        return given


async def _completed(given: dict[str, Any], others: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    given.update(await others)
    return given


class Leaf(NamedTuple):
    """How a field of the short way is read from its object, and given as its type wants it."""

    read: Callable[[Any], Any]
    give: Callable[[Any], Any]
    nothing: Any
    """What a field without a value gives: null, or Undefined where its type does not take that."""

    def given_of(self, source: object) -> Any:
        """What the field gives; Undefined when it cannot."""
        try:
            value = self.read(source)
            if value is None:
                return self.nothing
            given = self.give(value)
        except Exception:  # noqa: BLE001  # asked once more the long way, which tells what is wrong
            return Undefined
        return Undefined if given is None else given


def mark_leaves(schema: GraphQLSchema) -> None:
    """Note which fields may take the short way: those that Strawberry resolves by an attribute alone, of a scalar or an enum."""
    for kind in schema.type_map.values():
        for field in kind.fields.values() if isinstance(kind, GraphQLObjectType) else ():
            given = get_nullable_type(field.type)
            if getattr(field.resolve, "_is_default", False) and isinstance(given, GraphQLScalarType | GraphQLEnumType):
                read = attrgetter(field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].python_name)
                field.extensions[LEAF] = Leaf(
                    read, given.coerce_output_value, None if given is field.type else Undefined
                )
