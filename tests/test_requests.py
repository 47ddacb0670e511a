"""What both doors do with a request: an id, a bounded body, a key."""

import logging
import re
from collections.abc import AsyncIterator, Iterable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from secretary.errors import BodyTooLarge
from secretary.requests import RequestIds, log_internal_error, read_body, request_id


async def _says_its_id(_request: Request) -> Response:
    return PlainTextResponse(request_id())


@pytest.fixture
async def speaking() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/", _says_its_id)], middleware=[Middleware(RequestIds)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


async def test_a_callers_own_plain_id_is_kept(speaking: httpx.AsyncClient):
    answer = await speaking.get("/", headers={"X-Request-ID": "trace.1234-abcd"})
    assert (answer.text, answer.headers["x-request-id"]) == ("trace.1234-abcd", "trace.1234-abcd")


async def test_any_other_request_is_given_a_new_id(speaking: httpx.AsyncClient):
    given = ["", "short", "with a space in it", "<script>alert(1)</script>", "x" * 129, "caf\u00e9-caf\u00e9"]
    answers = [await speaking.get("/", headers={"X-Request-ID": one.encode("latin-1")}) for one in given]  # type: ignore[dict-item]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert all(re.fullmatch(r"request-[0-9a-f-]{36}", one) for one in ids)
    assert [answer.text for answer in answers] == ids
    assert len(set(ids)) == len(given)
    assert request_id() == ""


def test_an_unforeseen_error_is_logged_under_the_id_that_is_answered(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        found = log_internal_error(ValueError("what nobody foresaw"))
    (record,) = caplog.records
    assert re.fullmatch(r"request-[0-9a-f-]{36}", found)
    assert record.getMessage() == f"unforeseen error in request {found}"
    assert "what nobody foresaw" in caplog.text


def _request(pieces: Iterable[bytes], **headers: str) -> Request:
    waiting = list(pieces)

    async def receive() -> Message:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": sent}, receive)


async def test_a_body_up_to_the_limit_is_read_whole():
    assert await read_body(_request([b"abc", b"de"]), 5) == b"abcde"
    assert await read_body(_request([b""]), 0) == b""


async def test_a_body_over_the_limit_is_refused_announced_or_not():
    for request in (
        _request([b"abcdef"], content_length="6"),
        _request([b"abc", b"def", b"never read"]),
        _request([b"abcdef"], content_length="2"),
        _request([b"abcdef"], content_length="-1"),
    ):
        with pytest.raises(BodyTooLarge):
            await read_body(request, 5)
