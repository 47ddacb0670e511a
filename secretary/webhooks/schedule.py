"""When a delivery that did not arrive is tried again: growing, jittered delays for a day, and never sooner than the receiver asks."""

import random
import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from secretary.store import Outcome

DELAYS: Final = (5.0, 60.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 28_800.0, 28_800.0)
"""Seconds before each further attempt, after the example of the Standard Webhooks specification: 23.6 hours in all."""
LONGEST_ASKED: Final = 21_600.0
"""What a receiver may ask for in Retry-After counts up to six hours."""
_JITTER: Final = (0.9, 1.1)


def outcome_of(status: int, retry_after: str | None, *, seconds: float, tries: int) -> Outcome:
    """What an answer means: 2xx is a success, 410 ends it, anything else, a redirect too, is tried again."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome(seconds, status)
    if status == HTTPStatus.GONE:
        return Outcome(seconds, status, "The receiver answered HTTP 410: it wants no more.", gone=True)
    redirected = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
    error = f"The receiver answered HTTP {status}{'; redirects are not followed' if redirected else ''}."
    return Outcome(seconds, status, error, next_delay(tries, asked_for(retry_after)))


def next_delay(tries: int, asked: float = 0.0) -> float | None:
    """Seconds until the next attempt after `tries` (from 0) earlier ones of this round; None after the last."""
    if tries >= len(DELAYS):
        return None
    return max(asked, DELAYS[tries] * random.uniform(*_JITTER))  # noqa: S311  # only spreads the load


def asked_for(retry_after: str | None) -> float:
    """Retry-After (RFC 9110, section 10.2.3) as seconds, be it seconds or a date; 0 where it says neither."""
    if not retry_after:
        return 0.0
    text = retry_after.strip()
    try:
        asked = (
            float(text) if text.isascii() and text.isdigit() else parsedate_to_datetime(text).timestamp() - time.time()
        )
    except (ValueError, OverflowError):
        return 0.0
    return min(max(asked, 0.0), LONGEST_ASKED)
