"""A new gallery: walk through an account, choose folders, give it a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from fanlight.errors import FanlightError
from fanlight.galleries.making import Draft
from fanlight.galleries.slugs import slug_of, suggested
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.galleries import about, gallery_of, home_of
from fanlight.web.studio.gallery_fields import day
from fanlight.web.studio.library import crumbs
from fanlight.web.studio.pages import go, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from fanlight.galleries.folders import FolderView
    from fanlight.model import Channel
    from fanlight.web.errors import Fault
    from fanlight.web.people import Visitor

KEPT, BELIEVED = 86_400, 60
"""Seconds for which a browser keeps the cover of a folder: one whose photo the address names, and
one that may be another the next time."""
NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
"""In place of a cover: a page would show that a picture is broken, where its folder stands."""


async def show_new(request: Request, visitor: Visitor) -> Response:
    """Folders to choose from; once some are chosen, the name they suggest."""
    asked = request.query_params
    folders = chosen(asked)
    if folders:
        return await _name(request, visitor, asked["channel"], folders, {})
    gallery = asked.get("gallery")
    if gallery is not None:
        found = await fanlight_of(request).galleries.get(visitor.actor, gallery)
        return await browse(request, visitor, **about(request, found))
    return await browse(request, visitor, here="galleries", gallery=None)


async def browse(request: Request, visitor: Visitor, **more: object) -> Response:
    """The folders of one channel, as they are now."""
    fanlight, asked = fanlight_of(request), request.query_params
    channels = [one for one in await fanlight.channels.all(visitor.actor) if one.enabled]
    channel = _one_of(channels, asked.get("channel"))
    view: FolderView | None = None
    fault: Fault | None = None
    if channel is not None:
        try:
            view = await fanlight.galleries.folders(
                visitor.actor, channel.id, asked.get("path", ""), anew=asked.get("anew") == "1"
            )
        except FanlightError as error:
            fault = fault_of(error)
    return render(
        request,
        "gallery-folders.html",
        visitor,
        fault=fault,
        channels=channels,
        channel=channel,
        view=view,
        crumbs=crumbs(view.path if view else ""),
        **more,  # pyright: ignore[reportArgumentType]
    )


async def cover(request: Request, visitor: Visitor) -> Response:
    """A small picture of what is in a folder; where there is none, nothing is drawn."""
    asked = request.query_params
    try:
        picture = await fanlight_of(request).covers.of_folder(
            visitor.actor,
            str(request.path_params["channel_id"]),
            asked.get("path", ""),
            request.headers.get("accept", "").encode("latin-1"),
        )
    except FanlightError as error:
        fault = fault_of(error)
        headers = {**(fault.headers or {}), "cache-control": "no-store"}
        return Response(NOTHING, fault.status, headers, "image/svg+xml")
    kept = KEPT if asked.get("v") else BELIEVED
    headers = {"cache-control": f"private, max-age={kept}", "vary": "Accept"}
    return Response(picture.data, media_type=picture.media_type, headers=headers)


def _one_of(channels: Sequence[Channel], wanted: str | None) -> Channel | None:
    for one in channels:
        if wanted in (None, one.id):
            return one
    return channels[0] if channels else None


def chosen(fields: Mapping[str, str]) -> tuple[str, ...]:
    """The folders that were ticked, or whose button was pressed."""
    if "here" in fields:
        return (fields["here"],)
    return tuple(
        dict.fromkeys(value for name, value in fields.items() if name.startswith("chosen."))
    )


async def _name(
    request: Request,
    visitor: Visitor,
    channel_id: str,
    folders: Sequence[str],
    given: Mapping[str, str],
    fault: Fault | None = None,
) -> Response:
    channel = await fanlight_of(request).channels.get(visitor.actor, channel_id)
    parent = folders[0].rpartition("/")[0] if len(folders) > 1 else folders[0]
    title, held_on = suggested(parent or channel.name)
    values = {
        "title": title,
        "held_on": held_on.isoformat() if held_on else "",
        "slug": slug_of(title),
        "sections": "yes",
    }
    return render(
        request,
        "gallery-name.html",
        visitor,
        fault=fault,
        here="galleries",
        channel=channel,
        folders=folders,
        value={name: given.get(name, value) for name, value in values.items()},
    )


async def make(request: Request, visitor: Visitor) -> Response:
    """Make it, and have its folders read."""
    fields = await fields_of(request, visitor)
    fanlight, folders = fanlight_of(request), chosen(fields)
    channel = fields.get("channel", "")
    try:
        gallery = await fanlight.galleries.create(
            visitor.actor,
            Draft(
                fields.get("title", ""),
                slug=fields.get("slug", "").strip() or None,
                held_on=day(fields.get("held_on", "")),
            ),
        )
    except FanlightError as error:
        return await _name(request, visitor, channel, folders, fields, fault_of(error))
    await _fill(request, visitor, gallery.id, channel, folders, fields)
    return go(home_of(gallery), said="gallery-made")


async def add(request: Request, visitor: Visitor) -> Response:
    """Fill a gallery from more folders."""
    fields = await fields_of(request, visitor)
    gallery = await fanlight_of(request).galleries.get(visitor.actor, gallery_of(request))
    folders = chosen(fields)
    await _fill(request, visitor, gallery.id, fields.get("channel", ""), folders, fields)
    return go(f"{home_of(gallery)}/folders", said="gallery-filled" if folders else "")


async def _fill(
    request: Request,
    visitor: Visitor,
    gallery_id: str,
    channel_id: str,
    folders: Sequence[str],
    fields: Mapping[str, str],
) -> None:
    fanlight, sections = fanlight_of(request), fields.get("sections", "yes") == "yes"
    for folder in folders:
        await fanlight.galleries.add_source(
            visitor.actor, gallery_id, channel_id, folder, sections=sections
        )
    if folders:
        await fanlight.jobs.fill_gallery(gallery_id)
