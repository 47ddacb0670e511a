"""The web process: settings and resources in, both doors out, as one Starlette application."""

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware

from secretary import graphql, rest
from secretary.requests import RequestIds
from secretary.resources import Resources, opened
from secretary.settings import Settings, SettingsError


def create_app(settings: Settings, resources: Resources) -> Starlette:
    """The application. It opens no connection until it is started."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with opened(resources):
            yield

    max_body = settings.max_body_megabytes * 1024 * 1024
    figures = graphql.Figures()
    metrics = rest.Metrics(resources.service, figures)
    return Starlette(
        routes=[
            *graphql.routes(
                resources.service,
                max_body_bytes=max_body,
                documents=documents_of(settings),
                limits=stream_limits(settings),
                graphiql=settings.graphiql,
                figures=figures,
            ),
            *rest.routes(resources.service, max_body_bytes=max_body, metrics=metrics),
        ],
        middleware=[Middleware(RequestIds), Middleware(rest.CountsRequests, metrics=metrics)],
        exception_handlers=rest.exception_handlers(),
        lifespan=lifespan,
    )


def documents_of(settings: Settings) -> graphql.Documents:
    """The GraphQL documents that callers may name; raises SettingsError when the operator's manifest is none."""
    try:
        return graphql.load_documents(settings.persisted_documents, trusted_only=settings.trusted_documents_only)
    except (OSError, ValueError) as error:
        raise SettingsError(f"SECRETARY_PERSISTED_DOCUMENTS is wrong: {error}.") from None


def stream_limits(settings: Settings) -> graphql.StreamLimits:
    return graphql.StreamLimits(
        per_process=settings.max_streams,
        per_key=settings.max_streams_per_key,
        operations=settings.max_socket_operations,
        ping_seconds=settings.ping_seconds,
        send_seconds=settings.send_seconds,
    )
