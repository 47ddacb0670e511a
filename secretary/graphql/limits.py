"""How much one document may ask for, counted before it is validated: otherwise a document made to have ten thousand errors is
looked through ten thousand times. What introspection asks for has bounds of its own, or no tool could read the schema."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
)

MAX_DEPTH: Final = 10
MAX_ALIASES: Final = 15
MAX_TOKENS: Final = 1_000
MAX_FIELDS: Final = 200
MAX_DIRECTIVES: Final = 5
MAX_MUTATIONS: Final = 4
MAX_ERRORS: Final = 5
"""How many errors one answer names."""
MAX_DOCUMENT_BYTES: Final = 128 * 1024
"""A document's text; the variables beside it may have what the largest body leaves them, since a batch of 10,000 jobs is there."""

_INTROSPECTION: Final = frozenset({"__schema", "__type"})


class Size(NamedTuple):
    """What an operation holds, fragments counted wherever they are spread. `roots` are its fields at the top."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    roots: int = 0

    def beside(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.roots + other.roots,
        )


def excesses(document: DocumentNode) -> Iterator[GraphQLError]:
    """What of each operation is more than this server takes."""
    measure = _Measure(document)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            for sentence in _sentences(operation, measure.operation(operation)):
                yield GraphQLError(sentence, operation)


def _sentences(operation: OperationDefinitionNode, size: Size) -> Iterator[str]:
    if size.depth > MAX_DEPTH:
        yield f"The operation nests {size.depth} levels; {MAX_DEPTH} are allowed."
    for many, allowed, what in (
        (size.fields, MAX_FIELDS, "fields"),
        (size.aliases, MAX_ALIASES, "aliases"),
        (size.directives, MAX_DIRECTIVES, "directives"),
    ):
        if many > allowed:
            yield f"The operation has {_counted(many)} {what}; {allowed} are allowed."
    if operation.operation is OperationType.MUTATION and size.roots > MAX_MUTATIONS:
        yield f"The operation makes {_counted(size.roots)} changes; {MAX_MUTATIONS} are allowed."


def _counted(many: int) -> str:
    # Fragments that spread each other twice make numbers of many digits.
    return str(many) if many < MAX_TOKENS**2 else "far too many"


class _Measure:
    """Measures the operations of one document. Each fragment is measured once, or a short document of nested fragments would take
    for ever; one that holds itself is refused later and counts nothing."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[tuple[str, bool], Size] = {}

    def operation(self, operation: OperationDefinitionNode) -> Size:
        own = Size(directives=len(operation.directives or ()))
        return self._inside(operation.selection_set, introspecting=False).beside(own)

    def _inside(self, selections: SelectionSetNode | None, *, introspecting: bool) -> Size:
        size = Size()
        for node in selections.selections if selections else ():
            size = size.beside(self._selected(node, introspecting=introspecting))
        return size

    def _selected(self, node: SelectionNode, *, introspecting: bool) -> Size:
        own = Size(directives=len(node.directives or ()))
        if isinstance(node, FieldNode):
            return self._field(node, introspecting=introspecting).beside(own)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, introspecting=introspecting).beside(own)
        assert isinstance(node, InlineFragmentNode)
        return self._inside(node.selection_set, introspecting=introspecting).beside(own)

    def _field(self, node: FieldNode, *, introspecting: bool) -> Size:
        within = introspecting or node.name.value in _INTROSPECTION
        inside = self._inside(node.selection_set, introspecting=within)
        return Size(
            depth=0 if within else inside.depth + (node.selection_set is not None),
            fields=inside.fields + (not introspecting),
            aliases=inside.aliases + (node.alias is not None),
            directives=inside.directives,
            roots=1,
        )

    def _fragment(self, name: str, *, introspecting: bool) -> Size:
        measured = self._measured.get((name, introspecting))
        if measured is None:
            self._measured[name, introspecting] = Size()
            fragment = self._fragments.get(name)
            measured = self._inside(fragment.selection_set, introspecting=introspecting) if fragment else Size()
            self._measured[name, introspecting] = measured
        return measured
