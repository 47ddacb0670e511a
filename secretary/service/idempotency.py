"""The same call made twice is one: what an idempotency key was used for, known again by a keyed hash of the body.

Keyed, since bodies hold secrets: who reads the database must not be able to try passwords against it."""

import json

from secretary.secrecy import Secrecy
from secretary.service.policy import empty_key_refused
from secretary.store.jobs import Idempotency


def idempotency_of(secrecy: Secrecy, key: str | None, body: object) -> Idempotency | None:
    """For a call with this key, the same whichever door it came through and however its JSON was spaced; None without a key.

    Raises InvalidParameters for a key that is empty or too long.
    """
    given = empty_key_refused(key)
    if given is None:
        return None
    newest, *older = secrecy.digests(json.dumps(body, sort_keys=True, separators=(",", ":")))
    return Idempotency(given, newest, frozenset(older))
