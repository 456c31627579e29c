"""Galleries: list, make, change, remove; their folders, sections and photos."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request

from fanlight import gallery_model as model
from fanlight.errors import Invalid
from fanlight.galleries.making import Draft
from fanlight.web.api import gallery_shapes as shapes
from fanlight.web.api.assets import asset_shape
from fanlight.web.api.calling import PATTERN, After, Caller, Id, Limit, Use
from fanlight.web.api.errors import problems
from fanlight.web.api.shapes import Asset, Job, Many
from fanlight.web.door import origin_of

router = APIRouter(prefix="/galleries", tags=["galleries"])
PartId = Annotated[str, Path(pattern=PATTERN)]


@router.get("", responses=problems())
async def list_galleries(request: Request, use: Use, caller: Caller) -> Many[shapes.ListedGallery]:
    """All galleries with what they hold, the newest first."""
    cards = await use.galleries.all(caller)
    return Many[shapes.ListedGallery].model_validate(
        {
            "items": [
                _gallery(request, card.gallery) | {"count": card.count, "picks": card.picks}
                for card in cards
            ]
        }
    )


@router.post("", status_code=201, responses=problems(404, 409))
async def make_gallery(
    request: Request, use: Use, caller: Caller, wish: shapes.NewGallery
) -> shapes.Gallery:
    """Make a draft. What lies in its folders comes in by a job, at once where it is known."""
    draft = Draft(
        title=wish.title,
        slug=wish.slug,
        text=wish.text,
        held_on=_day(wish.held_on),
        look=_look(wish.look),
        rules=_rules(wish.rules),
    )
    made = await use.galleries.create(caller, draft)
    for source in wish.sources:
        await use.galleries.add_source(
            caller, made.id, source.channel_id, source.path, sections=source.sections
        )
    if wish.sources:
        await use.jobs.fill_gallery(made.id)
    return shapes.Gallery.model_validate(_gallery(request, made))


@router.get("/folders/{channel_id}", responses=problems(404, 409, 502, 503))
async def list_channel_folders(
    use: Use,
    caller: Caller,
    channel_id: PartId,
    path: Annotated[str, Query(max_length=2000, description="Empty: the channel's root.")] = "",
    anew: Annotated[bool, Query(description="As it is in this moment.")] = False,
) -> shapes.FolderView:
    """A folder of a channel, asked of the service: its folders, with counts where it was quick."""
    view = await use.galleries.folders(caller, channel_id, path, anew=anew)
    return shapes.FolderView.model_validate(view)


@router.get("/{id}", responses=problems(404))
async def get_gallery(request: Request, use: Use, caller: Caller, id: Id) -> shapes.Gallery:  # noqa: A002
    """One gallery, by its id or slug."""
    found = await use.galleries.get(caller, id)
    return shapes.Gallery.model_validate(_gallery(request, found))


@router.patch("/{id}", responses=problems(404, 409))
async def change_gallery(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    change: shapes.GalleryChange,
) -> shapes.Gallery:
    """Change what is given: look and rules as a whole. `state` publishes, closes and archives."""
    given: dict[str, Any] = {
        name: getattr(change, name)
        for name in change.model_fields_set
        if getattr(change, name) is not None or name in _CLEARABLE
    }
    if "look" in given:
        given["look"] = _look(given["look"])
    if "rules" in given:
        given["rules"] = _rules(given["rules"])
    if "held_on" in given:
        given["held_on"] = _day(given["held_on"])
    if given.get("cover_id"):
        await use.galleries.require_item(caller, id, given["cover_id"])
    changed = await use.galleries.change(caller, id, **given)
    return shapes.Gallery.model_validate(_gallery(request, changed))


@router.delete("/{id}", status_code=204, responses=problems(404))
async def remove_gallery(use: Use, caller: Caller, id: Id) -> None:  # noqa: A002
    """Remove a gallery with its links, picks and comments; its originals stay."""
    await use.galleries.remove(caller, id)


@router.post("/{id}/duplicate", status_code=201, responses=problems(404))
async def duplicate_gallery(request: Request, use: Use, caller: Caller, id: Id) -> shapes.Gallery:  # noqa: A002
    """Make a draft with the same photos, look and rules."""
    made = await use.galleries.duplicate(caller, id)
    return shapes.Gallery.model_validate(_gallery(request, made))


@router.post("/{id}/sync", responses=problems(404, 409, 502))
async def sync_gallery(use: Use, caller: Caller, id: Id) -> shapes.Synced:  # noqa: A002
    """Bring it up to date with what is known of its folders."""
    return shapes.Synced.model_validate(await use.galleries.sync(caller, id))


@router.post("/{id}/fill", status_code=202, responses=problems(404))
async def fill_gallery(use: Use, caller: Caller, id: Id) -> Job:  # noqa: A002
    """Have its folders read at their services; the answer is the job that does it."""
    gallery = await use.galleries.get(caller, id)
    return Job.model_validate(await use.jobs.fill_gallery(gallery.id))


# --- folders --------------------------------------------------------------------------------------


@router.get("/{id}/sources", responses=problems(404))
async def list_sources(use: Use, caller: Caller, id: Id) -> Many[shapes.Source]:  # noqa: A002
    """The folders that fill it."""
    found = await use.galleries.sources(caller, id)
    return Many[shapes.Source].model_validate({"items": [_source(one) for one in found]})


@router.post("/{id}/sources", status_code=201, responses=problems(404, 409, 502))
async def add_source(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.NewSource,
) -> shapes.Source:
    """Fill it from one more folder, which a job reads."""
    source = await use.galleries.add_source(
        caller, id, wish.channel_id, wish.path, sections=wish.sections
    )
    await use.jobs.fill_gallery(id)
    return shapes.Source.model_validate(_source(source))


@router.delete("/{id}/sources/{source_id}", status_code=204, responses=problems(404, 409, 502))
async def remove_source(use: Use, caller: Caller, id: Id, source_id: PartId) -> None:  # noqa: A002
    """Take a folder out, with what it brought."""
    await use.galleries.remove_source(caller, id, source_id)


# --- sections -------------------------------------------------------------------------------------


@router.get("/{id}/sections", responses=problems(404))
async def list_sections(use: Use, caller: Caller, id: Id) -> Many[shapes.Section]:  # noqa: A002
    """Its sections in their order, hidden and empty ones too."""
    found = await use.galleries.all_sections(caller, id)
    return Many[shapes.Section].model_validate({"items": [_section(one) for one in found]})


@router.post("/{id}/sections", status_code=201, responses=problems(404))
async def add_section(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.NewSection,
) -> shapes.Section:
    """Add an empty section at the end."""
    made = await use.galleries.add_section(caller, id, wish.title)
    return shapes.Section.model_validate(_section(made))


@router.patch("/{id}/sections/{section_id}", responses=problems(404, 409, 502))
async def change_section(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    section_id: PartId,
    change: shapes.SectionChange,
) -> shapes.Section:
    """Change what is given of a section, its place too."""
    fields = change.model_dump(exclude_none=True, exclude={"position"})
    changed = await use.galleries.change_section(caller, id, section_id, **fields)
    if change.position is not None:
        there = [one.id for one in await use.galleries.all_sections(caller, id)]
        there.remove(section_id)
        there.insert(change.position - 1, section_id)
        await use.galleries.order_sections(caller, id, there)
    return shapes.Section.model_validate(_section(changed))


@router.delete("/{id}/sections/{section_id}", status_code=204, responses=problems(404, 409, 502))
async def remove_section(use: Use, caller: Caller, id: Id, section_id: PartId) -> None:  # noqa: A002
    """Remove a section made by hand; its photos stay."""
    await use.galleries.remove_section(caller, id, section_id)


# --- photos ---------------------------------------------------------------------------------------


@router.get("/{id}/items", responses=problems(404))
async def list_items(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    section: Annotated[str | None, Query(pattern=PATTERN)] = None,
    after: After = None,
    limit: Limit = 200,
) -> Many[shapes.Item]:
    """What is in it, in its order, hidden photos too."""
    page = await use.galleries.items(caller, id, section_id=section, after=after, limit=limit)
    items = [_item(request, one) for one in page.items]
    return Many[shapes.Item].model_validate({"items": items, "next": page.next})


@router.post("/{id}/items", responses=problems(404, 409, 502))
async def choose_items(
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    wish: shapes.Chosen,
) -> shapes.Added:
    """Put assets of any channel into it. What is no picture and no video is passed over."""
    added = await use.galleries.choose(caller, id, wish.ids, section_id=wish.section_id)
    return shapes.Added(added=added)


@router.post("/{id}/items/remove", status_code=204, responses=problems(404, 409, 502))
async def take_items_out(use: Use, caller: Caller, id: Id, wish: shapes.Chosen) -> None:  # noqa: A002
    """Take photos out that were put in one by one; what a folder brings can be hidden."""
    await use.galleries.take_out(caller, id, wish.ids)


@router.post("/{id}/items/hide", status_code=204, responses=problems(404, 409, 502))
async def hide_items(use: Use, caller: Caller, id: Id, wish: shapes.Hidden) -> None:  # noqa: A002
    """Hide photos from viewers, or show them again."""
    await use.galleries.hide(caller, id, wish.ids, hidden=wish.hidden)


@router.post("/{id}/items/order", status_code=204, responses=problems(404, 409, 502))
async def order_items(use: Use, caller: Caller, id: Id, wish: shapes.Ordered) -> None:  # noqa: A002
    """Put photos in order by hand; the gallery is sorted so from then on."""
    await use.galleries.order(caller, id, wish.ids, before=wish.before)


# --- shapes and records ---------------------------------------------------------------------------

_CLEARABLE = frozenset({"held_on", "cover_id", "opens_at", "closes_at"})
_OF_GALLERY = tuple(name for name in shapes.Gallery.model_fields if name != "url")


def _gallery(request: Request, gallery: model.Gallery) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(gallery, name) for name in _OF_GALLERY}
    return fields | {"url": f"{origin_of(request)}/g/{gallery.slug}"}


def _source(source: model.Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in shapes.Source.model_fields}


def _section(section: model.Section) -> dict[str, Any]:
    return {name: getattr(section, name) for name in shapes.Section.model_fields}


def _item(request: Request, shown: model.Shown) -> dict[str, Any]:
    names = ("section_id", "companion_id", "hidden", "kept_from_guests")
    fields: dict[str, Any] = {name: getattr(shown.item, name) for name in names}
    return fields | {"asset": Asset.model_validate(asset_shape(request, shown.asset))}


def _look(look: shapes.Look) -> model.Look:
    return model.Look(**dict(look))


def _rules(rules: shapes.Rules) -> model.GalleryRules:
    given: dict[str, Any] = dict(rules) | {
        "ignored": tuple(rules.ignored),
        "embedding": tuple(rules.embedding),
        "rights": frozenset(rules.rights),
        "proofing": model.Proofing(**dict(rules.proofing)),
    }
    return model.GalleryRules(**given)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Invalid("This is not a day.", code="invalid.held-on", about="held_on") from None
