"""What every operation of the API is given: who calls, and values that are checked."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query
from fastapi.security import HTTPBearer
from starlette.requests import Request

from fanlight.app import Fanlight
from fanlight.model import Actor
from fanlight.web.door import fanlight_of
from fanlight.web.people import caller_of

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="An API token: `Authorization: Bearer fl_...`. Pages use their session cookie.",
)


async def _fanlight(request: Request) -> Fanlight:
    return fanlight_of(request)


async def _caller(request: Request) -> Actor:
    return await caller_of(request)


Use = Annotated[Fanlight, Depends(_fanlight)]
"""The use cases."""
Caller = Annotated[Actor, Depends(_caller)]
"""Who calls; strangers do not come this far."""

PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
Id = Annotated[str, Path(pattern=PATTERN)]
After = Annotated[
    str | None, Query(max_length=500, description="`next` of the page before this one.")
]
Limit = Annotated[int, Query(ge=1, le=500, description="Most items on the page.")]
