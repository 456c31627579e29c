"""`POST /assets`: one original, as a form or as the body itself.

This is the byte path, so it is a plain route beside the framework's; `document` describes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError
from starlette.responses import JSONResponse

from fanlight.errors import FanlightError, Invalid
from fanlight.library import UploadRequest
from fanlight.model import Visibility
from fanlight.web.api.assets import asset_shape
from fanlight.web.api.shapes import Moment, Shape, UploadedAsset
from fanlight.web.door import fanlight_of, incoming_of
from fanlight.web.forms import Form
from fanlight.web.people import caller_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from fanlight.library import Uploaded
    from fanlight.model import Actor
    from fanlight.web.incoming import Incoming


class UploadOptions(Shape):
    """The query of an upload; a form may carry the same fields before its file."""

    name: str = Field("", max_length=4000, description="Its name; a form's filename if left out.")
    folder: str = Field("", max_length=4000, description="Empty: the directory part of the name.")
    naming: Literal["default", "index", "origin", "short"] | None = Field(
        None, description="How it is named in its link. Left out: as the settings say."
    )
    channel: str | None = Field(None, max_length=100, description="Id or name of a channel.")
    visibility: Visibility = Visibility.PUBLIC
    duplicates: Literal["store", "link"] | None = Field(
        None, description="Equal content: store it again, or link to what is stored."
    )
    expires_at: Moment | None = Field(None, description="When its links stop.")
    tags: str = Field("", max_length=4000, description="Parted by commas.")


async def upload_asset(request: Request) -> Response:
    """Store one original; 201 with the asset, and its address in Location."""
    incoming = incoming_of(request)
    try:
        actor = await caller_of(request)
        incoming.check()
        stored = await _store(request, actor, incoming)
    except FanlightError:
        await incoming.drain()
        raise
    shown = asset_shape(request, stored.asset)
    shown |= {"linked": stored.linked, "channel_id": stored.channel.id}
    answer = UploadedAsset.model_validate(shown).model_dump(mode="json")
    location = f"/api/v1/assets/{stored.asset.id}"
    return JSONResponse(answer, 201, headers={"Location": location})


async def _store(request: Request, actor: Actor, incoming: Incoming) -> Uploaded:
    library, query = fanlight_of(request).library, dict(request.query_params)
    content_type = request.headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/"):
        wish = _wish(query, None, content_type or None, incoming.length)
        return await library.upload(actor, wish, aiter(incoming))
    form = Form(incoming, content_type)
    part = await form.only()
    wish = _wish({**form.fields, **query}, part.name, part.media_type, None)
    return await library.upload(actor, wish, part.body)


def _wish(
    given: Mapping[str, str], name: str | None, media_type: str | None, size: int | None
) -> UploadRequest:
    try:
        options = UploadOptions.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise Invalid(
            f"The option {where} is not valid: {first['msg']}.", code="invalid.upload"
        ) from None
    return UploadRequest(
        name=options.name or name or "",
        folder=options.folder,
        naming=options.naming,
        channel=options.channel,
        media_type=media_type,
        size=size,
        visibility=options.visibility,
        duplicates=options.duplicates,
        expires_at=options.expires_at,
        tags=tuple(tag.strip() for tag in options.tags.split(",") if tag.strip()),
    )
