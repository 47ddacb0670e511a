"""The body of a POST: JSON, read and refused before anybody looks at what it asks."""

from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

from pydantic_core import from_json
from starlette.requests import Request

from secretary.errors import FieldError, InvalidJson, InvalidParameters, UnsupportedMediaType
from secretary.requests import read_body

_JSON: Final = "application/json"


async def json_object(request: Request, max_bytes: int) -> dict[str, Any]:
    """The body as an object.

    Raises UnsupportedMediaType, BodyTooLarge, InvalidJson, and InvalidParameters for a text with a null byte, which no
    database column takes.
    """
    _refuse_other_media(request)
    body = await read_body(request, max_bytes)
    try:
        # This parser refuses what Python's own lets through: half surrogate pairs, NaN, and nesting deeper than 200.
        data = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidJson(f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise InvalidJson("The body must be a JSON object.")
    _refuse_what_cannot_be_kept(data)
    return data


def _refuse_other_media(request: Request) -> None:
    media_type = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if media_type not in {"", _JSON}:
        raise UnsupportedMediaType
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding.")


def _refuse_what_cannot_be_kept(data: dict[str, Any]) -> None:
    fields = []
    for path, value in _scalars((), data):
        if isinstance(value, str) and "\0" in value:
            fields.append(FieldError(path, "must not hold a null byte"))
        elif isinstance(value, float) and not isfinite(value):
            raise InvalidJson(f"The body is not valid JSON: the number at {'.'.join(path)} is out of range.")
    if fields:
        raise InvalidParameters(f"{fields[0].field}: {fields[0].message}", fields=tuple(fields[:100]))


def _scalars(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Everything in `value` that holds nothing else, and the names in it, each with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield path, name
            yield from _scalars((*path, name), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _scalars((*path, str(index)), inner)
    else:
        yield path, value
