"""Tells schemathesis how free-form JSON looks and what stands for a file (`SCHEMATHESIS_HOOKS=tests.graphql.scan_scalars`)."""

import json
from typing import Any

import schemathesis
from graphql import parse_const_value
from hypothesis import strategies as st

NAMES = st.sampled_from(["filename", "page_start", "use_cache", "context", "webhook", "text", "a", "_b2"])
PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)


def written(value: Any) -> str:
    """A JSON value as GraphQL writes it: the names of an object without quotes."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value)


schemathesis.graphql.scalar("JSON", VALUES.map(written).map(parse_const_value))
# A file comes in a form only; here it is refused, whatever is written.
schemathesis.graphql.scalar("Upload", st.text(max_size=5).map(json.dumps).map(parse_const_value))
