"""Whatever comes in a POST is answered in the door's own words, and creates nothing unless it was right."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secretary.rest.bodies import _object_in
from secretary.store import Store
from tests.rest.conftest import nothing_created

WRONG_JSON = {
    "nothing": b"",
    "half an object": b'{"job_type": ',
    "not UTF-8": b'{"job_type": "\xff"}',
    "not a number": b'{"job_type": NaN}',
    "infinity": b'{"job_type": -Infinity}',
    "a number out of range": b'{"parameters": {"a": [1e999]}}',
    "an endless number": b'{"a": ' + b"9" * 5000 + b"}",
    "half a surrogate pair": b'{"job_type": "\\ud800"}',
    "nested too deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a list": b"[]",
    "a text": b'"pdf"',
    "null": b"null",
    "a trailing comma": b'{"a": 1,}',
}


async def test_what_is_not_a_json_object_is_refused(client: httpx.AsyncClient, store: Store):
    for path in ("/api/jobs/", "/api/jobs/batch"):
        for name, body in WRONG_JSON.items():
            answer = await client.post(path, content=body, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_JSON"), name
    assert await nothing_created(store)


async def test_other_media_types_are_refused(client: httpx.AsyncClient, store: Store):
    right = b'{"job_type": "noop", "parameters": {}}'
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x"):
        answer = await client.post("/api/jobs/", content=right, headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    packed = await client.post("/api/jobs/", content=right, headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 415
    assert await nothing_created(store)


async def test_json_is_taken_however_it_is_announced(client: httpx.AsyncClient, pdf: Path):
    body = b'{"job_type": "pdf", "parameters": {"filename": "a.pdf"}}'
    for headers in ({}, {"Content-Type": "application/json; charset=utf-8"}, {"Content-Type": "Application/JSON"}):
        assert (await client.post("/api/jobs/", content=body, headers=headers)).status_code == 200


async def test_more_than_this_server_takes_is_refused_announced_or_not(client: httpx.AsyncClient, store: Store):
    async def growing() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield b" " * 1024 * 1024

    for body in (b" " * (8 * 1024 * 1024 + 1), growing()):
        answer = await client.post("/api/jobs/", content=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "TOO_LARGE")
    assert await nothing_created(store)


# Plain text with what databases and encoders stumble over; names that exist make the cases go deeper.
TEXT = st.one_of(st.text(max_size=8), st.sampled_from(["pdf", "noop", "a.pdf", "\0", "\ud800", "../../etc/passwd"]))
NAMES = st.one_of(
    st.sampled_from(["job_type", "parameters", "filename", "job_name", "user_id", "priority", "context", "extra"]), TEXT
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXT)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5))
JOBS = st.fixed_dictionaries(
    {"job_type": TEXT, "parameters": st.dictionaries(NAMES, JSON, max_size=5)},
    optional={"job_name": JSON, "priority": JSON, "user_id": JSON, "max_attempts": JSON},
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=JSON | JOBS)
async def test_no_json_whatever_gives_a_server_error(client: httpx.AsyncClient, pdf: Path, store: Store, body: Any):
    before = sum((await store.jobs.status_counts()).values())
    answer = await client.post("/api/jobs/", content=json.dumps(body))
    created = sum((await store.jobs.status_counts()).values()) - before
    assert answer.status_code < 500
    assert created == (1 if answer.status_code == 200 else 0)
    if answer.status_code != 200:
        assert set(answer.json()["error"]) == {"code", "message", "details"}


def test_the_largest_body_is_looked_through_within_seconds():
    deepest = b'{"a":' + b"[" * 190 + b"1," * 4_000_000 + b"1" + b"]" * 190 + b"}"
    started = time.process_time()
    assert set(_object_in(deepest)) == {"a"}
    assert time.process_time() - started < 10
