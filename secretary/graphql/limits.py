"""How much one document may ask for. The rules are made once, here: a rule class made anew for each request would never be
found in the validation cache. Introspection is exempt, or no tool could read the schema."""

from collections.abc import Iterator
from typing import Final

from graphql import (
    ASTValidationRule,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
)
from graphql.validation import ASTValidationContext
from strawberry.extensions import SchemaExtension

MAX_DEPTH: Final = 10
MAX_ALIASES: Final = 15
MAX_TOKENS: Final = 1_000

_INTROSPECTION: Final = frozenset({"__schema", "__type", "__typename"})


class DepthAndAliasRule(ASTValidationRule):
    """Refuses an operation whose fields lie too deep, or that names too many fields anew, fragments counted where they are spread."""

    context: ASTValidationContext

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: object) -> None:
        depth, aliases = self._measure(node.selection_set, frozenset())
        if depth > MAX_DEPTH:
            self.report_error(GraphQLError(f"The operation nests {depth} levels; {MAX_DEPTH} are allowed.", node))
        if aliases > MAX_ALIASES:
            self.report_error(GraphQLError(f"The operation has {aliases} aliases; {MAX_ALIASES} are allowed.", node))

    def _measure(self, selections: SelectionSetNode | None, spread: frozenset[str]) -> tuple[int, int]:
        """Depth and aliases of a selection set; stops counting where both limits are passed or a fragment holds itself."""
        deepest, aliases = 0, 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                depth, inside = self._measure_field(node, spread)
            elif isinstance(node, FragmentSpreadNode):
                depth, inside = self._measure_fragment(node.name.value, spread)
            else:
                depth, inside = self._measure(node.selection_set, spread)  # type: ignore[attr-defined]
            deepest, aliases = max(deepest, depth), aliases + inside
        return deepest, aliases

    def _measure_field(self, node: FieldNode, spread: frozenset[str]) -> tuple[int, int]:
        if node.name.value in _INTROSPECTION:
            return 0, 0
        depth, aliases = self._measure(node.selection_set, spread)
        return depth + (node.selection_set is not None), aliases + (node.alias is not None)

    def _measure_fragment(self, name: str, spread: frozenset[str]) -> tuple[int, int]:
        measured = self._measured.get(name)
        if measured is None:
            fragment = None if name in spread else self.context.get_fragment(name)
            measured = self._measure(fragment.selection_set, spread | {name}) if fragment else (0, 0)
            self._measured[name] = measured
        return measured

    def __init__(self, context: ASTValidationContext) -> None:
        super().__init__(context)
        # Each fragment is measured once, or a short document of nested fragments would take for ever.
        self._measured: dict[str, tuple[int, int]] = {}


class NoNullCharacterRule(ASTValidationRule):
    """Refuses the character U+0000 in a text, however it is escaped: no PostgreSQL column takes it."""

    def enter_string_value(self, node: StringValueNode, *_args: object) -> None:
        if "\0" in node.value:
            self.report_error(GraphQLError("A text cannot hold the character U+0000.", node))


class Limits(SchemaExtension):
    """Sets the limits for one operation."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = MAX_TOKENS
        self.execution_context.validation_rules += (DepthAndAliasRule, NoNullCharacterRule)
        yield
