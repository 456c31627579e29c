"""The upload page: a form that takes any number of originals, and the links that came of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from fanlight.delivery.addresses import stable
from fanlight.errors import BadBody, FanlightError, NotFound
from fanlight.library import UploadRequest
from fanlight.web import words
from fanlight.web.door import UNLIMITED, fanlight_of, incoming_of, origin_of
from fanlight.web.errors import Fault, fault_of
from fanlight.web.forms import Form
from fanlight.web.studio.pages import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from fanlight.model import Asset
    from fanlight.web.forms import Part
    from fanlight.web.people import Visitor

NAMINGS = (
    ("", "As the settings say"),
    ("origin", "Its own name"),
    ("default", "Time and its own name"),
    ("short", "Eight letters"),
    ("index", "A number"),
)
CHOSEN = ("channel", "folder", "naming")
SHOWN = 200
"""Uploads whose links one page shows."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An upload that did not succeed."""

    name: str
    fault: Fault


@dataclass(slots=True)
class Batch:
    """What became of one form."""

    done: list[Asset] = field(default_factory=list["Asset"])
    failed: list[Failed] = field(default_factory=list[Failed])

    @property
    def empty(self) -> bool:
        """Whether nothing has come yet."""
        return not self.done and not self.failed


async def show(request: Request, visitor: Visitor) -> Response:
    """The form; after an upload, with the links."""
    batch = Batch()
    for asset_id in request.query_params.get("done", "").split(",")[:SHOWN]:
        try:
            if asset_id:
                batch.done.append(await fanlight_of(request).library.get(visitor.actor, asset_id))
        except NotFound:
            continue  # deleted since: the page may be opened again at any time
    return await _page(request, visitor, batch, request.query_params)


async def send(request: Request, visitor: Visitor) -> Response:
    """Store each part named `file` in turn, as it comes."""
    incoming, batch = incoming_of(request, limit=UNLIMITED), Batch()
    try:
        incoming.check()
        form = Form(incoming, request.headers.get("content-type", ""))
    except FanlightError:
        await incoming.drain()
        raise
    try:
        await _take(request, visitor, form, batch)
    except FanlightError as error:
        await incoming.drain()
        if not batch.done:
            raise
        batch.failed.append(Failed("The rest of the form", fault_of(error)))
    if batch.failed:
        return await _page(request, visitor, batch, form.fields)
    kept = {key: form.fields[key] for key in CHOSEN if form.fields.get(key)}
    ids = ",".join(asset.id for asset in batch.done[-SHOWN:])
    return RedirectResponse(f"/studio/upload?{urlencode({'done': ids} | kept, safe=',')}", 303)


async def _take(request: Request, visitor: Visitor, form: Form, batch: Batch) -> None:
    accounts = fanlight_of(request).accounts
    checked = False
    while part := await form.next_part():
        if not checked:
            accounts.check_csrf(visitor.secret, form.fields.get("csrf", ""))
            checked = True
        if part.field == "file":
            await _store(request, visitor, form, part, batch)
    if batch.empty:
        raise BadBody("Nothing was chosen.", remedy="Choose at least one photo.")


async def _store(request: Request, visitor: Visitor, form: Form, part: Part, batch: Batch) -> None:
    fields = form.fields
    wish = UploadRequest(
        name=part.name or "",
        folder=fields.get("folder", ""),
        naming=fields.get("naming") or None,
        channel=fields.get("channel") or None,
        media_type=part.media_type,
    )
    try:
        stored = await fanlight_of(request).library.upload(visitor.actor, wish, part.body)
    except FanlightError as error:
        if form.broken:
            raise
        batch.failed.append(Failed(part.name or "Without a name", fault_of(error)))
    else:
        batch.done.append(stored.asset)


def island(limit: int) -> dict[str, Any]:
    """What the page's script must know: how links are written, and the largest upload."""
    formats = words.LINK_FORMATS
    return {
        "formats": formats,
        "formats_json": json.dumps([asdict(one) for one in formats]),
        "presets": words.LINK_PRESETS,
        "limit": limit,
    }


async def _page(
    request: Request, visitor: Visitor, batch: Batch, given: Mapping[str, str]
) -> Response:
    fanlight, origin = fanlight_of(request), origin_of(request)
    channels = await fanlight.channels.all(visitor.actor)
    ready = [channel for channel in channels if channel.enabled and channel.uploads]
    wanted = request.query_params.get("format", "url")

    def written(asset: Asset) -> str:
        forms = words.link_forms(asset, origin + stable(asset))
        return next((form.text for form in forms if form.key == wanted), forms[0].text)

    failed_whole = batch.failed and not batch.done
    return render(
        request,
        "upload.html",
        visitor,
        status=batch.failed[0].fault.status if failed_whole else 200,
        here="upload",
        channels=ready,
        folders=await fanlight.library.folders(visitor.actor),
        chosen={key: given.get(key, "") for key in CHOSEN},
        namings=NAMINGS,
        done=batch.done,
        failures=batch.failed,
        format=wanted,
        written=written,
        **island(fanlight.settings.max_upload),
    )
