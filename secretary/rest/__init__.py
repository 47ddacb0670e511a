"""The REST door: plain HTTP for curl and for clients of the "Secretary Job Worker" API, around the same service as GraphQL."""

from typing import Final

from secretary.rest.metrics import CountsRequests, Metrics
from secretary.rest.refusals import exception_handlers
from secretary.rest.table import routes

__all__ = ["PATH", "CountsRequests", "Metrics", "exception_handlers", "routes"]

PATH: Final = "/api"
