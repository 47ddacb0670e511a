"""From operations to Starlette's routes: one route per path that answers all its methods, and turns every failure into an answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from secretary.errors import MethodNotAllowed, SecretaryError
from secretary.requests import log_internal_error
from secretary.rest.operations import Operation
from secretary.rest.refusals import internal_answer, refusal_answer


def routes_of(operations: Iterable[Operation]) -> list[BaseRoute]:
    """The routes, in the order in which the operations' paths come first."""
    paths: defaultdict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in operations:
        for path in (operation.path, *operation.also):
            paths[path][operation.method] = operation
    return [Route(path, Endpoint(by_method), name=path) for path, by_method in paths.items()]


class Endpoint:
    """All operations of one path, as an ASGI application."""

    def __init__(self, by_method: Mapping[str, Operation]) -> None:
        self._by_method = by_method

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        try:
            await response(scope, receive, send)
        except Exception as error:  # noqa: BLE001  # half an answer is out; the server cuts the connection
            log_internal_error(error)

    async def _answer(self, request: Request) -> Response:
        operation = self._by_method.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            return refusal_answer(MethodNotAllowed(), {"Allow": ", ".join(self._allowed())})
        try:
            return await operation.answer(request)
        except SecretaryError as error:
            return refusal_answer(error)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001  # the place where the unforeseen becomes an answer
            return internal_answer(error)

    def _allowed(self) -> list[str]:
        return sorted({*self._by_method, *(["HEAD"] if "GET" in self._by_method else [])})
