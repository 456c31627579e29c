"""Notices: what the owner and viewers are told of, and whether mail works."""

from __future__ import annotations

from dataclasses import asdict, replace

from fastapi import APIRouter

from fanlight.app import Fanlight
from fanlight.notices.preferences import Preferences
from fanlight.web.api import notice_shapes as shapes
from fanlight.web.api.calling import Caller, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import given

router = APIRouter(prefix="/notices", tags=["notices"])


@router.get("", responses=problems())
async def get_notices(use: Use, caller: Caller) -> shapes.Notices:
    """What is told to whom. The mail server itself is set where the server is started."""
    return _notices(use, await use.notices.preferences(caller))


@router.patch("", responses=problems())
async def change_notices(use: Use, caller: Caller, change: shapes.NoticesChange) -> shapes.Notices:
    """Change what is given."""
    before = await use.notices.preferences(caller)
    fields = given(change)
    sets = {"tellings", "courtesies"} & fields.keys()
    fields |= {name: frozenset(fields[name]) for name in sets}
    return _notices(use, await use.notices.prefer(caller, replace(before, **fields)))


@router.post("/test", status_code=204, responses=problems(502))
async def send_test_mail(use: Use, caller: Caller, wish: shapes.TestMail) -> None:
    """Send a mail that says that mail works; failures say what the mail server said."""
    await use.notices.send_test(caller, wish.to)


def _notices(use: Fanlight, wanted: Preferences) -> shapes.Notices:
    mail = {
        "mail_server": use.notices.mail_server,
        "writes_to_viewers": use.notices.writes_to_viewers,
    }
    return shapes.Notices.model_validate(asdict(wanted) | mail)
