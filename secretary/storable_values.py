"""What a caller's JSON may hold and no column of the database takes, told by its place, at both doors."""

from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

from secretary.errors import FieldError, InvalidJson, InvalidParameters

MAX_REPORTED: Final = 100


def refuse_what_cannot_be_kept(data: dict[str, Any]) -> None:
    """Raises InvalidParameters for a text with a null byte, InvalidJson for a number that is out of range."""
    fields = []
    for path, value in _scalars(data):
        if isinstance(value, str) and "\0" in value:
            fields.append(FieldError(tuple(path), "must not hold a null byte"))
            if len(fields) == MAX_REPORTED:
                break
        elif isinstance(value, float) and not isfinite(value):
            raise InvalidJson(f"The body is not valid JSON: the number at {'.'.join(path)} is out of range.")
    if fields:
        raise InvalidParameters(f"{fields[0].field}: {fields[0].message}", fields=tuple(fields))


def _scalars(data: dict[str, Any]) -> Iterator[tuple[list[str], Any]]:
    """Everything in `data` that holds nothing else, and the names in it, each with its path.

    The path is one list that is changed on the way: a copy for each of a million values nested 200 deep would not fit in memory.
    """
    path: list[str] = []
    waiting = [_members(data)]
    while waiting:
        for name, value in waiting[-1]:
            yield path, name
            path.append(name)
            if isinstance(value, dict | list):
                waiting.append(_members(value))
                break
            yield path, value
            path.pop()
        else:
            waiting.pop()
            if path:
                path.pop()


def _members(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        return iter(value.items())
    return ((str(index), inner) for index, inner in enumerate(value))
