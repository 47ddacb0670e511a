"""GraphQL over HTTP: Strawberry's view with keys, limits and statuses as the GraphQL-over-HTTP specification wants them."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from json import JSONDecodeError
from typing import Any, Final, cast

from cross_web import AsyncHTTPRequestAdapter, HTTPException, StarletteRequestAdapter
from pydantic_core import from_json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.http.parse_content_type import parse_content_type
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from secretary.auth import Viewer, key_in_headers
from secretary.errors import BodyTooLarge, InvalidJson, MethodNotAllowed, UnsupportedMediaType
from secretary.forms import FormLimits, received_form
from secretary.graphql.answers import GRAPHQL_TYPE, JSON_TYPE, failed, media_type_for
from secretary.graphql.broadcasts import Broadcasts
from secretary.graphql.connections import Connection
from secretary.graphql.context import Context
from secretary.graphql.figures import Figures
from secretary.graphql.http_streams import HttpStreams, transport_for
from secretary.graphql.limits import MAX_DOCUMENT_BYTES
from secretary.graphql.masking import is_request_error, told
from secretary.graphql.open_streams import OpenStreams, StreamLimits
from secretary.graphql.operations import Executing, Operation
from secretary.graphql.persisted import Documents
from secretary.graphql.sockets import SocketHandler
from secretary.graphql.uploads import operation_in
from secretary.requests import read_body, viewer_of
from secretary.service import Service

FORM_TYPE: Final = "multipart/form-data"
CLIENT_LEFT: Final = 499
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


class Adapter(StarletteRequestAdapter):
    """What Strawberry reads a request through, with the request itself, whose body must not be read whole unseen."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.request = request


class Door(GraphQL[Context | Connection, None]):
    """The endpoint. It checks the key before it reads a body, and answers in JSON whatever happens."""

    request_adapter_class = Adapter
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
    ) -> None:
        super().__init__(
            schema,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
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
            # What an operation brings with it, such as a file, is there until it has been executed.
            async with AsyncExitStack() as brought:
                request.state.brought = brought
                return await self._executed(request)
        except ClientDisconnect:
            return Response(status_code=CLIENT_LEFT)
        except Exception as error:  # noqa: BLE001  # the last place where it can still be answered in JSON
            return failed(error, request)

    async def _executed(self, request: Request) -> Response:
        adapter = Adapter(request)
        self.is_request_allowed(adapter)
        context = cast("Context", await self.get_context(request, response := await self.get_sub_response(request)))
        data = await self.parse_http_body(adapter)
        operation = Operation(data.query or "", data.variables, data.operation_name)
        self.figures.count_operation(operation)
        transport = transport_for(request.headers.get("accept", ""), operation)
        if transport is not None and not (operation.is_mutation and request.method == "GET"):
            key = key_in_headers(request.headers)
            return await self._http_streams.answer(transport, operation, context.viewer, key)
        result = await self.execute_single(request, adapter, response, context, None, data)
        return self.create_response(await self.process_result(request, result), response)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context | Connection:  # noqa: ARG002
        if isinstance(request, WebSocket):
            return Connection(request.headers)
        return Context(self.service, await viewer_of(request, self.service.auth))

    async def viewer_of_key(self, key: str | None) -> Viewer:
        """Whose key a socket came with. Raises Unauthorized, or Unavailable when nobody can tell."""
        return await self.service.auth.authenticate(key)

    def is_request_allowed(self, request: BaseRequestProtocol) -> bool:
        if request.method not in _OPERATIONS:
            raise MethodNotAllowed("GraphQL takes GET and POST only.")
        return True

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:  # noqa: ARG002
        return False  # the page was given before the key was asked for

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        if request.method == "GET":
            return self._operation(self.parse_query_params(request.query_params))
        content_type, parameters = parse_content_type(request.content_type or "")
        if content_type == FORM_TYPE:
            return await self._operation_of_form(cast("Adapter", request).request)
        # A browser sends forms and plain text to any site without asking it; JSON it does not.
        if content_type != JSON_TYPE or parameters.get("charset", "utf-8").lower() != "utf-8":
            raise UnsupportedMediaType
        body = await read_body(cast("Adapter", request).request, self._max_body_bytes)
        return self._operation(parsed_json(body))

    async def _operation_of_form(self, request: Request) -> GraphQLRequestData:
        uploads = self.service.uploads
        limits = FormLimits(uploads.incoming, uploads.max_file_bytes, self._max_body_bytes)
        form = await request.state.brought.enter_async_context(received_form(request, limits))
        return self._operation(operation_in(form))

    def _operation(self, data: object) -> GraphQLRequestData:
        if not isinstance(data, dict):
            raise InvalidJson("The body must be a JSON object.")
        for name, kind in _SHAPE.items():
            if not isinstance(data.get(name), kind | None):
                raise HTTPException(400, f"`{name}` must be {'an object' if kind is dict else 'a string'} or null.")
        return GraphQLRequestData(
            query=self.document_of(data),
            variables=data.get("variables"),
            operation_name=data.get("operationName"),
            extensions=data.get("extensions"),
        )

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

    async def execute_single(
        self,
        request: Request,  # noqa: ARG002
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,  # noqa: ARG002
        context: Context | Connection,
        root_value: None,  # noqa: ARG002
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        operation = Operation(request_data.query or "", request_data.variables, request_data.operation_name)
        await cast("Context", context).count(as_value=operation.only_creates)
        try:
            return await self.schema.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=_OPERATIONS[request_adapter.method],
            )
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                raise HTTPException(400, SUBSCRIBE_OTHERWISE) from None
            raise MethodNotAllowed(error.as_http_error_reason(request_adapter.method) + "; POST them.") from None
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from None
        except MissingQueryError:
            raise HTTPException(400, "No GraphQL query found in the request") from None

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:  # noqa: ARG002
        errors: list[object] = [error.formatted for error in told(result.errors)]
        if is_request_error(result.errors, result.data):
            return {"errors": errors}
        answer: GraphQLHTTPResponse = {"data": result.data}
        return {**answer, "errors": errors} if errors else answer

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        # What create_response is given of the request: the media type it wants.
        response = await super().get_sub_response(request)
        response.headers["Content-Type"] = media_type_for(request.headers.get("accept", ""))
        return response

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        media_type = sub_response.headers["Content-Type"]
        # Without data nothing was executed; the older media type says 200 even then.
        refused = isinstance(response_data, dict) and "data" not in response_data and media_type == GRAPHQL_TYPE
        body = self.encode_json(response_data)
        return Response(body, 400 if refused else 200, {"Vary": "Accept"}, media_type=f"{media_type}; charset=utf-8")


def _wants_page(request: Request) -> bool:
    """Whether a browser asks for something to look at."""
    asked = not _NAMES_OPERATION.isdisjoint(request.query_params)
    return request.method == "GET" and not asked and "text/html" in request.headers.get("accept", "")


def parsed_json(data: str | bytes) -> object:
    """The value; raises InvalidJson, also for what Python's own parser lets through: half surrogate pairs, NaN, deep nesting."""
    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidJson(f"The body is not valid JSON: {error}.") from None
    if (b"\\u0000" if isinstance(data, bytes) else "\\u0000") in data:  # type: ignore[operator]
        raise InvalidJson("The body holds a null byte (\\u0000), which no database column takes.")
    return value
