"""`POST /upload`: one form with one `file`, answered with `[{"src": "/file/..."}]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from fanlight.errors import FanlightError, Invalid, NotFound
from fanlight.library import UploadRequest
from fanlight.web.door import fanlight_of, incoming_of, origin_of
from fanlight.web.forms import Form
from fanlight.web.imgbed.proofs import uploader_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from fanlight.model import Actor, Asset
    from fanlight.web.forms import Part
    from fanlight.web.incoming import Incoming

NAMINGS = frozenset({"default", "index", "origin", "short"})


async def upload(request: Request) -> Response:
    """Store one upload and answer with its address, as the client's format asks."""
    incoming = incoming_of(request)
    try:
        actor = await uploader_of(request)
        incoming.check()
        asset = await _store(request, actor, incoming)
    except FanlightError as error:
        await incoming.drain()
        if isinstance(error, NotFound):  # no channel: clients know that as a 400
            raise Invalid(error.public_message, remedy=error.public_remedy) from None
        raise
    # written as clients know it: the alias as it is, not percent-encoded
    src = f"/file/{asset.alias}"
    if request.query_params.get("returnFormat") == "full":
        src = origin_of(request) + src
    return JSONResponse([{"src": src}])


async def _store(request: Request, actor: Actor, incoming: Incoming) -> Asset:
    form = Form(incoming, request.headers.get("content-type", ""))
    part = await form.only()
    given = {**form.fields, **request.query_params}
    wish = UploadRequest(
        name=_name(part),
        folder=given.get("uploadFolder", ""),
        naming=_naming(given.get("uploadNameType")),
        channel=await _channel(request, actor, given),
        media_type=part.media_type,
    )
    return (await fanlight_of(request).library.upload(actor, wish, part.body)).asset


def _name(part: Part) -> str:
    if not part.name and not part.media_type:
        raise Invalid(
            "Neither the name nor the type of the file is known.",
            remedy="Send the part named file with a filename.",
            code="invalid.nameless",
        )
    return part.name or ""


def _naming(wished: str | None) -> str | None:
    """The naming mode; one that nobody knows is as none, as clients expect."""
    return wished if wished in NAMINGS else None


async def _channel(request: Request, actor: Actor, given: dict[str, str]) -> str | None:
    """The channel by `channelName`, else by the kind in `uploadChannel`, else the default one.

    Most clients name a kind of storage that is not here, so an unknown value is no error.
    """
    name, kind = given.get("channelName"), given.get("uploadChannel")
    if not name and not kind:
        return None
    channels = await fanlight_of(request).channels.all(actor)
    ready = [channel for channel in channels if channel.enabled and channel.uploads]
    by_name = (channel.id for channel in ready if channel.name == name)
    by_kind = (channel.id for channel in ready if channel.provider == kind)
    return next(by_name, None) or next(by_kind, None)
