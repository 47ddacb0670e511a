"""The header fields of a call: who it is for, and the signature that the Standard Webhooks specification describes."""

import base64
import hashlib
import hmac

from secretary.parameters import Webhook
from secretary.parameters.webhook import signing_key


def header_fields(webhook: Webhook, delivery_id: str, body: bytes, *, timestamp: int) -> dict[str, str]:
    """The fields of one attempt at `timestamp` (seconds since 1970): the id stays the same for each attempt, the rest is new."""
    fields = {
        "content-type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(timestamp),
    }
    if webhook.token is not None:
        fields |= {"authorization": f"Bearer {webhook.token}", "x-callback-token": webhook.token}
    if webhook.secret is not None:
        fields["webhook-signature"] = signature(webhook.secret, delivery_id, timestamp, body)
    return fields


def signature(secret: str, delivery_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, timestamp and body, in base64."""
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(signing_key(secret), signed, hashlib.sha256)).decode()
