"""Invitations: a share link by mail, and the templates of what it says."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request

from fanlight.app import Fanlight
from fanlight.model import Actor
from fanlight.notices import invitations, templates
from fanlight.web.api import share_shapes as shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import Many, given
from fanlight.web.door import origin_of

router = APIRouter(tags=["invitations"])


@router.post("/share-links/{id}/invite", status_code=204, responses=problems(404, 409, 429, 502))
async def send_invitation(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.Invitation,
) -> None:
    """Send a share link to somebody by mail. The answer comes when the mail server has taken it."""
    invitation = await _invitation(use, caller, id, wish)
    await use.notices.invite(caller, id, wish.to, invitation, site=origin_of(request))


@router.post("/share-links/{id}/invite/preview", responses=problems(404, 409, 429))
async def preview_invitation(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.Invitation,
) -> shapes.Letter:
    """What would be sent. Nothing is."""
    invitation = await _invitation(use, caller, id, wish)
    letter = await use.notices.written(caller, id, invitation, site=origin_of(request))
    return shapes.Letter(subject=letter.subject, text=letter.text)


async def _invitation(
    use: Fanlight, caller: Actor, link_id: str, wish: shapes.Invitation
) -> invitations.Invitation:
    draft = await use.notices.draft(caller, link_id, wish.template)
    fields = given(wish)
    words = {name: fields[name] for name in ("client", "subject", "text") if name in fields}
    return replace(draft, password=wish.password, **words)


# --- templates ------------------------------------------------------------------------------------


@router.get("/templates", responses=problems())
async def list_templates(use: Use, caller: Caller) -> Many[shapes.Template]:
    """The usual one of each language, then one's own by name."""
    found = await use.notices.templates(caller)
    return Many[shapes.Template].of(found)


@router.post("/templates", status_code=201, responses=problems(409))
async def make_template(use: Use, caller: Caller, wish: shapes.NewTemplate) -> shapes.Template:
    """Keep words of one's own to invite by."""
    made = await use.notices.keep_template(caller, templates.Template(id="", **dict(wish)))
    return shapes.Template.model_validate(made)


@router.get("/templates/{id}", responses=problems(404))
async def get_template(use: Use, caller: Caller, id: Id) -> shapes.Template:  # noqa: A002
    """One template."""
    return shapes.Template.model_validate(await use.notices.template(caller, id))


@router.patch("/templates/{id}", responses=problems(404, 409))
async def change_template(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    change: shapes.TemplateChange,
) -> shapes.Template:
    """Change what is given."""
    before = await use.notices.template(caller, id)
    kept = await use.notices.keep_template(caller, replace(before, **given(change)))
    return shapes.Template.model_validate(kept)


@router.delete("/templates/{id}", status_code=204, responses=problems(404))
async def remove_template(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """Throw one away; a usual one is again as it came."""
    await use.notices.remove_template(caller, id)
