"""The web process: settings and resources in, both doors out, as one Starlette application."""

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware

from secretary import graphql, rest
from secretary.requests import RequestIds
from secretary.resources import Resources, opened
from secretary.settings import Settings


def create_app(settings: Settings, resources: Resources) -> Starlette:
    """The application. It opens no connection until it is started."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with opened(resources):
            yield

    max_body = settings.max_body_megabytes * 1024 * 1024
    metrics = rest.Metrics(resources.service)
    return Starlette(
        routes=[
            *graphql.routes(resources.service, max_body_bytes=max_body),
            *rest.routes(resources.service, max_body_bytes=max_body, metrics=metrics),
        ],
        middleware=[Middleware(RequestIds), Middleware(rest.CountsRequests, metrics=metrics)],
        exception_handlers=rest.exception_handlers(),
        lifespan=lifespan,
    )
