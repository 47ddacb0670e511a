"""The JSON object in what a model wrote: alone, between fences, or among words."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_THOUGHT: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCED: Final = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)```", re.DOTALL)
_MOST_BEGINNINGS: Final = 50


def object_in(text: str) -> dict[str, Any] | None:
    """The first JSON object found; None when there is none."""
    text = _THOUGHT.sub("", text, count=1)
    for piece in (text, *(found[1] for found in _FENCED.finditer(text))):
        found = _parsed(piece)
        if found is not None:
            return found
    return next((found for begin in _beginnings(text) if (found := _begun(text, begin)) is not None), None)


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _begun(text: str, begin: int) -> dict[str, Any] | None:
    try:
        found, _ = json.JSONDecoder().raw_decode(text, begin)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _beginnings(text: str) -> Iterator[int]:
    place = -1
    for _ in range(_MOST_BEGINNINGS):
        place = text.find("{", place + 1)
        if place < 0:
            return
        yield place
