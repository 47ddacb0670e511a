"""The webhook of a job: strict, its historical spelling, its secrets named, and the bytes it signs with."""

import base64
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from secretary.errors import InvalidParameters
from secretary.parameters import Parameters, PdfParameters, Webhook, masked, parse, with_secrets
from secretary.parameters.webhook import signing_key

URL = "https://example.org/hook"


def made(**given: Any) -> Webhook:
    return TypeAdapter(Webhook).validate_python({"url": URL, **given})


def test_what_is_not_given_has_the_contracts_default() -> None:
    assert made().model_dump() == {"url": URL, "token": None, "jobId": None, "secret": None, "progress": True}


@pytest.mark.parametrize("name", ["jobId", "job_id"])
def test_the_job_may_be_named_in_either_spelling_and_is_kept_in_one(name: str) -> None:
    assert made(**{name: "order-7"}).model_dump(exclude_unset=True) == {"url": URL, "jobId": "order-7"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "ftp://example.org",
        "https://",
        "https:///path",
        "http://[::1",
        "https://user:pass@example.org",
        "https://token@example.org",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/\r\nX-Evil: 1",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        made(url=url)


@pytest.mark.parametrize(
    "given",
    [
        {"token": "a\nb"},
        {"token": "two words"},
        {"token": "ü"},
        {"token": ""},
        {"secret": ""},
        {"secret": "whsec_"},
        {"secret": "whsec_%%%"},
        {"progress": "yes"},
        {"progress": 1},
        {"jobId": ""},
        {"jobId": 5},
        {"retries": 3},
    ],
)
def test_a_wrong_value_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(**given)


def test_a_misspelt_name_inside_the_webhook_is_named_with_what_was_probably_meant() -> None:
    with pytest.raises(InvalidParameters) as refusal:
        parse(PdfParameters, {"filename": "a.pdf", "webhook": {"url": URL, "tokne": "x"}})
    [field] = refusal.value.fields
    assert (field.field, field.message) == ("webhook.tokne", 'unknown parameter "tokne". Did you mean "token"?')


def test_a_standard_secret_is_base64_and_any_other_is_taken_as_it_is() -> None:
    key = b"the bytes that sign"
    assert signing_key("whsec_" + base64.b64encode(key).decode()) == key
    assert signing_key("any old wörd") == "any old wörd".encode()


def test_every_job_type_has_the_webhooks_secrets_and_its_own() -> None:
    assert Parameters.secret_names() == {"webhook.token", "webhook.secret"}
    assert PdfParameters.secret_names() == {"password", "webhook.token", "webhook.secret"}


def test_masking_reaches_into_the_webhook_and_leaves_the_rest() -> None:
    given = {"filename": "a", "password": "p", "webhook": {"url": URL, "token": "t", "secret": "s", "jobId": "j"}}
    assert masked(given, PdfParameters.secret_names()) == {
        "filename": "a",
        "password": "***",
        "webhook": {"url": URL, "token": "***", "secret": "***", "jobId": "j"},
    }
    assert given["webhook"]["token"] == "t"  # type: ignore[index]


def test_a_secret_that_is_not_given_or_null_stays_so() -> None:
    for given in ({}, {"password": None}, {"webhook": None}, {"webhook": {"url": URL, "token": None}}):
        assert with_secrets(given, PdfParameters.secret_names(), str.upper) == given
