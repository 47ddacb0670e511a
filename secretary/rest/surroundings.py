"""The part of the table that is about the service itself: its health, its figures, its description."""

from starlette.requests import Request
from starlette.responses import Response

from secretary.job_types import JobTypes
from secretary.rest.answers import JSON_HEADERS, Health, Success
from secretary.rest.health import HealthChecks, NotReady
from secretary.rest.metrics import Metrics
from secretary.rest.openapi import described
from secretary.rest.operations import Answered, KeyedFromAfar, Open, Operation
from secretary.service import Service


def surroundings(service: Service, checks: HealthChecks, metrics: Metrics) -> list[Operation]:
    """Health and figures."""
    return [
        Operation(
            method="GET",
            path="/api/health/live",
            name="live",
            summary="Whether the process answers",
            answer=Open(checks.live),
            answers={200: Answered("It does.", Success[Health])},
        ),
        Operation(
            method="GET",
            path="/api/health/ready",
            name="ready",
            summary="Whether database, Redis and at least one worker answer",
            answer=Open(checks.ready),
            answers={200: Answered("They do.", Success[Health])},
            refusals=(NotReady,),
        ),
        Operation(
            method="GET",
            path="/metrics",
            name="metrics",
            summary="Figures for Prometheus; without a key only from this machine",
            answer=KeyedFromAfar(service.auth, metrics.answer),
            answers={200: Answered("In Prometheus' text format.", media_type="text/plain")},
        ),
    ]


def description(operations: list[Operation], job_types: JobTypes) -> Operation:
    """The operation that answers the description of them all, itself included."""
    # No key: it holds no data, and whoever wants to know how to send a key cannot send one yet.
    text = _Text()
    itself = Operation(
        method="GET",
        path="/api/openapi.json",
        name="openapi",
        summary="This description",
        answer=Open(text.answer),
        answers={200: Answered("OpenAPI 3.1.")},
    )
    text.text = described([*operations, itself], job_types)
    return itself


class _Text:
    """The description as it is sent; made once, since the table does not change."""

    text: bytes = b""

    async def answer(self, _request: Request) -> Response:
        return Response(self.text, headers=JSON_HEADERS, media_type="application/json")
