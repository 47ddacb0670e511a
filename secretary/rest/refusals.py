"""What an outsider may read of a failure, decided in one place: the refusal's code and sentence, or a bland one with an id."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from secretary.errors import (
    BodyTooLarge,
    ErrorCode,
    Internal,
    MethodNotAllowed,
    RateLimited,
    Refusal,
    RouteNotFound,
    SecretaryError,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)
from secretary.requests import log_internal_error, note_refusal
from secretary.rest.answers import Fault, JsonAnswer, Refused


def refusal_answer(error: SecretaryError, headers: Mapping[str, str] | None = None) -> JsonAnswer:
    """The refusal as the caller reads it."""
    if error.code is not ErrorCode.INTERNAL:
        note_refusal(error.code.value)
    fault = Fault(code=error.code, message=error.message, details=error.details)
    refused = Refused(status="error", error=fault)
    return JsonAnswer(refused, error.http_status, {**_headers(error), **(headers or {})})


def internal_answer(error: Exception) -> JsonAnswer:
    """An unforeseen error goes into the log; the caller reads one sentence and the id to ask about."""
    details = {"request_id": log_internal_error(error)}
    return refusal_answer(Internal("Something unforeseen happened; the server's log has it.", details=details))


def exception_handlers() -> Mapping[Any, Any]:
    """For the application: what is raised outside the routes of this door, such as an unknown route."""
    return {HTTPException: _http_exception, SecretaryError: _secretary_error, Exception: _exception}


async def _http_exception(_request: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        named = (error.headers or {}).get("Allow", "")
        return refusal_answer(MethodNotAllowed(), {"Allow": ", ".join(sorted(named.split(", ")))})
    known = _BY_STATUS.get(error.status_code)
    return refusal_answer(known()) if known else internal_answer(error)


async def _secretary_error(_request: Request, error: SecretaryError) -> Response:
    return refusal_answer(error)


async def _exception(_request: Request, error: Exception) -> Response:
    return internal_answer(error)


def _headers(error: SecretaryError) -> dict[str, str]:
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, (RateLimited, Unavailable)):
        return {"Retry-After": str(error.retry_after)}
    return {}


_BY_STATUS: Mapping[int, type[Refusal]] = {
    refusal.http_status: refusal
    for refusal in (Unauthorized, RouteNotFound, BodyTooLarge, UnsupportedMediaType, RateLimited, Unavailable)
}
