"""Answers over HTTP: their media type, and the JSON with `errors` that every failure of a request becomes."""

import json
from functools import lru_cache
from typing import Any, Final

from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from strawberry.types import ExecutionResult

from secretary.errors import (
    ErrorCode,
    Internal,
    MethodNotAllowed,
    RateLimited,
    SecretaryError,
    Unauthorized,
    Unavailable,
)
from secretary.graphql.masking import BAD_USER_INPUT, extensions_of, is_request_error, told
from secretary.graphql.persisted import DocumentRefused
from secretary.requests import log_internal_error, note_refusal, request_id

JSON_TYPE: Final = "application/json"
GRAPHQL_TYPE: Final = "application/graphql-response+json"
REALM: Final = 'Bearer realm="secretary"'
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))


@lru_cache(maxsize=256)
def media_type_for(accept: str) -> str:
    """The newer media type for those who ask for it before the older one; the older for all others."""
    ranges = [part.partition(";") for part in accept.lower().split(",")]
    wanted = [name.strip() for name, _, parameters in ranges if parameters.replace(" ", "") not in {"q=0", "q=0.0"}]
    named = [name for name in wanted if name in {GRAPHQL_TYPE, JSON_TYPE}]
    return named[0] if named else JSON_TYPE


def answered(result: ExecutionResult, media_type: str) -> Response:
    """The answer to an operation that was executed, or refused as a whole."""
    errors = [error.formatted for error in told(result.errors)]
    refused = is_request_error(result.errors, result.data)
    content: dict[str, Any] = {} if refused else {"data": result.data}
    if errors:
        content["errors"] = errors
    # Without data nothing was executed; the older media type says 200 even then.
    status = 400 if refused and media_type == GRAPHQL_TYPE else 200
    return Response(_ENCODER.encode(content), status, {"Vary": "Accept"}, media_type=f"{media_type}; charset=utf-8")


def failed(error: Exception, request: Request) -> Response:
    """The answer to a request that ended with this error; one that nobody foresaw is logged here."""
    if isinstance(error, SecretaryError):
        note_refusal(error.code.value)
        return _answer(request, error.http_status, error.message, extensions_of(error), _headers(error, request))
    if isinstance(error, DocumentRefused):
        # The older media type says 200 to whatever is well-formed; clients look for the code only there.
        status = 400 if media_type_for(request.headers.get("accept", "")) == GRAPHQL_TYPE else 200
        note_refusal(error.code)
        return _answer(request, status, error.message, {"code": error.code, "requestId": request_id()})
    if isinstance(error, HTTPException):
        # Strawberry found the request itself wrong.
        note_refusal(BAD_USER_INPUT)
        return _answer(request, error.status_code, error.reason, {"code": BAD_USER_INPUT, "requestId": request_id()})
    extensions = {"code": ErrorCode.INTERNAL.value, "requestId": log_internal_error(error)}
    return _answer(request, Internal.http_status, Internal().message, extensions)


def _headers(error: SecretaryError, request: Request) -> dict[str, str]:
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": REALM}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": "POST" if request.method == "GET" else "GET, POST"}
    if isinstance(error, RateLimited | Unavailable):
        return {"Retry-After": str(error.retry_after)}
    return {}


def _answer(
    request: Request, status: int, message: str, extensions: dict[str, Any], headers: dict[str, str] | None = None
) -> Response:
    body = {"errors": [{"message": message, "extensions": extensions}]}
    media_type = media_type_for(request.headers.get("accept", ""))
    return JSONResponse(body, status, {"Vary": "Accept", **(headers or {})}, f"{media_type}; charset=utf-8")
