"""The messages of `graphql-transport-ws`: which are well formed, and how ours are written."""

import json
from typing import Final

from secretary.graphql.operations import Kind, Told

INVALID_MESSAGE: Final = "Not a message of graphql-transport-ws"
ID_CHARACTERS: Final = 256
"""An operation's id goes into each of its messages."""
REASON_BYTES: Final = 123
"""RFC 6455, section 5.5: a control frame has at most 125 bytes, two of which are the code."""

_WITH_PAYLOAD: Final = frozenset({"connection_init", "ping", "pong"})


def well_formed(message: object) -> bool:
    """Whether a client's message has the shape its type wants."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    kind = message["type"]
    if kind in _WITH_PAYLOAD:
        return isinstance(message.get("payload"), dict | None)
    if kind not in {"subscribe", "complete"}:
        return False
    if not isinstance(message.get("id"), str) or not 1 <= len(message["id"]) <= ID_CHARACTERS:
        return False
    return kind == "complete" or _well_formed_operation(message.get("payload"))


def _well_formed_operation(payload: object) -> bool:
    if not isinstance(payload, dict):
        return False
    texts = [payload.get(name) for name in ("query", "documentId", "operationName")]
    objects = [payload.get(name) for name in ("variables", "extensions")]
    if not all(isinstance(text, str | None) for text in texts) or not all(
        isinstance(it, dict | None) for it in objects
    ):
        return False
    # What is named by its hash comes without its text.
    return texts[0] is not None or texts[1] is not None or "persistedQuery" in (objects[1] or {})


def framed(operation_id: str, told: Told) -> str:
    """The message for one of those who are told."""
    head = f'{{"id":{json.dumps(operation_id)},"type":"{told.kind.value}"'
    return head + "}" if told.kind is Kind.COMPLETE else f'{head},"payload":{told.payload}}}'


def close_reason(sentence: str) -> str:
    """As much of it as a close frame holds."""
    return sentence.encode()[:REASON_BYTES].decode(errors="ignore")
