"""What an outsider may read of an error: ours keep code and sentence, the parser's and validator's stay readable, and
anything unforeseen becomes one bland sentence with the id under which the log has it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError

from secretary.errors import ErrorCode, FieldRefusal, Internal, RateLimited, SecretaryError
from secretary.graphql.limits import MAX_ERRORS
from secretary.graphql.persisted import DocumentRefused
from secretary.requests import log_internal_error, note_refusal, request_id

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT: Final = "BAD_USER_INPUT"

_OF_REQUEST: Final = (MissingQueryError, CannotGetOperationTypeError)
# The executor says only in words that a variable or an argument was the caller's fault.
_OF_INPUT: Final = ("Variable '", "Argument '", "OneOf Input Object ", "Value for member field ")


def shown(error: GraphQLError) -> GraphQLError:
    """The error as it may leave. It is always a new one: validation errors are cached and shared between requests."""
    original = _original(error)
    if isinstance(original, SecretaryError):
        note_refusal(original.code.value)
        return _like(error, original.message, **extensions_of(original))
    code = _code_of_graphql(error, original)
    if code is not None:
        note_refusal(code)
        return _like(error, error.message, code=code, requestId=request_id())
    found = log_internal_error(original or error)
    return _like(error, Internal().message, code=ErrorCode.INTERNAL.value, requestId=found)


def told(errors: Sequence[GraphQLError] | None) -> list[GraphQLError]:
    """The first of these errors as they may leave; an answer is not to grow with what is wrong."""
    return [shown(error) for error in (errors or ())[:MAX_ERRORS]]


def is_request_error(errors: Iterable[GraphQLError] | None, data: object) -> bool:
    """Whether the operation was refused as a whole, before any field of it was resolved."""
    return data is None and errors is not None and all(error.path is None for error in errors)


def extensions_of(error: SecretaryError) -> dict[str, Any]:
    """What goes with an error of ours: its code, the request's id and the fields it is about."""
    if isinstance(error, FieldRefusal):
        fields = [{"path": field.path, "message": field.message} for field in error.fields]
        # The code that GraphQL's own tools know for a wrong argument, whoever found that it is wrong.
        return {"code": BAD_USER_INPUT, "requestId": request_id(), "fields": fields}
    about = {"code": error.code.value, "requestId": request_id()}
    return {**about, "retryAfterSeconds": error.retry_after} if isinstance(error, RateLimited) else about


def _original(error: GraphQLError) -> BaseException | None:
    found: BaseException | None = error
    while isinstance(found, GraphQLError):
        found = found.original_error
    return found


def _code_of_graphql(error: GraphQLError, original: BaseException | None) -> str | None:
    """The code of an error that GraphQL itself found in the request; None when it was not the request's fault."""
    if isinstance(original, _OF_REQUEST):
        return BAD_USER_INPUT
    if original is not None:
        return None
    if isinstance(error, DocumentRefused):
        return error.code
    if isinstance(error, GraphQLSyntaxError):
        return PARSE_FAILED
    if error.message.startswith(_OF_INPUT) and (error.path or error.original_error or not error.nodes):
        return BAD_USER_INPUT
    return None if error.path else VALIDATION_FAILED


def _like(error: GraphQLError, message: str, **extensions: Any) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
