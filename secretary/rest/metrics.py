"""Figures for Prometheus, in a registry of this application's own."""

import math
from collections.abc import Iterator
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secretary.deliveries import DeliveryStatus
from secretary.errors import Unavailable
from secretary.jobs import JobStatus
from secretary.requests import UnforeseenErrors
from secretary.service import Service, Watching

_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Metrics:
    """What is counted and measured."""

    def __init__(self, service: Service, *others: Collector) -> None:
        self._overview = service.overview
        self._count_deliveries = service.deliveries.counts
        self._registry = CollectorRegistry()
        for collector in (_ProcessFigures(service.watch), *others):
            self._registry.register(collector)
        labels = ("route", "method", "status")
        self._requests = Counter("secretary_http_requests", "HTTP requests answered.", labels, registry=self._registry)
        self._counted: dict[tuple[str, str, int], Counter] = {}
        self._jobs = Gauge("secretary_jobs", "Jobs by status.", ("status",), registry=self._registry)
        self._deliveries = Gauge(
            "secretary_webhook_deliveries", "Webhook deliveries by status.", ("status",), registry=self._registry
        )
        self._workers = Gauge("secretary_workers", "Workers that show they are alive.", registry=self._registry)
        self._lag = Gauge(
            "secretary_queue_lag_seconds", "How long the job that is due longest waits.", registry=self._registry
        )

    def count(self, route: str, method: str, status: int) -> None:
        """One request was answered. Methods nobody has heard of are one, or a caller could make figures without end."""
        place = (route, method if method in _METHODS else "OTHER", status)
        found = self._counted.get(place)
        if found is None:
            found = self._counted[place] = self._requests.labels(*map(str, place))
        found.inc()

    async def answer(self, _request: Request) -> Response:
        await self._read()
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return Response(generate_latest(self._registry), headers=headers, media_type=CONTENT_TYPE_LATEST)

    async def _read(self) -> None:
        try:
            counts, workers = await self._overview.counts(), await self._overview.living_workers()
            deliveries = await self._count_deliveries()
            lag = await self._overview.queue_lag()
        except Unavailable:
            # The other figures are wanted most when the database is away; these say that they are not known.
            self._jobs.clear()
            self._deliveries.clear()
            self._workers.set(math.nan)
            self._lag.set(math.nan)
            return
        for status in JobStatus:
            self._jobs.labels(status.value).set(counts.get(status, 0))
        for standing in DeliveryStatus:
            self._deliveries.labels(standing.value).set(deliveries.get(standing, 0))
        self._workers.set(workers)
        self._lag.set(lag)


class _ProcessFigures(Collector):
    """What this process knows of itself, read when it is asked for."""

    def __init__(self, watch: Watching) -> None:
        self._watch = watch

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("secretary_watchers", "Live watchers in this process.", value=self._watch.watchers)
        yield CounterMetricFamily(
            "secretary_bus_reconnections",
            "Times the progress bus was lost and connected again.",
            value=self._watch.reconnections,
        )
        yield CounterMetricFamily(
            "secretary_unforeseen_errors",
            "Errors that nobody foresaw, each with its id in the log.",
            value=UnforeseenErrors.count,
        )


class CountsRequests:
    """ASGI middleware that counts each answer under its route, whichever door gave it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def send_counted(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                self._count(scope, message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        except Exception:
            if not answered:
                self._count(scope, 500)
            raise

    def _count(self, scope: Scope, status: int) -> None:
        # The router leaves the route it chose in the scope; what matched none is one line, however it was spelt.
        self._metrics.count(getattr(scope.get("route"), "path", "none"), scope["method"], status)
