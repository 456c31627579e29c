"""Channels: list, add, change, remove, check, index."""

from __future__ import annotations

from fastapi import APIRouter

from fanlight.model import Scope
from fanlight.web.api import shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems

router = APIRouter(prefix="/channels", tags=["channels"])


@router.get("", responses=problems())
async def list_channels(use: Use, caller: Caller) -> shapes.Many[shapes.Channel]:
    """The channels one may use, oldest first."""
    channels = await use.channels.all(caller)
    return shapes.Many[shapes.Channel].model_validate({"items": channels})


@router.post("", status_code=201, responses=problems(404, 409))
async def add_channel(use: Use, caller: Caller, channel: shapes.NewChannel) -> shapes.Channel:
    """Add a channel. Check it afterwards: nothing is asked of the service yet."""
    added = await use.channels.add(
        caller,
        provider=channel.provider,
        name=channel.name,
        options=channel.options,
        root=channel.root,
        uploads=channel.uploads,
        note=channel.note,
    )
    return shapes.Channel.model_validate(added)


@router.get("/{id}", responses=problems(404))
async def get_channel(use: Use, caller: Caller, id: Id) -> shapes.Channel:  # noqa: A002
    """One channel."""
    return shapes.Channel.model_validate(await use.channels.get(caller, id))


@router.patch("/{id}", responses=problems(404, 409))
async def change_channel(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    change: shapes.ChannelChange,
) -> shapes.Channel:
    """Change what is given."""
    changed = await use.channels.update(caller, id, **change.model_dump(exclude_none=True))
    return shapes.Channel.model_validate(changed)


@router.delete("/{id}", status_code=204, responses=problems(404, 409))
async def remove_channel(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """Forget a channel that no asset depends on; what is stored in it stays."""
    await use.channels.remove(caller, id)


@router.post("/{id}/check", responses=problems(404, 409, 502))
async def check_channel(use: Use, caller: Caller, id: Id) -> shapes.Check:  # noqa: A002
    """Try it for real, and say what was found."""
    return shapes.Check.model_validate(await use.channels.check(caller, id))


@router.post("/{id}/index", status_code=202, responses=problems(404))
async def index_channel(use: Use, caller: Caller, id: Id) -> shapes.Job:  # noqa: A002
    """Have it read into the catalogue; the answer is the job that does it."""
    caller.require(Scope.MANAGE, channel_id=id)
    channel = await use.channels.get(caller, id)
    return shapes.Job.model_validate(await use.jobs.index_channel(channel.id))
