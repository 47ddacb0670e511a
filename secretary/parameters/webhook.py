"""Where the owner of a job or a batch wants to be told of it; contract section 6."""

import base64
import binascii
import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

STANDARD_SECRET: Final = "whsec_"  # noqa: S105  # the prefix of the Standard Webhooks specification
_IN_A_HEADER: Final = re.compile(r"[\x21-\x7e]+")


def _web_address(url: str) -> str:
    wrong = PydanticCustomError("webhook_url", "must be an address such as https://host/path")
    if not url.isprintable() or " " in url:
        raise wrong
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_fine:
        raise wrong
    if parts.username is not None or parts.password is not None:
        raise PydanticCustomError("webhook_url", "must not hold a user name or password; give a token")
    return url


def _fits_a_header(token: str) -> str:
    if not _IN_A_HEADER.fullmatch(token):
        raise PydanticCustomError("webhook_token", "travels in a header, so it must be printable ASCII without spaces")
    return token


def _signs(secret: str) -> str:
    signing_key(secret)
    return secret


def signing_key(secret: str) -> bytes:
    """The bytes to sign with: what follows `whsec_` decoded from base64, as the Standard Webhooks specification says; of any
    other secret its UTF-8 bytes. Raises PydanticCustomError, a ValueError, where that is not base64."""
    if not secret.startswith(STANDARD_SECRET):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(STANDARD_SECRET), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise PydanticCustomError("webhook_secret", "must hold base64 after whsec_")
    return key


class Webhook(BaseModel):
    """Who is told of a job's progress and end."""

    # By its own name, too, since that is the spelling of every other parameter.
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    url: Annotated[str, AfterValidator(_web_address)] = Field(
        max_length=8192, description="Where to POST; redirects are not followed."
    )
    token: Annotated[str, AfterValidator(_fits_a_header)] | None = Field(
        None, max_length=4096, repr=False, description="Sent as `Authorization: Bearer` and as `X-Callback-Token`."
    )
    job_id: str | None = Field(
        None,
        alias="jobId",
        min_length=1,
        max_length=500,
        description="What to call the job; its own id when not given.",
    )
    secret: Annotated[str, AfterValidator(_signs)] | None = Field(
        None,
        min_length=1,
        max_length=1024,
        repr=False,
        description="Signs each call as the Standard Webhooks specification says; "
        "what follows `whsec_` is base64, any other text is taken as it is.",
    )
    progress: bool = Field(True, description="Also tell of progress, at most once a second.")
