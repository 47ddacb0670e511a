"""The body of a POST: JSON, read and refused before anybody looks at what it asks."""

import asyncio
from typing import Any, Final

from pydantic_core import from_json
from starlette.requests import Request

from secretary.errors import InvalidJson, UnsupportedMediaType
from secretary.requests import read_body
from secretary.storable_values import refuse_what_cannot_be_kept

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
