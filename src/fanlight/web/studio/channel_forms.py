"""Adding a channel and changing one: the way through a service's console, and the form."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.model import Passing
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.channels import channel_of, home_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render
from fanlight.web.studio.site import here_of, redirect_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from fanlight.web.people import Visitor

OPTION = "option."


@dataclass(frozen=True, slots=True)
class Site:
    """What to register at a service, so that it can send the owner back."""

    redirect: str
    others: tuple[str, ...]
    can_return: bool
    """Whether services would send anybody back to the address in use."""


async def show_new(request: Request, visitor: Visitor) -> Response:
    """Choose a kind of storage, or be led through adding one of that kind."""
    return await _new(request, visitor, request.query_params)


async def add(request: Request, visitor: Visitor) -> Response:
    """Add it, look at it, and go to its page: there it is connected."""
    fields = await fields_of(request, visitor)
    channels = fanlight_of(request).channels
    try:
        channel = await channels.add(
            visitor.actor,
            provider=fields.get("provider", ""),
            name=fields.get("name", ""),
            options=_options(fields),
            root=fields.get("root", ""),
            uploads=fields.get("uploads") == "yes",
            note=fields.get("note", ""),
        )
    except FanlightError as error:
        return await _new(request, visitor, {"uploads": "no", **fields}, fault_of(error))
    await channels.check(visitor.actor, channel.id)
    if channels.authorities.declared(channel.provider) is None:
        return go("/studio/channels", said="channel-added")
    return go(home_of(channel.id), said="channel-saved")


async def show_edit(request: Request, visitor: Visitor) -> Response:
    """The form of a channel that is there."""
    return await _edit(request, visitor, {})


async def change(request: Request, visitor: Visitor) -> Response:
    """Change it; a secret left empty stays as it is."""
    fields = await fields_of(request, visitor)
    channels, channel_id = fanlight_of(request).channels, channel_of(request)
    try:
        await channels.update(
            visitor.actor,
            channel_id,
            name=fields.get("name", ""),
            uploads=fields.get("uploads") == "yes",
            note=fields.get("note", ""),
            root=fields.get("root", ""),
            options=_options(fields),
            delivery=_delivery(fields),
        )
    except FanlightError as error:
        return await _edit(request, visitor, {"uploads": "no", **fields}, fault_of(error))
    await channels.check(visitor.actor, channel_id)
    return go(home_of(channel_id), said="channel-changed")


def _delivery(fields: Mapping[str, str]) -> Passing | None:
    """How originals get to viewers; `None` where the form has no such choice."""
    with suppress(ValueError):
        return Passing(fields.get("delivery", ""))
    return None


def _options(fields: Mapping[str, str]) -> dict[str, str]:
    return {
        key.removeprefix(OPTION): value for key, value in fields.items() if key.startswith(OPTION)
    }


async def _new(
    request: Request, visitor: Visitor, given: Mapping[str, str], fault: Fault | None = None
) -> Response:
    channels = fanlight_of(request).channels
    kinds, wanted = channels.providers(), given.get("provider", "")
    provider = next((one for one in kinds if one.name == wanted), None)
    if provider is None:
        return render(
            request, "channel-kinds.html", visitor, fault=fault, here="channels", kinds=kinds
        )
    storing = given.get("uploads", given.get("for", "yes")) not in ("no", "reading")
    declared = channels.authorities.declared(provider.name)
    advised = declared.root if declared and storing else ""
    return render(
        request,
        "channel-new.html",
        visitor,
        fault=fault,
        here="channels",
        provider=provider,
        declared=declared,
        storing=storing,
        options=channels.provider_options(provider.name),
        value=_value_of({"root": advised, **given}),
        filled=False,
        site=await _site(request, visitor, provider.name),
    )


async def _edit(
    request: Request, visitor: Visitor, given: Mapping[str, str], fault: Fault | None = None
) -> Response:
    channels = fanlight_of(request).channels
    state = await channels.state(visitor.actor, channel_of(request))
    one = state.channel
    known = {"name": one.name, "root": one.root, "note": one.note, "delivery": one.delivery.value}
    known |= {f"{OPTION}{name}": value for name, value in state.options.items()}
    return render(
        request,
        "channel-edit.html",
        visitor,
        fault=fault,
        here="channels",
        state=state,
        declared=channels.authorities.declared(one.provider),
        storing=given.get("uploads", "yes" if one.uploads else "no") == "yes",
        options=channels.provider_options(one.provider),
        deliveries=await channels.deliveries(visitor.actor, one.id),
        value=_value_of({**known, **given}),
        filled=True,
    )


async def _site(request: Request, visitor: Visitor, provider: str) -> Site:
    """The redirect URI of the address in use, and those of every other one that is known."""
    fanlight, here = fanlight_of(request), here_of(request)
    known = [fanlight.settings.public_url, *await fanlight.channels.origins(visitor.actor, here)]
    others = dict.fromkeys(one for one in known if one and one != here)
    return Site(
        redirect_uri(here, provider),
        tuple(redirect_uri(one, provider) for one in others),
        can_return=here.startswith("https://") or _is_localhost(here),
    )


def _is_localhost(origin: str) -> bool:
    return origin.startswith(("http://localhost", "http://127.0.0.1"))


def _value_of(given: Mapping[str, str]) -> Callable[[str], str]:
    def value(key: str) -> str:
        return given.get(key, "")

    return value
