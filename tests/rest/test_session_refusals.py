"""Session jobs that cannot work are refused at once by both doors, whole batches too, and nothing is created."""

from typing import Any

import httpx
import pytest
from strawberry.utils.str_converters import to_camel_case

from tests.rest.test_transformer_refusals import CREATE, count
from tests.sessions.conference import asked_for

URL = "https://conf.example/talk"
GOOD = asked_for(URL)

WRONG: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "a translation without a model": (
        {**GOOD, "target_language": "de"}, "PROVIDER_NOT_CONFIGURED", "target_language", "SECRETARY_LLM_MODEL",
    ),
    "no event": ({**GOOD, "event": "  "}, "INVALID_PARAMETERS", "event", "must not be empty"),
    "no web address": ({**GOOD, "url": "file:///etc/passwd"}, "URL_NOT_ALLOWED", "url", "http:// or https://"),
    "a private address": ({**GOOD, "url": "http://127.0.0.1/"}, "URL_NOT_ALLOWED", "url", "private network"),
    "a video inside": ({**GOOD, "video_url": "http://10.0.0.1/a.mp4"}, "URL_NOT_ALLOWED", "video_url", "private network"),
    "an attachment inside": (
        {**GOOD, "attachments_url": [URL, "http://[::1]/a.pdf"]}, "URL_NOT_ALLOWED", "attachments_url", "private network",
    ),
    "an unknown template": ({**GOOD, "template": "Sesion"}, "UNKNOWN_TEMPLATE", "template", 'Did you mean "Session"?'),
    "no language": ({**GOOD, "target_language": "../de"}, "INVALID_PARAMETERS", "target_language", "must name a language"),
    "too many attachments": ({**GOOD, "attachments_url": [URL] * 51}, "INVALID_PARAMETERS", "attachments_url", "50"),
}  # fmt: skip


@pytest.mark.parametrize(("parameters", "code", "field", "says"), WRONG.values(), ids=WRONG)
async def test_what_cannot_work_is_refused_alike_by_both_doors(
    client: httpx.AsyncClient, parameters: dict[str, Any], code: str, field: str, says: str
) -> None:
    rest = await client.post("/api/jobs/", json={"job_type": "session", "parameters": parameters})
    assert rest.json()["error"]["code"] == code
    assert 400 <= rest.status_code < 500
    assert says in str(rest.json()["error"])
    given = {to_camel_case(name): value for name, value in parameters.items()}
    answer = await client.post("/graphql", json={"query": CREATE, "variables": {"input": {"job": {"session": given}}}})
    refusal = answer.json()["data"]["createJob"]
    assert (refusal["__typename"], refusal["code"]) == ("InvalidInputError", code)
    assert refusal["fields"][0]["path"][:3] == ["job", "session", to_camel_case(field)]
    jobs = [{"job_type": "session", "parameters": each} for each in (GOOD, parameters)]
    batch = await client.post("/api/jobs/batch", json={"jobs": jobs})
    assert batch.json()["error"]["code"] == code
    assert await count(client) == 0


async def test_a_session_in_its_own_language_and_a_given_transcript_need_neither_model_nor_video(
    client: httpx.AsyncClient,
) -> None:
    for more in (
        {},
        {"target_language": "en"},
        {"target_language": "de", "source_language": "de-AT"},
        {"video_transcript": "Said.", "video_url": "rtmp://conf.example/live"},
    ):
        body = {"job_type": "session", "parameters": {**GOOD, **more}}
        assert (await client.post("/api/jobs/", json=body)).status_code == 200
    assert await count(client) == 4
