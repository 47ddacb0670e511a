"""The signature is what the Standard Webhooks specification says: its own package takes it, and nothing that was changed."""

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from secretary.parameters import Webhook
from secretary.webhooks.signing import header_fields, signature

BODY = json.dumps({"phase": "completed", "text": "Grüße"}, ensure_ascii=False).encode()


def fields(secret: str | None = None, token: str | None = None, body: bytes = BODY) -> dict[str, str]:
    webhook = Webhook(url="https://example.org/", secret=secret, token=token)
    return header_fields(webhook, "delivery-1", body, timestamp=int(time.time()))


@given(st.binary(min_size=1, max_size=64))
def test_the_reference_implementation_takes_the_signature(key: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    assert Verifier(secret).verify(BODY, fields(secret)) == json.loads(BODY)


def test_any_other_secret_signs_with_its_own_bytes() -> None:
    secret = "a pass phrase, größer"
    assert Verifier(secret.encode()).verify(BODY, fields(secret)) == json.loads(BODY)


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "body", "secret"])
def test_what_was_changed_on_the_way_is_refused(changed: str) -> None:
    signed = fields("whsec_c2VjcmV0")
    secret, body = "whsec_c2VjcmV0", BODY
    if changed == "body":
        body = BODY.replace(b"completed", b"error")
    elif changed == "secret":
        secret = "whsec_b3RoZXI="
    else:
        signed[changed] = signed[changed][:-1] + ("1" if signed[changed][-1] != "1" else "2")
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body, signed)


def test_the_example_of_the_specification() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_without_a_secret_there_is_no_signature_and_without_a_token_none() -> None:
    bare = fields()
    assert bare.keys() == {"content-type", "webhook-id", "webhook-timestamp"}
    given = fields(token="t-1")
    assert (given["authorization"], given["x-callback-token"]) == ("Bearer t-1", "t-1")
    assert "webhook-signature" not in given
