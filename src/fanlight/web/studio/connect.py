"""Connecting an account: away to the service, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.model import Severity
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of
from fanlight.web.studio.channels import channel_of, home_of, page_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render
from fanlight.web.studio.site import here_of, redirect_uri

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.channels.connecting import Return
    from fanlight.web.people import Visitor


async def begin(request: Request, visitor: Visitor) -> Response:
    """Send the owner to the service; `by=code` lets them copy a code instead of coming back."""
    fields = await fields_of(request, visitor)
    channels, channel_id = fanlight_of(request).channels, channel_of(request)
    channel = await channels.get(visitor.actor, channel_id)
    by_code = fields.get("by") == "code"
    back = "" if by_code else redirect_uri(here_of(request), channel.provider)
    try:
        departure = await channels.connecting.begin(
            visitor.actor, channel_id, bound=visitor.secret, redirect_uri=back
        )
    except FanlightError as error:
        shown = (await channels.get(visitor.actor, channel_id)).findings
        told = any(one.code == error.public_code for one in shown)
        return await page_of(request, visitor, fault=None if told else fault_of(error))
    if by_code:
        return await page_of(request, visitor, code=departure)
    return await _away(request, visitor, departure.address)


async def _away(request: Request, visitor: Visitor, address: str) -> Response:
    """A page that leads on by itself: our forms may not be redirected to other sites."""
    state = await fanlight_of(request).channels.state(visitor.actor, channel_of(request))
    page = render(
        request, "connect-away.html", visitor, here="channels", state=state, address_there=address
    )
    page.headers["Refresh"] = f"0; url={address}"
    return page


async def come_back(request: Request, visitor: Visitor) -> Response:
    """The callback: whoever was connected is shown on the channel's page."""
    query = request.query_params
    error = query.get("error", "")
    if error and error != "access_denied":
        error = query.get("error_description", error)
    return await _finish(
        request, visitor, state=query.get("state", ""), code=query.get("code", ""), error=error
    )


async def take_code(request: Request, visitor: Visitor) -> Response:
    """A code that the service showed, pasted."""
    fields = await fields_of(request, visitor)
    return await _finish(
        request, visitor, state=fields.get("state", ""), code=fields.get("code", ""), error=""
    )


async def _finish(
    request: Request, visitor: Visitor, *, state: str, code: str, error: str
) -> Response:
    connecting = fanlight_of(request).channels.connecting
    try:
        back = await connecting.finish(
            visitor.actor, state=state, bound=visitor.secret, code=code, error=error
        )
    except FanlightError as failure:
        fault = fault_of(failure)
        return render(request, "connect-lost.html", visitor, fault=fault, here="channels")
    return await _home(request, visitor, back)


async def _home(request: Request, visitor: Visitor, back: Return) -> Response:
    """The channel's page: whoever was connected, and what is still to be mended."""
    channel = await fanlight_of(request).channels.get(visitor.actor, back.channel_id)
    said = "connected"
    if any(one.severity is Severity.PROBLEM for one in channel.findings):
        said = "" if back.finding else "connected-look"
    return go(home_of(back.channel_id), said=said)


async def take_token(request: Request, visitor: Visitor) -> Response:
    """A refresh token that the owner has from elsewhere."""
    fields = await fields_of(request, visitor)
    connecting = fanlight_of(request).channels.connecting
    back = await connecting.paste(
        visitor.actor, channel_of(request), fields.get("refresh_token", "")
    )
    return await _home(request, visitor, back)


async def hear(request: Request, visitor: Visitor) -> Response:
    """The service showed an error and sent nobody back: what it said, and what that means."""
    fields = await fields_of(request, visitor)
    back = await fanlight_of(request).channels.connecting.heard(
        visitor.actor, channel_of(request), fields.get("said", "")[:4000]
    )
    return go(home_of(back.channel_id))


async def disconnect(request: Request, visitor: Visitor) -> Response:
    """End the access, here and at the service."""
    await fields_of(request, visitor)
    channel_id = channel_of(request)
    done = await fanlight_of(request).channels.connecting.disconnect(visitor.actor, channel_id)
    return go(home_of(channel_id), said="disconnected" if done else "disconnected-here")
