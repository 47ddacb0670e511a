"""GraphQL over HTTP: Strawberry's view with keys, limits and statuses as the GraphQL-over-HTTP specification wants them."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import lru_cache
from json import JSONDecodeError
from typing import Any, Final

from cross_web import HTTPException
from pydantic_core import from_json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http.parse_content_type import parse_content_type
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from secretary.auth import Viewer, key_in_headers
from secretary.errors import BodyTooLarge, InvalidJson, MethodNotAllowed, UnsupportedMediaType
from secretary.forms import FormLimits, received_form
from secretary.graphql.answers import JSON_TYPE, answered, failed, media_type_for
from secretary.graphql.broadcasts import Broadcasts
from secretary.graphql.connections import Connection
from secretary.graphql.context import Context
from secretary.graphql.figures import Figures
from secretary.graphql.http_streams import HttpStreams, transport_for
from secretary.graphql.limits import MAX_DOCUMENT_BYTES
from secretary.graphql.open_streams import OpenStreams, StreamLimits
from secretary.graphql.operations import Executing, Operation
from secretary.graphql.persisted import Documents
from secretary.graphql.sockets import SocketHandler
from secretary.graphql.uploads import operation_in, refuse_misplaced_file
from secretary.requests import read_body, viewer_of
from secretary.service import Service
from secretary.storable_values import refuse_what_cannot_be_kept

FORM_TYPE: Final = "multipart/form-data"
CLIENT_LEFT: Final = 499
NAME_THE_OPERATION: Final = "The document holds no operation, or several; name the one to run in `operationName`."
SUBSCRIBE_OTHERWISE: Final = (
    "Subscriptions go over WebSockets with graphql-transport-ws, or over HTTP with `Accept: text/event-stream` "
    'or `Accept: multipart/mixed; subscriptionSpec="1.0"`.'
)
_SHAPE: Final[dict[str, type]] = {
    "query": str,
    "documentId": str,
    "operationName": str,
    "variables": dict,
    "extensions": dict,
}
_NAMES_OPERATION: Final = frozenset({"query", "documentId", "extensions"})
_OPERATIONS: Final = {"GET": {OperationType.QUERY}, "POST": {OperationType.QUERY, OperationType.MUTATION}}


class Door(GraphQL[Context | Connection, None]):
    """The endpoint. It checks the key before it reads a body, and answers in JSON whatever happens."""

    graphql_transport_ws_handler_class = SocketHandler

    def __init__(
        self,
        schema: BaseSchema,
        service: Service,
        *,
        max_body_bytes: int,
        documents: Documents,
        limits: StreamLimits,
        page: Callable[[Request], Awaitable[Response]] | None,
        figures: Figures,
        origins: Collection[str],
    ) -> None:
        super().__init__(
            schema,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            allowed_origins=list(origins),
        )
        self.service = service
        self.documents = documents
        self.executing = Executing(schema, service)
        self.broadcasts = Broadcasts()
        self.streams = OpenStreams(service.auth, limits)
        self.figures = figures
        self._http_streams = HttpStreams(self.executing, self.broadcasts, self.streams)
        self._page = page
        figures.show(self.streams, self.broadcasts, documents.operation_names())
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            if self._page is not None and _wants_page(request):
                return await self._page(request)
            viewer = await self._let_in(request)
            if _content_type(request.headers.get("content-type", ""))[0] != FORM_TYPE:
                return await self._executed(request, viewer, await self._asked_for(request))
            # The files that come in a form are there until the operation has been executed.
            async with received_form(request, self._form_limits()) as form:
                operation = self._operation(operation_in(form))
                refuse_misplaced_file(operation.query, operation.variables or {})
                return await self._executed(request, viewer, operation)
        except ClientDisconnect:
            return Response(status_code=CLIENT_LEFT)
        except Exception as error:  # noqa: BLE001  # the last place where it can still be answered in JSON
            return failed(error, request)

    async def _let_in(self, request: Request) -> Viewer:
        if request.method not in _OPERATIONS:
            raise MethodNotAllowed("GraphQL takes GET and POST only.")
        return await viewer_of(request, self.service.auth)

    async def _executed(self, request: Request, viewer: Viewer, operation: Operation) -> Response:
        self.figures.count_operation(operation)
        accept = request.headers.get("accept", "")
        transport = transport_for(accept, operation)
        if transport is not None and not (operation.is_mutation and request.method == "GET"):
            return await self._http_streams.answer(transport, operation, viewer, key_in_headers(request.headers))
        result = await self._result(operation, Context(self.service, viewer), request.method)
        return answered(result, media_type_for(accept))

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context | Connection:  # noqa: ARG002
        return Connection(request.headers)

    async def viewer_of_key(self, key: str | None) -> Viewer:
        """Whose key a socket came with. Raises Unauthorized, or Unavailable when nobody can tell."""
        return await self.service.auth.authenticate(key)

    async def _asked_for(self, request: Request) -> Operation:
        """What a GET says in its address, or a POST in its body of JSON."""
        if request.method == "GET":
            return self._operation(self._in_address(request))
        content_type, parameters = _content_type(request.headers.get("content-type", ""))
        # A browser sends forms and plain text to any site without asking it; JSON it does not.
        if content_type != JSON_TYPE or parameters.get("charset", "utf-8").lower() != "utf-8":
            raise UnsupportedMediaType
        return self._operation(parsed_json(await read_body(request, self._max_body_bytes)))

    def _in_address(self, request: Request) -> object:
        try:
            return self.parse_query_params(request.query_params)
        except HTTPException:
            raise HTTPException(400, "`variables` and `extensions` must be JSON objects.") from None

    def _form_limits(self) -> FormLimits:
        uploads = self.service.uploads
        return FormLimits(uploads.incoming, uploads.max_file_bytes, self._max_body_bytes)

    def _operation(self, data: object) -> Operation:
        if not isinstance(data, dict):
            raise InvalidJson("The body must be a JSON object.")
        for name, kind in _SHAPE.items():
            if not isinstance(data.get(name), kind | None):
                raise HTTPException(400, f"`{name}` must be {'an object' if kind is dict else 'a string'} or null.")
        refuse_what_cannot_be_kept(data.get("variables") or {})
        return Operation(self.document_of(data) or "", data.get("variables"), data.get("operationName") or None)

    def document_of(self, request: Mapping[str, Any]) -> str | None:
        """The document that a body, or a socket's `subscribe`, asks for. Raises DocumentRefused or BodyTooLarge."""
        text = self.documents.text_of(request)
        if text is not None and len(text.encode()) > MAX_DOCUMENT_BYTES:
            raise BodyTooLarge(f"A GraphQL document may have {MAX_DOCUMENT_BYTES:,} bytes; send values as variables.")
        return text

    def decode_json(self, data: str | bytes) -> object:
        try:
            return parsed_json(data)
        except InvalidJson as error:
            # Strawberry's socket reader knows this kind only.
            raise JSONDecodeError(error.message, "", 0) from None

    async def _result(self, operation: Operation, context: Context, method: str) -> ExecutionResult:
        await context.count(as_value=operation.only_creates)
        try:
            return await self.schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.name,
                allowed_operation_types=_OPERATIONS[method],
            )
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                raise HTTPException(400, SUBSCRIBE_OTHERWISE) from None
            raise MethodNotAllowed(error.as_http_error_reason(method) + "; POST them.") from None
        except CannotGetOperationTypeError as error:
            reason = error.as_http_error_reason() if operation.name else NAME_THE_OPERATION
            raise HTTPException(400, reason) from None
        except MissingQueryError:
            raise HTTPException(400, "No GraphQL query found in the request") from None


@lru_cache(maxsize=64)
def _content_type(header: str) -> tuple[str, dict[str, str]]:
    # Callers send the same few; the email parser that reads it takes as long as reading the job.
    media_type, parameters = parse_content_type(header)
    return media_type.lower(), parameters


def _wants_page(request: Request) -> bool:
    """Whether a browser asks for something to look at."""
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        return False
    return _NAMES_OPERATION.isdisjoint(request.query_params)


def parsed_json(data: str | bytes) -> object:
    """The value; raises InvalidJson, also for what Python's own parser lets through: half surrogate pairs, NaN, deep nesting."""
    try:
        return from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidJson(f"The body is not valid JSON: {error}.") from None
