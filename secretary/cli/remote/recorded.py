"""The recorded GraphQL operations by name: they run on every service, also on one that takes only known documents."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Final

_OPERATION: Final = re.compile(r"^(?:query|mutation|subscription) (\w+)", re.MULTILINE)


def document(name: str) -> str:
    """The document that holds this one operation."""
    return _documents()[name]


@cache
def _documents() -> dict[str, str]:
    # Read as a file of the package `secretary`, as importing its GraphQL door would build the whole schema.
    manifest = json.loads(files("secretary").joinpath("graphql", "persisted.json").read_bytes())
    found: dict[str, str] = {}
    for text in manifest.values():
        names = _OPERATION.findall(text)
        if len(names) == 1:
            found[names[0]] = text
    return found
