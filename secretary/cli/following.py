"""A job seen from outside, through the REST door: created, followed to its end by Server-Sent Events, cancelled."""

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx

from secretary.up.failures import CannotStart

_SILENCE_SECONDS: Final = 45.0
"""The stream's heartbeat comes every 15 s; three missed ones mean that it is dead."""
_AWAY_SECONDS: Final = 30.0
_BETWEEN_TRIES: Final = 0.25
_LAST_EVENTS: Final = {"completed", "error"}


class Refused(Exception):
    """The service refused a call."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Client:
    """The few calls that following one job needs."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self._heard_at = time.monotonic()
        timeout = httpx.Timeout(10.0, read=_SILENCE_SECONDS)
        # trust_env: a proxy of the environment must not stand between this program and its own service.
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=timeout, trust_env=False
        )

    def close(self) -> None:
        self._http.close()

    def create(self, job_type: str, parameters: dict[str, Any]) -> str:
        """The new job's id; raises Refused."""
        body: dict[str, Any] = self._call("POST", "/api/jobs/", json={"job_type": job_type, "parameters": parameters})
        return str(body["job_id"])

    def job(self, job_id: str) -> dict[str, Any]:
        return self._call("GET", f"/api/jobs/{job_id}")

    def cancel(self, job_id: str) -> None:
        """As well as can be: a job that has just ended, or a service that is gone, is no trouble."""
        with contextlib.suppress(Refused, CannotStart):
            self._call("POST", f"/api/jobs/{job_id}/cancel", timeout=2.0)

    def follow(self, job_id: str) -> Iterator[dict[str, Any]]:
        """Each state the service tells, until the job has ended; a lost stream is taken up again where it broke."""
        last_id = ""
        while True:
            with contextlib.suppress(httpx.TransportError):
                for name, number, data in self._events(job_id, last_id):
                    last_id = number or last_id
                    yield data
                    if name in _LAST_EVENTS:
                        return
            if time.monotonic() - self._heard_at > _AWAY_SECONDS:
                raise CannotStart(
                    f"The service at {self.url} does not answer any more; the job {job_id} goes on when it is back."
                )
            time.sleep(_BETWEEN_TRIES)

    def _events(self, job_id: str, last_id: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        headers = {"Last-Event-ID": last_id} if last_id else {}
        with self._http.stream("GET", f"/api/jobs/{job_id}/stream", headers=headers) as response:
            if response.is_server_error:
                # Such as its database being away for a moment.
                return
            if response.is_error:
                response.read()
                raise _refusal(response)
            if response.status_code == httpx.codes.NO_CONTENT:
                # Its end was told before the stream broke.
                yield "completed", last_id, {}
            fields: dict[str, str] = {}
            for line in response.iter_lines():
                self._heard_at = time.monotonic()
                name, _, value = line.partition(":")
                if name:
                    fields[name] = value.removeprefix(" ")
                elif "data" in fields:
                    yield fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"])
                    fields = {}

    def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise CannotStart(f"The service at {self.url} does not answer ({error}).") from None
        if response.is_error:
            raise _refusal(response)
        data: dict[str, Any] = response.json()["data"]
        return data


def _refusal(response: httpx.Response) -> Refused:
    try:
        error = response.json()["error"]
        return Refused(error["code"], error["message"])
    except (ValueError, KeyError, TypeError):
        return Refused("", f"The service answered {response.status_code} {response.reason_phrase}.")
