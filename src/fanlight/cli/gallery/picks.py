"""`fanlight gallery picks`: who picked what, and taking it away."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.gallery.telling import Which, on_gallery
from fanlight.cli.opening import Data, Json
from fanlight.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.app import Fanlight
    from fanlight.gallery_model import Gallery
    from fanlight.model import Actor
    from fanlight.proofing.handing import Handed
    from fanlight.proofing.overview import Given, Overview

app = typer.Typer(help="Who picked what.", no_args_is_help=True)

FORMS = "lightroom, capture-one, txt, csv, json, xmp or pdf"
BINARY = ("application/zip", "application/pdf")


async def _overview(fanlight: Fanlight, actor: Actor, gallery: Gallery) -> Overview:
    return await fanlight.proofing.overview(actor, gallery.id)


@app.command("list")
def list_(gallery: Which, data: Data = None, json: Json = False) -> None:
    """List the lists that viewers have made, with what is in them."""
    seen = on_gallery(gallery, data, _overview)
    if json:
        output.say_json([_shown(seen, one) for one in seen.lists])
        return
    rows = (
        (
            one.marked.selection.id,
            one.by,
            one.marked.selection.name,
            one.marked.selection.state.value,
            str(sum(pick.heart for pick in one.marked.picks)),
            output.day(one.marked.selection.submitted_at, ""),
        )
        for one in seen.lists
    )
    output.say_table(("ID", "BY", "LIST", "STATE", "PICKS", "SENT (UTC)"), rows)


def _shown(seen: Overview, given: Given) -> dict[str, object]:
    names = ("id", "name", "state", "message", "created_at", "updated_at", "submitted_at")
    viewer = output.fields(given.viewer, ("id", "name", "email"))
    picks = [
        {
            "name": seen.assets[pick.asset_id].name,
            **output.fields(pick, ("asset_id", "heart", "stars", "flag", "note")),
        }
        for pick in given.marked.picks
        if pick.asset_id in seen.assets
    ]
    return {**output.fields(given.marked.selection, names), "viewer": viewer, "picks": picks}


@app.command()
def photos(gallery: Which, data: Data = None, json: Json = False) -> None:
    """List the photos that somebody picked, the most wanted first, with who did."""
    seen = on_gallery(gallery, data, _overview)
    found = [
        (one.asset, [given.by for given, pick in one.picks if pick.heart])
        for one in seen.wanted
        if one.hearts
    ]
    if json:
        output.say_json([{"name": one.name, "asset_id": one.id, "by": by} for one, by in found])
        return
    rows = ((asset.name, str(len(by)), ", ".join(by)) for asset, by in found)
    output.say_table(("PHOTO", "PICKS", "BY"), rows)


@app.command()
def export(
    gallery: Which,
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {FORMS}.")],
    picked: Annotated[
        str | None,
        typer.Option("--list", help="Id of a list, its name, or who made it. Default: the one."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="A file or folder. Default: standard output.")
    ] = None,
    data: Data = None,
) -> None:
    """Take a list away in the form that another program takes."""

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> Handed:
        from fanlight.proofing.handing import Form

        if form not in set(Form):
            raise Invalid(f"There is no format {form!r}.", remedy=f"Formats are: {FORMS}.")
        given = _one_of((await _overview(fanlight, actor, one)).lists, picked)
        return await fanlight.proofing.hand_over(actor, given.marked.selection.id, Form(form))

    # contact sheets are made of pictures, by the processes that make them
    handed = on_gallery(gallery, data, action, background=form == "pdf")
    if to is not None:
        output.note(f"Written to {_write(handed, to)}.")
        return
    if handed.media_type in BINARY and sys.stdout.isatty():
        raise Invalid("This is not for a terminal.", remedy="Say where it goes, with --to FILE.")
    output.pour(handed.body)


def _one_of(lists: Sequence[Given], wanted: str | None) -> Given:
    """The list that is meant. Raises NotFound, Invalid for a name of several, or none of many."""
    by_id = [one for one in lists if one.marked.selection.id == wanted]
    found = by_id or [
        one
        for one in lists
        if wanted is None or wanted in (one.marked.selection.name, one.viewer.name)
    ]
    if not found:
        raise NotFound("There is no such list.", code="not-found.selection")
    if len(found) > 1:
        raise Invalid(
            f"{len(found)} lists may be meant.",
            remedy="Give the id of one, from fanlight gallery picks list.",
        )
    return found[0]


def _write(handed: Handed, to: Path) -> Path:
    path = to / handed.name if to.is_dir() else to
    try:
        path.write_bytes(handed.body)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}.") from None
    return path
