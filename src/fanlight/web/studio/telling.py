"""The notices page: whom the owner wants told of what, by mail and by webhook."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.gallery_model import Courtesy, Telling
from fanlight.notices.preferences import Preferences
from fanlight.web.door import fanlight_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from fanlight.gallery_model import Webhook
    from fanlight.web.people import Visitor

PATH = "/studio/notices"
TELLINGS = (
    (Telling.SUBMITTED, "Picks were sent", "A viewer has finished choosing"),
    (Telling.COMMENTED, "Somebody commented", "On a photo of a gallery"),
    (Telling.FIRST_VIEW, "A gallery was opened", "For the first time"),
    (Telling.CLOSING, "A gallery closes soon", "Some days before it does"),
)

COURTESIES = (
    (Courtesy.ANSWER, "You answer their comment", "With your words"),
    (Courtesy.RECEIPT, "Their picks have arrived", "How many, and that the list is locked"),
    (Courtesy.CLOSING, "The gallery closes soon", "When you are told, too"),
)


async def show(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    given: Mapping[str, str] | None = None,
    at: str = "",
    made: Webhook | None = None,
) -> Response:
    """Mail, what is told to whom, and webhooks.

    What is wrong, and what was `given`, stand `at` the form that was sent: `"mail"` for a test,
    `"told"`, `"webhook"` for a new one, or the id of one that is changed.
    """
    notices = fanlight_of(request).notices
    typed = defaultdict(str, given or {})
    wanted = await notices.preferences(visitor.actor)
    return render(
        request,
        "notices.html",
        visitor,
        fault=fault,
        at=at,
        here="notices",
        given=typed,
        wanted=_preferences(typed) if at == "told" else wanted,
        days=typed["days"] if at == "told" else str(wanted.days),
        ticked=_ticked(typed),
        webhooks=await notices.webhooks(visitor.actor),
        deliveries=await notices.deliveries(visitor.actor),
        mail_server=notices.mail_server,
        tellings=TELLINGS,
        courtesies=COURTESIES,
        writes=notices.writes_to_viewers,
        made=made,
    )


async def prefer(request: Request, visitor: Visitor) -> Response:
    """Keep what is to be told."""
    fields = await fields_of(request, visitor)
    try:
        await fanlight_of(request).notices.prefer(visitor.actor, _preferences(fields))
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), fields, "told")
    return go(PATH, said="notices-saved")


async def send_test(request: Request, visitor: Visitor) -> Response:
    """Send a mail that says that mail works."""
    fields = await fields_of(request, visitor)
    try:
        await fanlight_of(request).notices.send_test(visitor.actor, fields.get("test_to", ""))
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), fields, "mail")
    return go(PATH, said="mail-sent")


async def add(request: Request, visitor: Visitor) -> Response:
    """Make a webhook, and show its secret."""
    fields = await fields_of(request, visitor)
    notices = fanlight_of(request).notices
    try:
        made = await notices.add_webhook(visitor.actor, fields.get("url", ""), _ticked(fields))
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), fields, "webhook")
    return await show(request, visitor, made=made)


async def change(request: Request, visitor: Visitor) -> Response:
    """Have another address called, or of other things; the secret stays."""
    fields = await fields_of(request, visitor)
    notices, webhook_id = fanlight_of(request).notices, request.path_params["webhook_id"]
    try:
        await notices.change_webhook(
            visitor.actor, webhook_id, url=fields.get("url", ""), tellings=_ticked(fields)
        )
    except FanlightError as error:
        return await show(request, visitor, fault_of(error), fields, webhook_id)
    return go(PATH, said="webhook-changed")


async def switch(request: Request, visitor: Visitor) -> Response:
    """Switch one on or off."""
    fields = await fields_of(request, visitor)
    enabled = fields.get("enabled") == "yes"
    await fanlight_of(request).notices.change_webhook(
        visitor.actor, request.path_params["webhook_id"], enabled=enabled
    )
    return go(PATH, said="webhook-changed")


async def attempt(request: Request, visitor: Visitor) -> Response:
    """Call one now."""
    await fields_of(request, visitor)
    webhook_id = request.path_params["webhook_id"]
    try:
        await fanlight_of(request).notices.try_webhook(visitor.actor, webhook_id)
    except FanlightError as error:
        return await show(request, visitor, fault_of(error))
    return go(PATH, said="webhook-called")


async def remove(request: Request, visitor: Visitor) -> Response:
    """Call one no more."""
    await fields_of(request, visitor)
    notices = fanlight_of(request).notices
    await notices.remove_webhook(visitor.actor, request.path_params["webhook_id"])
    return go(PATH, said="webhook-removed")


def _preferences(fields: Mapping[str, str]) -> Preferences:
    days = fields.get("days", "")
    return Preferences(
        to=fields.get("to", ""),
        tellings=_ticked(fields),
        days=int(days) if days.isdecimal() and len(days) < 4 else 0,
        courtesies=frozenset(
            one for one in Courtesy if fields.get(f"courtesy.{one.value}") == "yes"
        ),
    )


def _ticked(fields: Mapping[str, str]) -> frozenset[Telling]:
    return frozenset(one for one in Telling if fields.get(f"telling.{one.value}") == "yes")
