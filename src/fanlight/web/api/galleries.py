"""Galleries: list, make, change, duplicate, remove, bring up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from fanlight import gallery_model as model
from fanlight.errors import FanlightError, Invalid
from fanlight.galleries.making import Draft
from fanlight.web.api import gallery_shapes as shapes
from fanlight.web.api.calling import Caller, Id, Use
from fanlight.web.api.errors import content, problems
from fanlight.web.api.shapes import Job, Many, given
from fanlight.web.door import origin_of
from fanlight.web.qr import SVG, qr_code

router = APIRouter(prefix="/galleries", tags=["galleries"])


@router.get("", responses=problems())
async def list_galleries(request: Request, use: Use, caller: Caller) -> Many[shapes.ListedGallery]:
    """All galleries with what they hold, the newest first."""
    cards = await use.galleries.all(caller)
    return Many[shapes.ListedGallery].of(
        _gallery(request, card.gallery) | {"count": card.count, "picks": card.picks}
        for card in cards
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
        look=_look(wish.look, model.Look()),
        rules=_rules(wish.rules, model.GalleryRules()),
    )
    made = await use.galleries.create(caller, draft)
    try:
        for source in wish.sources:
            await use.galleries.add_source(
                caller, made.id, source.channel_id, source.path, sections=source.sections
            )
    except FanlightError:
        await use.galleries.remove(caller, made.id)  # all that was asked for, or nothing
        raise
    if wish.sources:
        await use.jobs.fill_gallery(made.id)
    return shapes.Gallery.model_validate(_gallery(request, made))


@router.get("/{id}", responses=problems(404))
async def get_gallery(request: Request, use: Use, caller: Caller, id: Id) -> shapes.Gallery:  # noqa: A002
    """One gallery, by its id or slug."""
    found = await use.galleries.get(caller, id)
    return shapes.Gallery.model_validate(_gallery(request, found))


@router.patch("/{id}", responses=problems(404, 409, 429))
async def change_gallery(
    request: Request,
    use: Use,
    caller: Caller,
    id: Id,  # noqa: A002
    change: shapes.GalleryChange,
) -> shapes.Gallery:
    """Change what is given, also within look and rules. `state` publishes, closes and archives."""
    fields = given(change, "held_on", "cover_id", "opens_at", "closes_at")
    if "held_on" in fields:
        fields["held_on"] = _day(change.held_on)
    known = await use.galleries.get(caller, id)
    if change.look is not None:
        fields["look"] = _look(change.look, known.look)
    if change.rules is not None:
        fields["rules"] = _rules(change.rules, known.rules)
    if fields.get("cover_id"):
        await use.galleries.require_item(caller, id, fields["cover_id"])
    changed = await use.galleries.change(caller, id, **fields)
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
    return Job.model_validate(await use.jobs.fill_gallery(gallery.id, anew=True))


@router.get("/{id}/qr", response_class=Response, responses=problems(404) | content(SVG))
async def get_qr_code(request: Request, use: Use, caller: Caller, id: Id) -> Response:  # noqa: A002
    """Its own address as a QR code, to be printed."""
    gallery = await use.galleries.get(caller, id)
    return Response(qr_code(_address(request, gallery)), media_type=SVG)


# --- shapes and records ---------------------------------------------------------------------------

_OF_GALLERY = tuple(name for name in shapes.Gallery.model_fields if name != "url")


def _gallery(request: Request, gallery: model.Gallery) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(gallery, name) for name in _OF_GALLERY}
    return fields | {"url": _address(request, gallery)}


def _address(request: Request, gallery: model.Gallery) -> str:
    return f"{origin_of(request)}/g/{gallery.slug}"


def _look(look: shapes.Look, known: model.Look) -> model.Look:
    """What is known with what is given."""
    return replace(known, **given(look))


def _rules(rules: shapes.Rules, known: model.GalleryRules) -> model.GalleryRules:
    """The same. Lists are given as a whole."""
    fields = given(rules)
    kept: dict[str, Callable[[Any], object]] = {
        "ignored": tuple,
        "embedding": tuple,
        "rights": frozenset,
        "proofing": lambda proofing: replace(known.proofing, **given(proofing)),
    }
    return replace(known, **{name: kept.get(name, _same)(it) for name, it in fields.items()})


def _same(value: object) -> object:
    return value


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Invalid("This is not a day.", code="invalid.held-on", about="held_on") from None
