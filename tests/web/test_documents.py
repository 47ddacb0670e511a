"""What the dashboard asks of the GraphQL door fits its schema."""

import re

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate

from secretary.graphql import schema_text
from secretary.graphql.limits import excesses
from secretary.web import documents
from secretary.web.static_files import FOLDER

SCHEMA = build_schema(schema_text())


def test_every_document_in_a_module_is_found_and_nothing_is_put_into_it():
    code = "".join(path.read_text() for path in FOLDER.rglob("*.js"))
    assert len(documents()) == len(re.findall(r"= graphql`", code)) > 10
    assert not [text for text in documents() if "${" in text]
    # Nor is one hidden from this test in a plain string.
    assert not re.findall(r"[^l]`\s*(?:query|mutation|subscription)\b", code)


@pytest.mark.parametrize("text", documents(), ids=lambda text: text.split("(")[0].split("{")[0].strip())
def test_a_document_is_valid_and_small_enough(text: str):
    document = parse(text)
    assert validate(SCHEMA, document) == []
    assert list(excesses(document)) == []
    assert [node.name is not None for node in document.definitions if isinstance(node, OperationDefinitionNode)] == [
        True
    ]
