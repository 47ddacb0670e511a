"""The body of a POST: JSON, read and refused before anybody looks at what it asks."""

import asyncio
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

from pydantic_core import from_json
from starlette.requests import Request

from secretary.errors import FieldError, InvalidJson, InvalidParameters, UnsupportedMediaType
from secretary.requests import read_body

MAX_REPORTED: Final = 100
_JSON: Final = "application/json"


async def json_object(request: Request, max_bytes: int) -> dict[str, Any]:
    """The body as an object.

    Raises UnsupportedMediaType, BodyTooLarge, InvalidJson, and InvalidParameters for a text with a null byte, which no
    database column takes.
    """
    _refuse_other_media(request)
    body = await read_body(request, max_bytes)
    # In a thread, since looking through the largest body takes long enough for live streams to stutter.
    return await asyncio.to_thread(_object_in, body)


def _refuse_other_media(request: Request) -> None:
    media_type = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if media_type not in {"", _JSON}:
        raise UnsupportedMediaType
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding.")


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        # This parser refuses what Python's own lets through: half surrogate pairs, NaN, and nesting deeper than 200.
        data = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidJson(f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise InvalidJson("The body must be a JSON object.")
    refuse_what_cannot_be_kept(data)
    return data


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
