"""What a service is asked, over its REST door and, where that is not enough, over GraphQL."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from typing import Any, Final, Self
from urllib.parse import quote

import httpx

from secretary.cli.remote.address import Address, is_a_stranger, leads_on, takes_no_key
from secretary.cli.remote.recorded import document
from secretary.up.failures import CannotStart

_SILENCE_SECONDS: Final = 45.0
"""A stream's heartbeat comes every 15 s; three missed ones mean that it is dead."""
_TRIES: Final = 5
_LONGEST_PAUSE: Final = 60.0
_TRY_AGAIN: Final = frozenset({429, 503})


class Refused(CannotStart):
    """The service refused a call."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Client:
    """One service and one key."""

    def __init__(self, address: Address, *, seconds: float = 10.0, patient: bool = True) -> None:
        self.url = address.url
        self._tries = _TRIES if patient else 1
        self._http = httpx.Client(
            base_url=address.url,
            headers={"Authorization": f"Bearer {address.key}"},
            timeout=httpx.Timeout(seconds, read=_SILENCE_SECONDS if patient else seconds),
            # A proxy of the environment must not stand between this program and a service on its own machine.
            trust_env=not address.is_here,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def create(self, job_type: str, parameters: dict[str, Any]) -> str:
        """The new job's id."""
        body = self.call("POST", "/api/jobs/", json={"job_type": job_type, "parameters": parameters})
        return str(body["job_id"])

    def job(self, job_id: str) -> Any:
        return self.call("GET", job_path(job_id))

    def cancel(self, job_id: str) -> None:
        """As well as can be: a job that has just ended, or a service that is gone, is no trouble."""
        with contextlib.suppress(CannotStart):
            self.call("POST", f"{job_path(job_id)}/cancel", timeout=2.0)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The `data` of the answer; raises Refused, or CannotStart when nothing or something else answers."""
        return self._content(self._answer(method, path, **options))["data"]

    def ask(self, operation: str, **variables: Any) -> Any:
        """The one field that a recorded operation asks for, or all of them where there are several."""
        body = {"query": document(operation), "variables": variables, "operationName": operation}
        told = self._content(self._answer("POST", "/graphql", json=body))
        for error in told.get("errors") or ():
            raise self._refused(str((error.get("extensions") or {}).get("code", "")), error["message"])
        fields = told["data"]
        found = next(iter(fields.values())) if len(fields) == 1 else fields
        if isinstance(found, dict) and str(found.get("__typename", "")).endswith("Error"):
            raise Refused(found["code"], found["message"])
        return found

    @contextlib.contextmanager
    def streamed(self, path: str, **options: Any) -> Iterator[httpx.Response]:
        """An answer whose body is read piece by piece; raises Refused."""
        try:
            with self._http.stream("GET", path, **options) as response:
                if response.is_error or response.is_redirect:
                    response.read()
                    raise self.refusal(response)
                yield response
        except httpx.TransportError as error:
            raise self._no_answer(error) from None

    def raw_stream(self, path: str, headers: dict[str, str]) -> contextlib.AbstractContextManager[httpx.Response]:
        return self._http.stream("GET", path, headers=headers)

    def refusal(self, response: httpx.Response) -> CannotStart:
        """What an answer that is none says, as one sentence."""
        if response.is_redirect:
            return CannotStart(leads_on(self.url, response.headers.get("location")))
        try:
            error = response.json()["error"]
            code, message = str(error["code"]), str(error["message"])
        except (ValueError, KeyError, TypeError):
            return self.stranger(response)
        return self._refused(code, message)

    def _answer(self, method: str, path: str, **options: Any) -> httpx.Response:
        for tries_left in reversed(range(self._tries)):
            try:
                response = self._http.request(method, path, **options)
            except (httpx.TransportError, httpx.InvalidURL) as error:
                raise self._no_answer(error) from None
            pause = _pause(response)
            if pause is None or not tries_left:
                return response
            time.sleep(pause)
        raise AssertionError

    def _content(self, response: httpx.Response) -> dict[str, Any]:
        if response.is_redirect:
            raise self.refusal(response)
        try:
            content = response.json()
        except ValueError:
            raise self.stranger(response) from None
        if response.is_error and not (isinstance(content, dict) and "errors" in content):
            raise self.refusal(response)
        if not isinstance(content, dict) or not {"data", "errors"} & content.keys():
            raise self.stranger(response)
        return content

    def _refused(self, code: str, message: str) -> Refused:
        if code == "UNAUTHORIZED":
            message = takes_no_key(self.url)
        return Refused(code, message)

    def _no_answer(self, error: Exception) -> CannotStart:
        return CannotStart(f"The service at {self.url} does not answer ({str(error) or type(error).__name__}).")

    def stranger(self, response: httpx.Response) -> CannotStart:
        said = f"{response.status_code} {response.reason_phrase}".strip()
        if response.is_server_error:
            return CannotStart(f"The service at {self.url} is not there at the moment: what answers says {said}.")
        return CannotStart(is_a_stranger(self.url, said))


def job_path(job_id: str) -> str:
    return f"/api/jobs/{quote(job_id, safe='')}"


def batch_path(batch_id: str) -> str:
    return f"/api/jobs/batch/{quote(batch_id, safe='')}"


def _pause(response: httpx.Response) -> float | None:
    """How long the service asks to wait before the call is made again."""
    if response.status_code not in _TRY_AGAIN:
        return None
    with contextlib.suppress(ValueError):
        seconds = float(response.headers.get("retry-after", ""))
        return seconds if seconds <= _LONGEST_PAUSE else None
    return None


def as_json(value: object) -> str:
    """One line of JSON, with the letters as they are where they can be written; a line separator of Unicode ends no line of it."""
    readable = (sys.stdout.encoding or "utf-8").lower() in {"utf-8", "utf8"}
    text = json.dumps(value, ensure_ascii=not readable)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
