"""The templates of invitations: one that comes with each language, and any of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import FanlightError
from fanlight.notices.templates import PLACES, Template, usual
from fanlight.web.door import fanlight_of, origin_of
from fanlight.web.errors import fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.pages import go, render
from fanlight.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from fanlight.notices.letters import Letter
    from fanlight.web.errors import Fault
    from fanlight.web.people import Visitor

__all__ = ["PLACES", "keep", "remove", "show", "show_new", "show_one"]

PATH = "/studio/notices/invitations"


async def show(request: Request, visitor: Visitor) -> Response:
    """All of them."""
    found = await fanlight_of(request).notices.templates(visitor.actor)
    return render(
        request, "invitations.html", visitor, here="notices", templates=found, languages=LANGUAGES
    )


async def show_new(request: Request, visitor: Visitor) -> Response:
    """A form for one of one's own, which begins as a usual one."""
    language = request.query_params.get("language", "")
    begun = usual(language)
    return await _page(
        request, visitor, Template("", "", begun.language, begun.subject, begun.text)
    )


async def show_one(request: Request, visitor: Visitor) -> Response:
    """One, and what it becomes."""
    template_id = request.path_params["template_id"]
    return await _page(
        request, visitor, await fanlight_of(request).notices.template(visitor.actor, template_id)
    )


async def keep(request: Request, visitor: Visitor) -> Response:
    """Keep one, or show what it would become."""
    fields = await fields_of(request, visitor)
    given = _template(request.path_params.get("template_id", ""), fields)
    if fields.get("action") == "preview":
        return await _page(request, visitor, given)
    try:
        await fanlight_of(request).notices.keep_template(visitor.actor, given)
    except FanlightError as error:
        return await _page(request, visitor, given, fault_of(error))
    return go(PATH, said="template-saved")


async def remove(request: Request, visitor: Visitor) -> Response:
    """Throw one away, or have a usual one as it came."""
    await fields_of(request, visitor)
    template_id = request.path_params["template_id"]
    await fanlight_of(request).notices.remove_template(visitor.actor, template_id)
    return go(PATH, said="template-removed")


async def _page(
    request: Request, visitor: Visitor, template: Template, fault: Fault | None = None
) -> Response:
    notices = fanlight_of(request).notices
    written: Letter | None = None
    try:
        written = await notices.sample(visitor.actor, template, site=origin_of(request))
    except FanlightError as error:
        fault = fault or fault_of(error)
    return render(
        request,
        "invitation.html",
        visitor,
        fault=fault,
        here="notices",
        template=template,
        written=written,
        languages=LANGUAGES,
        places=PLACES,
    )


def _template(template_id: str, fields: Mapping[str, str]) -> Template:
    return Template(
        template_id,
        fields.get("name", ""),
        fields.get("language", template_id),
        fields.get("subject", ""),
        fields.get("text", ""),
    )
