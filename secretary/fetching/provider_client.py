"""A remote service an operator has set up, asked over HTTP: what may pass is tried again, what will not is told in a sentence.

Its address is the operator's own, so it is not held to public addresses as those of callers are.
"""

import json
import random
import threading
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from secretary.errors import ProviderBusy, ProviderFailed

_CONNECT_SECONDS: Final = 5.0
_TRIES: Final = 4
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 8.0
_LONGEST_REST: Final = 120.0
_MOST_BYTES: Final = 64 * 1024 * 1024
_LONGEST_REASON: Final = 200
_MAY_PASS: Final = frozenset({408, 409, 429})
_KEY_REFUSED: Final = frozenset({401, 403})
_NOT_FOUND: Final = 404
_TOO_MANY: Final = 429


class RequestRefused(ProviderFailed):
    """The service refuses this request, and would again; `status` and `reason` are its own words."""

    def __init__(self, message: str, *, status: int, reason: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class ProviderRefused(RequestRefused):
    """The service refuses this server altogether: every further request would be refused too."""


class ProviderResting(ProviderBusy):
    """The service asks to be left alone for longer than a job waits."""


class ProviderClient:
    """For several threads. `name` and `setting` are how messages call the service and its settings' first words, `task` what
    it is sent. Without a key none is sent: a server of one's own may want none."""

    def __init__(
        self, name: str, setting: str, *, url: str, key: str | None, answer_seconds: float, task: str = "the page"
    ) -> None:
        self._name = name
        self._setting = setting
        self._task = task
        self._url = url
        self._key = key
        self._answer_seconds = answer_seconds
        self._closed = threading.Event()
        timeout = httpx.Timeout(answer_seconds, connect=min(_CONNECT_SECONDS, answer_seconds))
        self._http = httpx.Client(headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=timeout)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object that is answered. Raises ProviderRefused, ProviderFailed, ProviderBusy or ProviderResting."""
        return self._ask("POST", path, json=body)

    def upload(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        filename: str,
        data: bytes,
        media_type: str = "application/pdf",
    ) -> dict[str, Any]:
        """As `post`, for a form with a file."""
        return self._ask("POST", path, data=fields, files={"file": (filename, data, media_type)})

    def delete(self, path: str) -> None:
        self._ask("DELETE", path)

    def close(self) -> None:
        """Ends the pauses of requests that wait to be tried again, too."""
        self._closed.set()
        self._http.close()

    def failed(self, what: str) -> ProviderFailed:
        return ProviderFailed(f"{self._name} {what}.")

    def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._once(method, path, content)
            except _TryAgain as again:
                pause = max(again.rest, _pause(attempt))
                if attempt == _TRIES or self._closed.wait(pause):
                    raise again.failure from again.__cause__
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, path: str, content: dict[str, Any]) -> dict[str, Any]:
        try:
            with self._http.stream(method, f"{self._url}{path}", **content) as response:
                answer = self._body(response)
        except httpx.TimeoutException as error:
            # To wait as long once more would only keep the job from its end.
            raise ProviderBusy(f"{self._name} did not answer within {self._answer_seconds:g} seconds.") from error
        except httpx.HTTPError as error:
            reason = _short(str(error) or type(error).__name__)
            raise _TryAgain(ProviderBusy(f"{self._name} cannot be reached: {reason}.")) from error
        if response.is_success:
            return self._object(answer)
        if response.status_code in _MAY_PASS or response.is_server_error:
            raise self._busy(response)
        raise self._refusal(response.status_code, answer)

    def _body(self, response: httpx.Response) -> bytes:
        """What is answered, up to a size, and as a whole within the time: a service may drip for hours."""
        deadline = time.monotonic() + self._answer_seconds
        pieces, size = [], 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_BYTES:
                raise self.failed(f"answered more than {_MOST_BYTES:,} bytes")
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the answer takes too long")
        return b"".join(pieces)

    def _object(self, answer: bytes) -> dict[str, Any]:
        try:
            found = json.loads(answer)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self.failed("answered something that is no JSON object")
        return found

    def _busy(self, response: httpx.Response) -> Exception:
        status = response.status_code
        what = "has had too many requests" if status == _TOO_MANY else "cannot answer at the moment"
        rest = _rest_asked_for(response.headers.get("Retry-After"))
        if rest > _LONGEST_REST:
            return ProviderResting(f"{self._name} {what} (HTTP {status}) and asks to wait for {rest:,.0f} seconds.")
        return _TryAgain(ProviderBusy(f"{self._name} {what} (HTTP {status})."), rest)

    def _refusal(self, status: int, answer: bytes) -> RequestRefused:
        reason = self._said(answer)
        said = f": {reason}" if reason else ""
        if status in _KEY_REFUSED:
            sentence = f"{self._name} {self._key_refused} (HTTP {status}); its operator corrects {self._setting}_KEY."
            return ProviderRefused(sentence, status=status, reason=reason)
        if status == _NOT_FOUND:
            sentence = (
                f"{self._name} does not know the address or the model (HTTP 404{said}); the operator of this server "
                f"corrects {self._setting}_URL or the model."
            )
            return ProviderRefused(sentence, status=status, reason=reason)
        sentence = f"{self._name} refused {self._task} (HTTP {status}{said})."
        return RequestRefused(sentence, status=status, reason=reason)

    @property
    def _key_refused(self) -> str:
        return "refuses the key of this server" if self._key else "wants a key, and this server has none"

    def _said(self, answer: bytes) -> str:
        """The service's own reason, without the key, which some repeat."""
        try:
            reason = _reason(json.loads(answer))
        except ValueError:
            return ""
        return _short(reason.replace(self._key, "***") if self._key else reason)


class _TryAgain(Exception):
    """What may pass by itself, after `rest` seconds if the service says so."""

    def __init__(self, failure: ProviderBusy, rest: float = 0.0) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.rest = rest


def _pause(attempt: int) -> float:
    longest = min(_FIRST_PAUSE * 2 ** (attempt - 1), _LONGEST_PAUSE)
    return random.uniform(longest / 2, longest)  # noqa: S311  # only spreads the load


def _rest_asked_for(header: str | None) -> float:
    """Retry-After as seconds, whether it is written as seconds or as a date; 0 where it says neither."""
    if not header:
        return 0.0
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return 0.0


def _reason(answer: Any) -> str:
    """The sentence in an error: `{"detail": [{"loc", "msg"}]}` of Mistral, `{"error": {"message"}}` of OpenAI, and the like."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, list):
        return "; ".join(filter(None, map(_reason, answer)))
    if not isinstance(answer, dict):
        return ""
    if isinstance(answer.get("msg"), str):
        place = ".".join(map(str, answer["loc"])) if isinstance(answer.get("loc"), list) else ""
        return f"{place}: {answer['msg']}" if place else answer["msg"]
    return next((found for name in ("error", "detail", "message") if (found := _reason(answer.get(name)))), "")


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON].rstrip(" .")
