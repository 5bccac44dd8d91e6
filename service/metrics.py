"""What Prometheus may know: counts, times and sizes, never text."""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

__all__ = ["CONTENT_TYPE", "MULTIPROCESS_VARIABLE", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST

#: Where the processes of one service add up their numbers; prometheus_client reads it.
MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The numbers of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "attache_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "attache_http_request_seconds",
            "Time from a request's head to the end of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.articles = Counter(
            "attache_articles",
            "Articles by what became of them: analysed, or the code of their error.",
            ("outcome",),
            registry=self.registry,
        )
        self.read_seconds = Histogram(
            "attache_read_seconds",
            "Time of one call of the model.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.queue_characters = Gauge(
            "attache_queue_characters",
            "Characters of text waiting or being read.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.ready = Gauge(
            "attache_ready",
            "Models that have passed their self-test and take articles.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.model = Gauge(
            "attache_model",
            "Always 1; the labels say which model is served.",
            ("name", "revision"),
            multiprocess_mode="livemax",
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Everything in Prometheus's text format, over all processes of the service."""
        if MULTIPROCESS_VARIABLE in os.environ:
            together = CollectorRegistry()
            MultiProcessCollector(together)  # type: ignore[no-untyped-call] # it has no annotations
            return generate_latest(together)
        return generate_latest(self.registry)
