"""The site as a whole: what it is called, how its owner is reached, and whose clock it goes by."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from fanlight.web.api.calling import Caller, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import Shape, example

router = APIRouter(prefix="/site", tags=["site"])


class Site(Shape):
    """What visitors read of who it is from, and a time zone of the IANA database.

    `contact` is an address of mail or of a page, where who cannot come in may ask.
    """

    name: str
    zone: str
    contact: str


class SiteChange(Shape):
    """What is to be changed; what is left out stays. What is empty is not shown."""

    model_config = example(name="Lake Studio", zone="Europe/Berlin", contact="hello@lake.example")

    name: Annotated[str | None, Field(max_length=100)] = None
    zone: Annotated[str | None, Field(max_length=64)] = None
    contact: Annotated[str | None, Field(max_length=2000)] = None


@router.get("", responses=problems())
async def get_site(use: Use, caller: Caller) -> Site:
    """What is said of the site."""
    del caller  # everybody who is known may read what visitors read
    return Site.model_validate(await use.site.get())


@router.patch("", responses=problems())
async def change_site(use: Use, caller: Caller, change: SiteChange) -> Site:
    """Change what is given."""
    changed = await use.site.change(
        caller, name=change.name, zone=change.zone, contact=change.contact
    )
    return Site.model_validate(changed)
