"""Figures of pictures for Prometheus, read at the time they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable

    from prometheus_client.metrics_core import Metric

    from fanlight.renditions.figures import Figures

_COUNTERS = {
    "made": "Pictures made.",
    "hits": "Pictures that were looked up and found.",
}
_GAUGES = {
    "waiting": "Originals that wait for a picture to be made of them.",
    "running": "Orders for pictures being carried out.",
    "workers": "Processes that make pictures, those at rest too.",
    "kept": "Pictures in the cache.",
    "kept_bytes": "Bytes of the pictures in the cache.",
}


class PictureFigures(Collector):
    """Of the pictures that `read` tells of; nothing where it tells `None`."""

    def __init__(self, read: Callable[[], Figures | None]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        """As the library asks for."""
        figures = self._read()
        if figures is None:
            return
        for name, about in _COUNTERS.items():
            value = getattr(figures, name)
            yield CounterMetricFamily(f"fanlight_pictures_{name}", about, value=value)
        for name, about in _GAUGES.items():
            value = getattr(figures, name)
            yield GaugeMetricFamily(f"fanlight_pictures_{name}", about, value=value)
        failed = CounterMetricFamily(
            "fanlight_pictures_failed", "Orders for pictures that failed.", labels=("code",)
        )
        for code, times in figures.failed.items():
            failed.add_metric((code,), times)
        yield failed
