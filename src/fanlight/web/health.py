"""Probes: is the process alive, can it do its work, and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from fanlight.errors import FanlightError
from fanlight.model import SERVER
from fanlight.web.door import fanlight_of

if TYPE_CHECKING:
    from starlette.requests import Request


async def alive(_request: Request) -> Response:
    """`/healthz`: the process answers."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """`/readyz`: the catalogue answers too. 503 with the reason's code if it does not."""
    try:
        await fanlight_of(request).accounts.users(SERVER)
    except FanlightError as error:
        return JSONResponse({"status": "unready", "code": error.public_code}, 503)
    return JSONResponse({"status": "ready"})
