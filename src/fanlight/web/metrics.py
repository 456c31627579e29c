"""Figures for Prometheus: requests by door, their durations, bytes received; and of pictures.

Each server process counts for itself. The library is only loaded when the setting asks for it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.responses import Response

from fanlight.web.picture_metrics import PictureFigures

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from fanlight.renditions.figures import Figures
    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

DOORS = ("a", "file", "g", "s", "upload", "api", "studio", "static", "sign-in", "setup")
BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)


class Metrics:
    """The figures of this process, and `/metrics` that shows them."""

    def __init__(self, pictures: Callable[[], Figures | None]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(PictureFigures(pictures))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            "fanlight_requests", "Requests answered.", ("door", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "fanlight_request_seconds",
            "Seconds from the request to the end of its answer.",
            ("door",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._received = Counter(
            "fanlight_received_bytes",
            "Bytes of request bodies.",
            ("door",),
            registry=self._registry,
        )

    async def show(self, _request: Request) -> Response:
        """`/metrics`."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def note(self, path: str, status: int, seconds: float, received: int) -> None:
        """Count one request."""
        first = path.strip("/").partition("/")[0]
        door = first if first in DOORS else "other"
        self._requests.labels(door, str(status)).inc()
        self._seconds.labels(door).observe(seconds)
        if received:
            self._received.labels(door).inc(received)


class Measure:
    """Counts every request of the server, those for public links too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, received = time.perf_counter(), 500, 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        try:
            await self._app(scope, counted, answer)
        finally:
            seconds = time.perf_counter() - began
            self._metrics.note(scope["path"], status, seconds, received)
