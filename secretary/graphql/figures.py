"""Figures of this door for Prometheus, read when they are asked for. No label is taken from what a caller made up."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from secretary.graphql.broadcasts import Broadcasts
from secretary.graphql.open_streams import OpenStreams
from secretary.graphql.operations import Operation

OTHER: Final = "other"
KINDS: Final = ("socket", "stream")


class Figures(Collector):
    """What the live connections of one process are at, and what became of them."""

    def __init__(self) -> None:
        self._operations: Counter[tuple[str, str]] = Counter()
        self._shown: tuple[OpenStreams, Broadcasts] | None = None
        self._names: frozenset[str] = frozenset()

    def show(self, streams: OpenStreams, broadcasts: Broadcasts, names: frozenset[str]) -> None:
        """From now on tell of these; operations are told by `names`, all others together."""
        self._shown, self._names = (streams, broadcasts), names

    def count_operation(self, operation: Operation) -> None:
        """One operation was begun, over HTTP or on a socket."""
        node = operation.node
        name = node.name.value if node is not None and node.name is not None else OTHER
        kind = node.operation.value if node is not None else OTHER
        self._operations[kind, name if name in self._names else OTHER] += 1

    def collect(self) -> Iterator[Metric]:
        if self._shown is None:
            return
        streams, broadcasts = self._shown
        kinds = streams.kinds()
        connections = GaugeMetricFamily("secretary_graphql_connections", "Live connections by kind.", labels=["kind"])
        for kind in KINDS:
            connections.add_metric([kind], kinds[kind])
        yield connections
        yield from _gauges(broadcasts)
        yield from _counters(streams, broadcasts)
        named = "Operations begun, by the name they give themselves where a known document has it, too."
        operations = CounterMetricFamily("secretary_graphql_operations", named, labels=["type", "name"])
        for labels, count in self._operations.items():
            operations.add_metric(labels, count)
        yield operations


def _gauges(broadcasts: Broadcasts) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "secretary_graphql_subscribers", "Subscribers that follow a shared execution.", value=broadcasts.followers
    )
    yield GaugeMetricFamily(
        "secretary_graphql_executions",
        "Shared executions, each for all equal subscriptions.",
        value=broadcasts.executions,
    )
    yield GaugeMetricFamily(
        "secretary_graphql_subscriber_lag_seconds",
        "How long the oldest event waits for a subscriber to take it.",
        value=broadcasts.longest_wait,
    )


def _counters(streams: OpenStreams, broadcasts: Broadcasts) -> Iterator[Metric]:
    yield CounterMetricFamily(
        "secretary_graphql_dropped_events", "Events that slow subscribers were not told.", value=broadcasts.dropped
    )
    yield CounterMetricFamily(
        "secretary_graphql_slow_readers", "Live connections cut because they took nothing.", value=streams.slow
    )
    closes = CounterMetricFamily("secretary_graphql_socket_closes", "Sockets closed, by code.", labels=["code"])
    for code, count in streams.closes.items():
        closes.add_metric([code], count)
    yield closes
