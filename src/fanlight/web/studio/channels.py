"""The channels: a card for each, its own page, and what can be done with it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from starlette.responses import Response

from fanlight.channels.health import Tone
from fanlight.errors import Conflict, FanlightError, Forbidden, Invalid
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.contents import contents_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render
from fanlight.web.studio.site import here_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.channels.state import State
    from fanlight.web.people import Visitor
    from fanlight.web.studio.trial import Tried


class Page(Protocol):
    """Shows the page where something was done, with a test or what went wrong."""

    async def __call__(
        self,
        request: Request,
        visitor: Visitor,
        *,
        tried: Tried | None = None,
        fault: Fault | None = None,
    ) -> Response:
        """The page."""
        ...


BADGES = {
    Tone.OK: "ok",
    Tone.WAITING: "waiting",
    Tone.WARN: "warn",
    Tone.BAD: "bad",
    Tone.OFF: "",
}
"""The badge's colour for each tone."""


async def show(request: Request, visitor: Visitor) -> Response:
    """One card for each channel. What costs nothing is looked at now, the rest was kept."""
    channels = fanlight_of(request).channels
    with suppress(Forbidden):  # who only looks registers nothing at services
        await channels.origins(visitor.actor, here_of(request))
    for one in await channels.all(visitor.actor):
        await channels.look(visitor.actor, one.id)
    return await cards_of(request, visitor)


async def cards_of(
    request: Request, visitor: Visitor, *, tried: Tried | None = None, fault: Fault | None = None
) -> Response:
    """All cards as they were last known, with what was just done."""
    states = await fanlight_of(request).channels.states(visitor.actor)
    return render(
        request,
        "channels.html",
        visitor,
        fault=fault,
        here="channels",
        states=states,
        badges=BADGES,
        tried=tried,
    )


async def show_one(request: Request, visitor: Visitor) -> Response:
    """All that is known of one channel, and all that can be done with it."""
    channels = fanlight_of(request).channels
    await channels.look(visitor.actor, channel_of(request))
    return await page_of(request, visitor)


async def page_of(request: Request, visitor: Visitor, **more: Any) -> Response:
    """The page of one channel, with what was just done."""
    fanlight = fanlight_of(request)
    state = await fanlight.channels.state(visitor.actor, channel_of(request))
    given = {"tried": None, "code": None, "fault": None, **more}
    return render(
        request,
        "channel.html",
        visitor,
        here="channels",
        state=state,
        badges=BADGES,
        contents=await contents_of(fanlight, state.channel.id) if state.connected else None,
        away_since=await fanlight.channels.connecting.away_since(state.channel.id),
        refusals=fanlight.channels.connecting.refusals(state.channel.provider),
        **given,  # pyright: ignore[reportArgumentType]
    )


def channel_of(request: Request) -> str:
    """The channel that an address names."""
    return str(request.path_params["channel_id"])


def home_of(state: State | str) -> str:
    """The address of a channel's page."""
    return f"/studio/channels/{state if isinstance(state, str) else state.channel.id}"


async def check(request: Request, visitor: Visitor) -> Response:
    """Diagnose it."""
    fields = await fields_of(request, visitor)
    await fanlight_of(request).channels.check(visitor.actor, channel_of(request))
    return go(_back(request, fields), said="channel-checked")


async def quota(request: Request, visitor: Visitor) -> Response:
    """Ask how much space there is."""
    fields = await fields_of(request, visitor)
    try:
        await fanlight_of(request).channels.quota(visitor.actor, channel_of(request))
    except FanlightError as error:
        return await page_for(fields)(request, visitor, fault=fault_of(error))
    return go(_back(request, fields), said="quota-asked")


async def switch(request: Request, visitor: Visitor) -> Response:
    """On or off."""
    fields = await fields_of(request, visitor)
    enabled = fields.get("enabled") == "yes"
    channels = fanlight_of(request).channels
    await channels.update(visitor.actor, channel_of(request), enabled=enabled)
    return go(_back(request, fields), said="channel-on" if enabled else "channel-off")


async def index(request: Request, visitor: Visitor) -> Response:
    """Have it read into the catalogue."""
    await fields_of(request, visitor)
    fanlight = fanlight_of(request)
    channel = await fanlight.channels.get(visitor.actor, channel_of(request))
    await fanlight.jobs.index_channel(channel.id)
    return go("/studio/jobs", said="indexing")


async def show_remove(request: Request, visitor: Visitor, fault: Fault | None = None) -> Response:
    """Say what happens, before it does."""
    fanlight, channel_id = fanlight_of(request), channel_of(request)
    state = await fanlight.channels.state(visitor.actor, channel_id)
    weight = await fanlight.library.weigh(visitor.actor, state.channel.id)
    return render(
        request,
        "channel-remove.html",
        visitor,
        fault=fault,
        here="channels",
        state=state,
        weight=weight,
    )


async def remove(request: Request, visitor: Visitor) -> Response:
    """Forget it, if no asset depends on it."""
    await fields_of(request, visitor)
    try:
        await fanlight_of(request).channels.remove(visitor.actor, channel_of(request))
    except Conflict as error:
        return await show_remove(request, visitor, fault_of(error))
    return go("/studio/channels", said="channel-removed")


async def forget(request: Request, visitor: Visitor) -> Response:
    """Forget it with the assets that are nowhere else, once its name was repeated."""
    fields = await fields_of(request, visitor)
    fanlight, channel_id = fanlight_of(request), channel_of(request)
    try:
        channel = await fanlight.library.may_forget(
            visitor.actor, channel_id, fields.get("name", "")
        )
    except Invalid as error:
        return await show_remove(request, visitor, fault_of(error))
    await fanlight.jobs.forget_channel(channel.id)
    return go("/studio/jobs", said="forgetting")


def page_for(fields: dict[str, str]) -> Page:
    """The page where the button was."""
    return cards_of if fields.get("from") == "all" else page_of


def _back(request: Request, fields: dict[str, str]) -> str:
    """Where the button was: among all channels, or on the channel's own page."""
    return "/studio/channels" if fields.get("from") == "all" else home_of(channel_of(request))
