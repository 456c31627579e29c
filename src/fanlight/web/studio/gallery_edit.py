"""A gallery's own pages: what it is about, its look, who comes in, its sections and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from fanlight.errors import FanlightError, concerning
from fanlight.web.door import fanlight_of
from fanlight.web.errors import fault_of
from fanlight.web.studio import gallery_fields as known
from fanlight.web.studio.forms import fields_of
from fanlight.web.studio.galleries import about, filling, gallery_of, home_of
from fanlight.web.studio.moments import clock_of
from fanlight.web.studio.pages import go, render
from fanlight.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from fanlight.galleries import Galleries
    from fanlight.gallery_model import Gallery, Section
    from fanlight.model import Actor
    from fanlight.web.errors import Fault
    from fanlight.web.people import Visitor

    Reader = Callable[[Gallery, Mapping[str, str]], dict[str, object]]


async def show_about(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    """Title, address, day, text and order."""
    gallery = await _gallery(request, visitor)
    value = known.about_of(gallery)
    if given is not None:
        value = {name: given.get(name, "") for name in value}
    return render(
        request,
        "gallery-about.html",
        visitor,
        fault=fault,
        value=value,
        sorts=known.SORTS,
        **about(request, gallery),
    )


async def show_look(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    """Cover, theme, layout, colour and language."""
    gallery = await _gallery(request, visitor)
    look = gallery.look if given is None else known.look_of(gallery.look, given)
    return render(
        request,
        "gallery-look.html",
        visitor,
        fault=fault,
        look=look,
        accent=look.accent or known.OURS,
        ours=known.OURS,
        accent_choices=known.ACCENTS,
        covers=known.COVERS,
        themes=known.THEMES,
        layouts=known.LAYOUTS,
        languages=LANGUAGES,
        **about(request, gallery),
    )


async def show_access(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    """Who comes in, when, and what they may do."""
    gallery = await _gallery(request, visitor)
    value = known.access_of(gallery)
    if given is not None:
        value = {name: given.get(name, "") for name in value}
    return render(
        request,
        "gallery-access.html",
        visitor,
        fault=fault,
        value=value,
        clock=clock_of(await fanlight_of(request).site.get(), given),
        reaches=known.REACHES,
        rights=known.RIGHTS,
        **about(request, gallery),
    )


async def show_sections(
    request: Request,
    visitor: Visitor,
    fault: Fault | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    """The sections, in their order."""
    gallery = await _gallery(request, visitor)
    galleries = fanlight_of(request).galleries
    return render(
        request,
        "gallery-sections.html",
        visitor,
        fault=fault,
        given=given or {},
        sections=await galleries.all_sections(visitor.actor, gallery.id),
        counts=await galleries.all_counts(visitor.actor, gallery.id),
        **about(request, gallery),
    )


async def show_folders(request: Request, visitor: Visitor, fault: Fault | None = None) -> Response:
    """The folders that fill it."""
    gallery = await _gallery(request, visitor)
    fanlight = fanlight_of(request)
    channels = await fanlight.channels.all(visitor.actor)
    return render(
        request,
        "gallery-sources.html",
        visitor,
        fault=fault,
        sources=await fanlight.galleries.sources(visitor.actor, gallery.id),
        channels={one.id: one.name for one in channels},
        filling=await filling(request, gallery),
        **about(request, gallery),
    )


async def _gallery(request: Request, visitor: Visitor) -> Gallery:
    return await fanlight_of(request).galleries.get(visitor.actor, gallery_of(request))


# --- forms ----------------------------------------------------------------------------------------


def _saves(page: str, read: Reader, show: Callable[..., Any]) -> Callable[..., Any]:
    """A form that changes fields of a gallery, and is shown again with what was wrong."""

    async def save(request: Request, visitor: Visitor) -> Response:
        fields = await fields_of(request, visitor)
        gallery = await _gallery(request, visitor)
        try:
            changes: dict[str, Any] = read(gallery, fields)
            await fanlight_of(request).galleries.change(visitor.actor, gallery.id, **changes)
        except FanlightError as error:
            shown: Response = await show(request, visitor, fault_of(error), fields)
            return shown
        return go(f"{home_of(gallery)}/{page}", said="gallery-saved")

    return save


save_about = _saves("about", known.about_from, show_about)
save_look = _saves("look", known.look_from, show_look)
save_access = _saves("access", known.access_from, show_access)


async def save_sections(request: Request, visitor: Visitor) -> Response:
    """Names, order and rules of all sections at once; a new one if it was given a name."""
    fields = await fields_of(request, visitor)
    gallery = await _gallery(request, visitor)
    try:
        await _put_sections(fanlight_of(request).galleries, visitor.actor, gallery.id, fields)
    except FanlightError as error:
        return await show_sections(request, visitor, fault_of(error), fields)
    return go(f"{home_of(gallery)}/sections", said="gallery-saved")


async def _put_sections(
    galleries: Galleries, actor: Actor, gallery_id: str, fields: Mapping[str, str]
) -> None:
    there = await galleries.all_sections(actor, gallery_id)
    for one in there:
        if f"title.{one.id}" in fields:
            with concerning(f"title.{one.id}"):
                await galleries.change_section(
                    actor, gallery_id, one.id, **_section(fields, one.id)
                )
    await galleries.order_sections(actor, gallery_id, _order(fields, there))
    if fields.get("new", "").strip():
        with concerning("new"):
            await galleries.add_section(actor, gallery_id, fields["new"])


def _section(fields: Mapping[str, str], section_id: str) -> dict[str, Any]:
    return {
        "title": fields[f"title.{section_id}"],
        "hidden": fields.get(f"hidden.{section_id}") == "yes",
        "downloads": fields.get(f"downloads.{section_id}") == "yes",
    }


def _order(fields: Mapping[str, str], there: Sequence[Section]) -> list[str]:
    """The sections, one moved past its neighbour by an arrow (`up.<id>`, `down.<id>`)."""
    ids = [one.id for one in there]
    for name in fields:
        step, _, moved = name.partition(".")
        if step in ("up", "down") and moved in ids:
            at = ids.index(moved)
            ids.insert(max(0, at + (1 if step == "down" else -1)), ids.pop(at))
    return ids


async def remove_section(request: Request, visitor: Visitor) -> Response:
    """Take a section away that was made by hand."""
    await fields_of(request, visitor)
    gallery = await _gallery(request, visitor)
    try:
        await fanlight_of(request).galleries.remove_section(
            visitor.actor, gallery.id, str(request.path_params["section_id"])
        )
    except FanlightError as error:
        return await show_sections(request, visitor, fault_of(error))
    return go(f"{home_of(gallery)}/sections", said="gallery-saved")


async def change_source(request: Request, visitor: Visitor) -> Response:
    """Have a folder divided into sections or not, or take it out."""
    fields = await fields_of(request, visitor)
    galleries, gallery = fanlight_of(request).galleries, await _gallery(request, visitor)
    source_id = str(request.path_params["source_id"])
    if fields.get("action") == "remove":
        await galleries.remove_source(visitor.actor, gallery.id, source_id)
    else:
        sections = fields.get("sections") == "yes"
        await galleries.change_source(visitor.actor, gallery.id, source_id, sections=sections)
    return go(f"{home_of(gallery)}/folders", said="gallery-saved")
