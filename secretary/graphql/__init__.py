"""The main door: GraphQL over HTTP and WebSockets, as a list of routes around the service."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from secretary.service import Service


def routes(service: Service, *, max_body_bytes: int) -> list[BaseRoute]:
    """The routes of this door; `max_body_bytes` is the largest body it takes."""
    return [Route("/graphql", _not_yet, methods=["GET", "POST"])]


async def _not_yet(_request: Request) -> JSONResponse:
    return JSONResponse({"errors": [{"message": "not there yet"}]}, status_code=501)
