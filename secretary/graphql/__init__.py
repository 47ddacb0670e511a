"""The main door: GraphQL over HTTP and WebSockets, as a list of routes around the service."""

from collections.abc import Collection
from typing import Final

from starlette.routing import BaseRoute, Route, WebSocketRoute

import secretary.graphql.enums  # noqa: F401  # makes the shared enums known before any type is read
from secretary.graphql import browser
from secretary.graphql.figures import Figures
from secretary.graphql.open_streams import StreamLimits
from secretary.graphql.persisted import Documents, load_documents
from secretary.graphql.schema import build_schema, schema_text
from secretary.graphql.view import Door
from secretary.service import Service

__all__ = ["PATH", "Documents", "Figures", "StreamLimits", "load_documents", "routes", "schema_text"]

PATH: Final = "/graphql"


def routes(
    service: Service,
    *,
    max_body_bytes: int,
    documents: Documents,
    limits: StreamLimits,
    graphiql: bool,
    figures: Figures,
    origins: Collection[str],
) -> list[BaseRoute]:
    """The routes of this door; `max_body_bytes` is the largest body it takes, `documents` those that callers may name, `limits`
    what its live connections may take, which `figures` then tell of, `graphiql` whether browsers are given a page,
    and `origins` whose pages may open sockets besides this service's own."""
    door = Door(
        build_schema(),
        service,
        max_body_bytes=max_body_bytes,
        documents=documents,
        limits=limits,
        page=browser.page if graphiql else None,
        figures=figures,
        origins=origins,
    )
    assets = [Route(f"{PATH}/{{file}}", browser.asset, methods=["GET"])] if graphiql else []
    return [Route(PATH, door), WebSocketRoute(PATH, door), *assets]
