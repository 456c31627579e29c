"""Launching and polling of asynchronous jobs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from ..errors import EndpointError, union
from ..transport.call import Call

Wire = dict[str, Any]


def launch(call: Call, kind: str, work: Coroutine[Any, Any, Wire]) -> Wire:
    """Run ``work`` in the background; answers the launch with its job id."""
    service = call.service
    seconds = service.settings.job_seconds + service.latency.job_seconds()
    job = service.world.jobs.launch(kind, call.account.id, seconds)

    async def run() -> None:
        job.result = await work

    service.background(run())
    return {".tag": "async_job_id", "async_job_id": job.id}


def check_job(kind: str) -> Callable[[Call], Wire]:
    """The handler of a ``check`` route."""

    def check(call: Call) -> Wire:
        world = call.service.world
        status = world.jobs.status(kind, call.account.id, call.arg["async_job_id"])
        if status is None:
            raise EndpointError(union("invalid_async_job_id"))
        return status

    return check
