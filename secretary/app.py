"""The web process: settings and resources in, both doors and the dashboard out, as one Starlette application."""

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware

from secretary import graphql, rest, web
from secretary.origins import OtherOrigins
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
                origins=settings.cors_origins,
            ),
            *rest.routes(resources.service, max_body_bytes=max_body, metrics=metrics),
            *(web.routes() if settings.dashboard else []),
        ],
        middleware=[
            Middleware(RequestIds),
            *other_origins(settings),
            Middleware(rest.CountsRequests, metrics=metrics),
        ],
        exception_handlers=rest.exception_handlers(),
        lifespan=lifespan,
    )


def other_origins(settings: Settings) -> list[Middleware]:
    """What lets pages of other origins use both doors; nothing where the operator names none."""
    if not settings.cors_origins:
        return []
    return [Middleware(OtherOrigins, origins=settings.cors_origins, paths=[graphql.PATH, rest.PATH])]


def documents_of(settings: Settings) -> graphql.Documents:
    """The GraphQL documents that callers may name; raises SettingsError when the operator's manifest is none."""
    try:
        return graphql.load_documents(
            settings.persisted_documents,
            own=web.documents() if settings.dashboard else (),
            trusted_only=settings.trusted_documents_only,
        )
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
