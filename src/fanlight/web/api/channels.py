"""Channels: list, add, change, remove, look into, check, connect, index."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from fanlight.app import Fanlight
from fanlight.model import Actor, Scope
from fanlight.web.api import shapes
from fanlight.web.api.assets import asset_shape
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.gallery_shapes import FolderView

router = APIRouter(prefix="/channels", tags=["channels"])


@router.get("", responses=problems())
async def list_channels(use: Use, caller: Caller) -> shapes.Many[shapes.Channel]:
    """The channels one may use, oldest first."""
    channels = await use.channels.all(caller)
    return shapes.Many[shapes.Channel].of(channels)


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
        found=channel.found,
        delivery=channel.delivery,
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
    """Forget a channel that no asset and no gallery depends on; what is stored in it stays."""
    await use.channels.remove(caller, id)


@router.get("/{id}/folders", responses=problems(404, 409, 502))
async def list_channel_folders(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    path: Annotated[str, Query(max_length=2000, description="Empty: the channel's root.")] = "",
    anew: Annotated[bool, Query(description="As it is in this moment.")] = False,
) -> FolderView:
    """A folder, asked of the service: the folders in it, with counts where that was quick."""
    return FolderView.model_validate(await use.galleries.folders(caller, id, path, anew=anew))


@router.get("/{id}/weight", responses=problems(404))
async def weigh_channel(use: Use, caller: Caller, id: Id) -> shapes.Weight:  # noqa: A002
    """What would go with the channel: assets that are nowhere else, and those that would stay."""
    return shapes.Weight.model_validate(await use.library.weigh(caller, id))


@router.post("/{id}/forget", status_code=202, responses=problems(400, 404))
async def forget_channel(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    confirmation: shapes.Confirmation,
) -> shapes.Job:
    """Forget a channel with the assets that are nowhere else; what is stored in it stays.

    Their links stop working. The answer is the job that does it.
    """
    channel = await use.library.may_forget(caller, id, confirmation.name)
    return shapes.Job.model_validate(await use.jobs.forget_channel(channel.id))


@router.post("/{id}/check", responses=problems(404, 409, 502))
async def check_channel(use: Use, caller: Caller, id: Id) -> shapes.Check:  # noqa: A002
    """Try it for real, and say what was found."""
    return shapes.Check.model_validate(await use.channels.check(caller, id))


@router.post("/{id}/test", responses=problems(404))
async def test_channel(use: Use, caller: Caller, id: Id) -> shapes.Trial:  # noqa: A002
    """Store a small picture, read it back by its link, remove it; each step as it went."""
    steps = await use.trial.run(caller, id)
    taken = [shapes.TrialStep.model_validate(step) for step in steps]
    return shapes.Trial(ok=all(step.ok for step in steps), steps=taken)


@router.post("/{id}/quota", responses=problems(404, 409, 502, 503))
async def ask_quota(use: Use, caller: Caller, id: Id) -> shapes.Quota:  # noqa: A002
    """Ask how much space there is."""
    return shapes.Quota.model_validate(await use.channels.quota(caller, id))


@router.post("/{id}/connect", responses=problems(404, 409, 503))
async def begin_connecting(use: Use, caller: Caller, id: Id) -> shapes.Departure:  # noqa: A002
    """Begin to connect its account: the owner opens the address, allows it, and copies a code."""
    begun = await use.channels.connecting.begin(caller, id, bound=_bound(caller))
    return shapes.Departure.model_validate(begun)


@router.post("/{id}/connect/finish", responses=problems(404, 409, 410))
async def finish_connecting(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    arrival: shapes.Arrival,
) -> shapes.Check:
    """Bring the code. What went wrong, if anything, is among the findings."""
    await use.channels.get(caller, id)
    back = await use.channels.connecting.finish(
        caller, state=arrival.state, bound=_bound(caller), code=arrival.code
    )
    return await _found(use, caller, back.channel_id)


@router.post("/{id}/connect/token", responses=problems(404, 409))
async def connect_by_token(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    token: shapes.RefreshToken,
) -> shapes.Check:
    """Connect by a refresh token from elsewhere. It is tried at once."""
    back = await use.channels.connecting.paste(caller, id, token.refresh_token)
    return await _found(use, caller, back.channel_id)


@router.post("/{id}/connect/heard", responses=problems(404, 409))
async def explain_refusal(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    heard: shapes.Heard,
) -> shapes.Check:
    """Bring what the service's own page said, where it sent nobody back; what it means."""
    back = await use.channels.connecting.heard(caller, id, heard.said)
    return await _found(use, caller, back.channel_id)


@router.post("/{id}/disconnect", status_code=204, responses=problems(404, 409))
async def disconnect_channel(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """End the access to its account, here and at the service."""
    await use.channels.connecting.disconnect(caller, id)


def _bound(caller: Actor) -> str:
    return f"api {caller.user_id or ''} {caller.name}"


async def _found(use: Fanlight, caller: Actor, channel_id: str) -> shapes.Check:
    """What was found when the account was connected."""
    state = await use.channels.state(caller, channel_id)
    who = state.account
    return shapes.Check(
        account=(who.email or who.name) if who else "",
        writable=state.health.word in ("Healthy", "Look here") and state.channel.uploads,
        findings=[shapes.Finding.model_validate(one) for one in state.channel.findings],
    )


@router.post("/{id}/index", status_code=202, responses=problems(404))
async def index_channel(use: Use, caller: Caller, id: Id) -> shapes.Job:  # noqa: A002
    """Have it read into the catalogue; the answer is the job that does it."""
    caller.require(Scope.MANAGE, channel_id=id)
    channel = await use.channels.get(caller, id)
    return shapes.Job.model_validate(await use.jobs.index_channel(channel.id))


@router.post("/{id}/publish", responses=problems(404, 409, 502))
async def publish_object(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.ObjectPath,
) -> shapes.Asset:
    """Make public what lies at a path, also if it was not indexed yet; the answer has its link."""
    asset = await use.library.publish_object(caller, id, wish.path)
    return shapes.Asset.model_validate(asset_shape(request, asset))
