"""What is done to all that is selected in the library. Asked by a script, answered in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from fanlight.errors import FanlightError, Invalid
from fanlight.model import Visibility
from fanlight.web import words
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of, problem, request_id
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.tiles import tile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request

    from fanlight.library import Batch, Library
    from fanlight.model import Actor
    from fanlight.web.people import Visitor

    Action = Callable[[Library, Actor, Sequence[str], Mapping[str, str]], Awaitable[Batch]]


async def change(request: Request, visitor: Visitor) -> Response:
    """Do one thing to many assets, and say what became of each."""
    try:
        fields = await fields_of(request, visitor)
        action = ACTIONS.get(fields.get("action", ""))
        if action is None:
            raise Invalid("That cannot be done to many at once.", code="invalid.action")
        ids = fields.get("ids", "").split()
        library = fanlight_of(request).library
        batch = await action(library, visitor.actor, ids, fields)
        offsets = await library.offsets(batch.done)
    except FanlightError as error:
        return problem(fault_of(error), request_id(request))
    return JSONResponse(
        {
            "done": [tile(asset, offsets.get(asset.id)) for asset in batch.done],
            "refused": [_refusal(one.asset_id, one.error) for one in batch.refused],
        }
    )


def _refusal(asset_id: str, error: FanlightError) -> dict[str, str]:
    fault = fault_of(error)
    return {"id": asset_id, "message": fault.message, "remedy": fault.remedy}


async def _move(
    library: Library, actor: Actor, ids: Sequence[str], fields: Mapping[str, str]
) -> Batch:
    return await library.move_many(actor, ids, fields.get("folder", ""))


async def _tag(
    library: Library, actor: Actor, ids: Sequence[str], fields: Mapping[str, str]
) -> Batch:
    add, remove = (words.listed(fields.get(name, "")) for name in ("add", "remove"))
    return await library.tag_many(actor, ids, add=add, remove=remove)


async def _show(
    library: Library, actor: Actor, ids: Sequence[str], fields: Mapping[str, str]
) -> Batch:
    chosen = fields.get("visibility", "")
    if chosen not in set(Visibility):
        raise Invalid("Nobody can be chosen like that to see it.", code="invalid.visibility")
    return await library.show_many(actor, ids, Visibility(chosen))


ACTIONS: dict[str, Action] = {
    "move": _move,
    "tag": _tag,
    "show": _show,
    "delete": lambda library, actor, ids, _: library.delete_many(actor, ids),
    "restore": lambda library, actor, ids, _: library.restore_many(actor, ids),
    "purge": lambda library, actor, ids, _: library.purge_many(actor, ids),
}
