"""A small real server that speaks the chat-completions protocol and answers each field it is asked for out of the data it is sent."""

import json
import re
from typing import Any

from tests.documents.remote.provider_servers import Answer, Request, openai_says, said

MARK = re.compile(r"lines that say (=====DATA-[0-9a-f]{24}=====)")
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def data_of(request: Request) -> list[str]:
    """What lies between the marks that the system message names."""
    system, user = (message["content"] for message in request.body["messages"][:2])
    mark = MARK.search(system)
    assert mark is not None, system
    pieces = user.split(f"\n{mark[1]}\n")
    return [piece.removesuffix(f"\n{mark[1]}") for piece in pieces[1::2]]


def schema_of(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = request.body["response_format"]["json_schema"]["schema"]
    return found


def extracting(request: Request) -> Answer:
    """For each key of the schema: what stands behind `key:` in the text, every line for a list, the first for a single value."""
    text = "\n".join(data_of(request))
    answer = {}
    for key, asked in schema_of(request)["properties"].items():
        found = re.findall(rf"^{key}: (.*)$", text, re.MULTILINE)
        answer[key] = found if asked["type"] == "array" else (found[0] if found else "")
    return answered(answer)


def answered(answer: Any, **more: Any) -> Answer:
    return openai_says(json.dumps(answer), usage=USAGE, **more)


def refused(message: str, status: int = 400) -> Answer:
    return said(status, {"error": {"message": message, "type": "invalid_request_error"}})
