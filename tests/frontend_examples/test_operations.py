"""The GraphQL inside the examples is that of `operations/`, word for word but for spaces, so that it also runs where only known
documents do."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, print_ast, validate

from tests.frontend_examples.conftest import EXAMPLES, OPERATIONS

SCHEMA = build_schema((EXAMPLES.parent / "schema.graphql").read_text())
OPERATION = r"\s*((?:query|mutation|subscription) \w+.*?)"
DOCUMENT = re.compile(rf'(?:"""|`|<script type="text/graphql"[^>]*>){OPERATION}(?:"""|`|</script>)', re.DOTALL)
RECORDED = [path.read_text() for path in sorted(OPERATIONS.glob("*.graphql"))]
HOLDING_DOCUMENTS = {"python/follow.py": 4, "vanilla/index.html": 5}


def operations_of(text: str) -> dict[str, str]:
    """Each operation by its name, with the fragments it needs, as it prints."""
    document = parse(text)
    fragments = {
        node.name.value: print_ast(node) for node in document.definitions if node.kind == "fragment_definition"
    }
    printed = {}
    for node in document.definitions:
        if node.kind == "operation_definition":
            own = print_ast(node)
            needed = sorted(fragment for name, fragment in fragments.items() if f"...{name}" in own)
            printed[node.name.value] = "\n".join([own, *needed])
    return printed


@pytest.mark.parametrize("name", HOLDING_DOCUMENTS)
def test_each_document_is_a_recorded_operation(name: str) -> None:
    recorded = {name: text for document in RECORDED for name, text in operations_of(document).items()}
    found = DOCUMENT.findall((EXAMPLES / name).read_text())
    assert len(found) == HOLDING_DOCUMENTS[name]
    for text in found:
        assert validate(SCHEMA, parse(text)) == []
        for operation, printed in operations_of(text).items():
            assert printed == recorded[operation], f"{operation} is not as in operations/"


def test_no_other_file_holds_documents() -> None:
    files = [path for path in EXAMPLES.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    holding = {
        path.relative_to(EXAMPLES).as_posix()
        for path in files
        if path.suffix in {".py", ".js", ".ts", ".tsx", ".html", ".sh"} and not is_generated(path)
        if DOCUMENT.search(path.read_text())
    }
    assert holding == set(HOLDING_DOCUMENTS)


def is_generated(path: Path) -> bool:
    return "generated" in path.name or "dist" in path.parts
