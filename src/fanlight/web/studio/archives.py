"""What is selected in the library as one ZIP. Asked by a script, answered in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from fanlight.errors import FanlightError
from fanlight.web.archives import described, plan_selection, prepared_selection
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of, problem, request_id
from fanlight.web.studio.forms import fields_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.web.people import Visitor


async def plan(request: Request, visitor: Visitor) -> Response:
    """Plan it: how many, how large, and where to have it."""
    try:
        fields = await fields_of(request, visitor)
        made = await plan_selection(
            fanlight_of(request),
            visitor.actor,
            fields.get("ids", "").split(),
            size=fields.get("size", "original"),
        )
    except FanlightError as error:
        return problem(fault_of(error), request_id(request))
    return JSONResponse(described(request, made))


async def show(request: Request, visitor: Visitor) -> Response:
    """How far it is; asking makes it go on."""
    del visitor
    try:
        made = await prepared_selection(fanlight_of(request), request.path_params["plan_id"])
    except FanlightError as error:
        return problem(fault_of(error), request_id(request))
    return JSONResponse(described(request, made))
