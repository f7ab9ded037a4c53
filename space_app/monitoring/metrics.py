"""Metrics in Prometheus' format: latency by route, requests by outcome, queues, memory, the models' commits, drift."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from space_app.monitoring.drift import Drift
from space_app.monitoring.requests import Record
from space_app.watch import Watch
from spacehub import catalogue

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 120)


class Metrics:
    """The app's metrics; call the object with the record of each request.

    Parameters
    ----------
    watch : Watch
        Provides the models' commits.
    drift : Drift
        Provides the drift of inputs and answers.
    waiting : callable
        Returns how many events wait in the pages' queues.
    """

    def __init__(self, watch: Watch, drift: Drift, waiting: Callable[[], int]):
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "spacehub_request_seconds",
            "Time to answer a request.",
            ["route"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._requests = Counter(
            "spacehub_requests",
            "Requests by outcome.",
            ["route", "outcome"],
            registry=self._registry,
        )
        gauge = Gauge("spacehub_queue_length", "Events waiting in a queue.", registry=self._registry)
        gauge.set_function(waiting)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._registry.register(_Models(watch))
        self._registry.register(_Drift(watch, drift))
        self._known: dict[tuple[str, str], tuple] = {}

    def __call__(self, record: Record) -> None:
        """Count a request."""
        key = record.route, record.outcome
        counters = self._known.get(key)
        if counters is None:
            counters = self._seconds.labels(record.route), self._requests.labels(*key)
            self._known[key] = counters
        counters[0].observe(record.seconds)
        counters[1].inc()

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)


class _Models(Collector):
    def __init__(self, watch: Watch):
        self._watch = watch

    def collect(self) -> Iterable[Metric]:
        """Yield which commits are served, which entries have a problem, and the counts of canaries."""
        commits = GaugeMetricFamily(
            "spacehub_commit",
            "The commit in use for each model or dataset.",
            labels=["key", "commit", "pinned"],
        )
        problems = GaugeMetricFamily(
            "spacehub_problem", "1 if the newest commit cannot be used.", labels=["key"]
        )
        labels = ["key", "commit"]
        compared = GaugeMetricFamily(
            "spacehub_canary_compared",
            "Number of queries for which the new commit's answer was compared with the current commit's.",
            labels=labels,
        )
        agreed = GaugeMetricFamily(
            "spacehub_canary_agreed",
            "Number of compared queries for which the two commits agreed.",
            labels=labels,
        )
        away = GaugeMetricFamily("spacehub_hub_away", "1 if the Hub does not answer.")
        for key in (*catalogue.MODELS, *catalogue.DATASETS):
            status = self._watch.status(key)
            if status.commit:
                commits.add_metric([key, status.commit, str(status.pinned).lower()], 1)
            problems.add_metric([key], bool(status.problem))
            if status.canary:
                compared.add_metric([key, status.canary.commit], status.canary.count.compared)
                agreed.add_metric([key, status.canary.commit], status.canary.count.agreed)
        away.add_metric([], bool(self._watch.away))
        return commits, problems, compared, agreed, away


class _Drift(Collector):
    def __init__(self, watch: Watch, drift: Drift):
        self._watch, self._drift = watch, drift

    def collect(self) -> Iterator[Metric]:
        """Yield the population stability index of each input and answer, and the share of doubts."""
        index = GaugeMetricFamily(
            "spacehub_drift_psi",
            "Population stability index against the training data.",
            labels=["key", "name"],
        )
        doubts = GaugeMetricFamily(
            "spacehub_doubted", "Number of answers that the app flagged as doubtful.", labels=["key"]
        )
        answers = GaugeMetricFamily(
            "spacehub_counted", "Number of answers included in the drift measurement.", labels=["key"]
        )
        for key in catalogue.MODELS:
            found = self._drift.report(self._watch.status(key))
            if found is None:
                continue
            answers.add_metric([key], found.n)
            doubts.add_metric([key], found.doubted)
            for name, value in found.index.items():
                index.add_metric([key, name], value)
        yield from (index, doubts, answers)
