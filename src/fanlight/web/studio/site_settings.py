"""The site's page: what it is called, how who runs it is reached, and their time zone."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.site import LONGEST_NAME
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from fanlight.web.people import Visitor

PATH = "/studio/site"
FIELDS = ("name", "contact", "zone")


async def show(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    """Its name, contact and time zone, each with what it is for."""
    known = await fanlight_of(request).site.get()
    kept = {name: getattr(known, name) for name in FIELDS}
    return render(
        request,
        "site.html",
        visitor,
        fault=fault,
        here="site",
        value=kept if given is None else {name: given.get(name, "") for name in kept},
        longest=LONGEST_NAME,
        regions=regions(),
    )


async def save(request: Request, visitor: Visitor) -> Response:
    """Keep them."""
    fields = await fields_of(request, visitor)
    try:
        await fanlight_of(request).site.change(
            visitor.actor, **{name: fields.get(name, "") for name in FIELDS}
        )
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), fields)
    return go(PATH, said="site-saved")


@cache
def regions() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Time zones as people look for them, by region; other spellings of the same are left out."""
    places = sorted(one for one in available_timezones() if one.partition("/")[0] in _REGIONS)
    return tuple(
        (region, tuple(found)) for region, found in groupby(places, lambda one: one.split("/")[0])
    )


_REGIONS = frozenset(
    {
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    }
)
