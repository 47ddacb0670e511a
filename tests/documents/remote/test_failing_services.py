"""A service that refuses, rests, fails, hangs or talks nonsense: each a code and a sentence, tried again only where it can help."""

import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from secretary.documents.page_content import PageContent
from secretary.errors import ErrorCode, JobFailure
from secretary.fetching import provider_client
from tests.documents.remote.conftest import KEY
from tests.documents.remote.provider_servers import Server, openai_says, said
from tests.documents_made import text_pdf


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_client, "_FIRST_PAUSE", 0.01)


@pytest.fixture
def one_page(tmp_path: Path) -> Path:
    return text_pdf(tmp_path / "one.pdf", "Page 1")


@pytest.fixture
def four_pages(tmp_path: Path) -> Path:
    return text_pdf(tmp_path / "four.pdf", *(f"Page {number}" for number in range(1, 5)))


def failure_of(job: Any, method: str, *numbers: int) -> JobFailure:
    with pytest.raises(JobFailure) as failure:
        job.read(method, *numbers)
    assert failure.value.code == ErrorCode.PROVIDER_FAILED
    assert KEY not in failure.value.message
    return failure.value


DETAIL = {"detail": [{"loc": ["body", "document"], "msg": "Field required", "type": "missing"}]}
NOT_FOUND = (
    "Mistral does not know the address or the model (HTTP 404: no model x for ***); the operator of this server "
    "corrects SECRETARY_MISTRAL_URL or the model."
)
FINAL = {
    "401": (
        said(401, {"message": "Unauthorized"}),
        "Mistral refuses the key of this server (HTTP 401); its operator corrects SECRETARY_MISTRAL_KEY.",
    ),
    "404": (
        said(404, {"error": {"message": f"no model x for {KEY}"}}),
        NOT_FOUND,
    ),
    "422": (said(422, DETAIL), "Mistral refused the page (HTTP 422: body.document: Field required)."),
    "400 of another shape": (said(400, ["?"]), "Mistral refused the page (HTTP 400: ?)."),
    "redirect": (said(302, {}, Location="http://127.0.0.1:1/"), "Mistral refused the page (HTTP 302)."),
    "no JSON": ((200, {}, b"<html>"), "Mistral answered something that is no JSON object."),
    "a list": (said(200, []), "Mistral answered something that is no JSON object."),
    "no pages": (said(200, {"pages": []}), "Mistral answered something that is not the text of one page."),
    "no text": (said(200, {"pages": [{"markdown": 5}]}), "Mistral answered something that is not the text of one page."),
    "not UTF-8": ((200, {}, b"\xff\xfe\xfd"), "Mistral answered something that is no JSON object."),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "sentence"), FINAL.values(), ids=FINAL)
def test_what_will_not_pass_is_asked_once_and_told(
    one_page: Path, by_mistral: Any, mistral_server: Server, answer: Any, sentence: str
) -> None:
    mistral_server.script.append(lambda _: answer)
    failure = failure_of(by_mistral(one_page), "mistral_ocr")
    assert (failure.message, failure.transient) == (sentence, False)
    assert len(mistral_server.requests) == 1


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
def test_what_may_pass_is_tried_again(one_page: Path, by_mistral: Any, mistral_server: Server, status: int) -> None:
    mistral_server.script += [lambda _: said(status, {})] * 3
    assert by_mistral(one_page).texts("mistral_ocr") == ["Heading\n\nPage 1 of 1"]
    assert len(mistral_server.requests) == 4


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (429, "Mistral has had too many requests (HTTP 429)."),
        (500, "Mistral cannot answer at the moment (HTTP 500)."),
    ],
)
def test_what_does_not_pass_leaves_the_job_for_later(
    one_page: Path, by_mistral: Any, mistral_server: Server, status: int, sentence: str
) -> None:
    mistral_server.script += [lambda _: said(status, {})] * 4
    failure = failure_of(by_mistral(one_page), "mistral_ocr")
    assert (failure.message, failure.transient) == (sentence, True)
    assert len(mistral_server.requests) == 4


def test_retry_after_is_waited_for(one_page: Path, by_mistral: Any, mistral_server: Server) -> None:
    mistral_server.script.append(lambda _: said(429, {}, **{"Retry-After": "2"}))
    job = by_mistral(one_page)
    begun = time.monotonic()
    assert job.texts("mistral_ocr") == ["Heading\n\nPage 1 of 1"]
    assert time.monotonic() - begun >= 2
    assert job.signs >= 1


@pytest.mark.parametrize("header", ["121", formatdate(time.time() + 3600, usegmt=True)], ids=["seconds", "date"])
def test_a_longer_rest_than_a_job_waits_gives_it_back_at_once(
    four_pages: Path, by_mistral: Any, mistral_server: Server, header: str
) -> None:
    mistral_server.usual = lambda _: said(429, {}, **{"Retry-After": header})
    failure = failure_of(by_mistral(four_pages), "mistral_ocr", 1, 2, 3, 4)
    assert failure.transient
    assert "asks to wait for" in failure.message
    assert len(mistral_server.requests) <= 4


def test_a_service_that_hangs_is_given_up(one_page: Path, by_mistral: Any, mistral_server: Server) -> None:
    mistral_server.script.append(mistral_server.hang)
    job = by_mistral(one_page, answer_seconds=1.5)
    failure = failure_of(job, "mistral_ocr")
    assert (failure.message, failure.transient) == ("Mistral did not answer within 1.5 seconds.", True)
    assert len(mistral_server.requests) == 1
    assert job.signs >= 1


def test_a_service_that_is_not_there_is_named(one_page: Path, by_mistral: Any) -> None:
    job = by_mistral(one_page)
    provider = job.providers.mistral.model_copy(update={"url": "http://127.0.0.1:1"})
    job.providers = job.providers.model_copy(update={"mistral": provider})
    failure = failure_of(job, "mistral_ocr")
    assert failure.message.startswith("Mistral cannot be reached: ")
    assert failure.transient


def test_a_page_that_is_refused_does_not_cost_the_others(
    four_pages: Path, by_mistral: Any, mistral_server: Server
) -> None:
    usual = mistral_server.usual

    def refuses_the_second(request: Any) -> Any:
        answer = usual(request)
        return said(422, DETAIL) if b"Page 2" in answer[2] else answer

    mistral_server.usual = refuses_the_second
    assert by_mistral(four_pages).texts("mistral_ocr", 1, 2, 3, 4) == [
        "Heading\n\nPage 1 of 1",
        "PROVIDER_FAILED: Mistral refused the page (HTTP 422: body.document: Field required)",
        "Heading\n\nPage 3 of 1",
        "Heading\n\nPage 4 of 1",
    ]


def test_a_service_that_breaks_down_in_the_middle_leaves_the_job_for_later(
    four_pages: Path, by_mistral: Any, mistral_server: Server
) -> None:
    usual = mistral_server.usual
    mistral_server.usual = lambda request: usual(request) if b"Page 1" in usual(request)[2] else said(500, {})
    assert failure_of(by_mistral(four_pages), "mistral_ocr", 1, 2, 3, 4).transient


def test_a_page_that_is_cut_off_is_kept_and_not_a_success(
    one_page: Path, by_openai: Any, openai_server: Server
) -> None:
    openai_server.script.append(lambda _: openai_says("The beginning of", finish_reason="length"))
    [page] = by_openai(one_page).read("openai_vision")
    assert isinstance(page, PageContent)
    assert page.text == "The beginning of"
    assert page.failure is not None
    assert (page.failure.page, page.failure.code) == (1, "PROVIDER_FAILED")
    assert page.failure.message == "cut off by the remote service, the rest is missing"


UNWILLING = {
    "refusal": (openai_says(None, refusal="I cannot help with that."), "refused to read the page: I cannot help with that."),
    "content filter": (openai_says("x", finish_reason="content_filter"), "withheld the page's text by its content filter."),
    "nothing": (openai_says(None), "answered without any text."),
    "only room for thought": (openai_says("", finish_reason="length"), "answered without any text."),
    "no choices": (said(200, {"choices": []}), "answered something that is no chat completion."),
    "strange choices": (said(200, {"choices": ["x"]}), "answered something that is no chat completion."),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "sentence"), UNWILLING.values(), ids=UNWILLING)
def test_a_model_that_does_not_read_the_page_is_told(
    one_page: Path, by_openai: Any, openai_server: Server, answer: Any, sentence: str
) -> None:
    openai_server.script.append(lambda _: answer)
    failure = failure_of(by_openai(one_page), "openai_vision")
    assert (failure.message, failure.transient) == (f"The vision model {sentence}", False)
