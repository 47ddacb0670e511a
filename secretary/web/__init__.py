"""The dashboard: plain HTML, CSS and ES modules from this package, for whoever opens the service in a browser. They hold no data
and need no key; what they show they ask of the GraphQL door, with the key that a person enters."""

from starlette.routing import BaseRoute, Route

from secretary.web.documents import documents
from secretary.web.static_files import asset, page

__all__ = ["documents", "routes"]


def routes() -> list[BaseRoute]:
    """The page at the root and its files beneath `/web`."""
    return [Route("/", page, methods=["GET"]), Route("/web/{file:path}", asset, methods=["GET"])]
