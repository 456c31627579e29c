"""Asynchronous jobs: launched by batch routes, polled by their ``check`` routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..ids import token


@dataclass(slots=True)
class Job:
    """A batch under way. ``result`` is the wire form of the finished status."""

    id: str
    kind: str
    account: str
    ready_at: float
    result: dict[str, Any] | None = None


class Jobs:
    """Jobs of all accounts."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._jobs: dict[str, Job] = {}

    def launch(self, kind: str, account: str, seconds: float) -> Job:
        """Register a job that may be seen as finished after some seconds at the earliest."""
        job = Job("dbjid:" + token("", 32), kind, account, self._now() + seconds)
        self._jobs[job.id] = job
        return job

    def status(self, kind: str, account: str, job_id: str) -> dict[str, Any] | None:
        """``in_progress`` or the result; ``None`` if there is no such job."""
        job = self._jobs.get(job_id)
        if job is None or job.kind != kind or job.account != account:
            return None
        if job.result is None or self._now() < job.ready_at:
            return {".tag": "in_progress"}
        return job.result
