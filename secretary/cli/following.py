"""A job followed to its end by Server-Sent Events."""

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx

from secretary.cli.remote.client import Client, job_path
from secretary.up.failures import CannotStart

_AWAY_SECONDS: Final = 30.0
_BETWEEN_TRIES: Final = 0.25
_LAST_EVENTS: Final = {"completed", "error"}


def follow(client: Client, job_id: str) -> Iterator[dict[str, Any]]:
    """Each state the service tells, until the job has ended; a lost stream is taken up again where it broke."""
    following = _Following(client, job_id)
    while True:
        with contextlib.suppress(httpx.TransportError):
            for name, data in following.events():
                yield data
                if name in _LAST_EVENTS:
                    return
        if time.monotonic() - following.heard_at > _AWAY_SECONDS:
            raise CannotStart(
                f"The service at {client.url} does not answer any more; the job {job_id} goes on when it is back."
            )
        time.sleep(_BETWEEN_TRIES)


class _Following:
    """How far one job's stream has been read."""

    def __init__(self, client: Client, job_id: str) -> None:
        self._client = client
        self._path = f"{job_path(job_id)}/stream"
        self._last_id = ""
        self.heard_at = time.monotonic()

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        headers = {"Last-Event-ID": self._last_id} if self._last_id else {}
        with self._client.raw_stream(self._path, headers) as response:
            if response.is_server_error:
                # Such as its database being away for a moment.
                return
            if response.is_error:
                response.read()
                raise self._client.refusal(response)
            if response.status_code == httpx.codes.NO_CONTENT:
                # Its end was told before the stream broke.
                yield "completed", {}
            fields: dict[str, str] = {}
            for line in response.iter_lines():
                self.heard_at = time.monotonic()
                name, _, value = line.partition(":")
                if name:
                    fields[name] = value.removeprefix(" ")
                elif "data" in fields:
                    self._last_id = fields.get("id") or self._last_id
                    yield fields.get("event", ""), json.loads(fields["data"])
                    fields = {}
