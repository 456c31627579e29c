"""`fanlight gallery set` and `password`: what a gallery says, and who may come in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanlight.cli import output
from fanlight.cli.gallery.secret import PasswordStdin, asked_password
from fanlight.cli.gallery.telling import Which, on_gallery, shown
from fanlight.cli.moments import day, moment
from fanlight.cli.opening import Data, Json
from fanlight.errors import Invalid
from fanlight.gallery_model import CoverStyle, GallerySort, Layout, Reach, Right, Theme

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.gallery_model import Gallery
    from fanlight.model import Actor


def set_(
    gallery: Which,
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    slug: Annotated[str | None, typer.Option(help="The end of its address.")] = None,
    text: Annotated[str | None, typer.Option(help="What it says about itself.")] = None,
    date: Annotated[str | None, typer.Option(help='The day that it is about; "" for none.')] = None,
    opens: Annotated[
        str | None, typer.Option(help='When it opens: 12h, 30d, a date; "" for at once.')
    ] = None,
    closes: Annotated[
        str | None, typer.Option(help='When it closes: 12h, 30d, a date; "" for never.')
    ] = None,
    reach: Annotated[Reach | None, typer.Option(help="Whom its own address answers.")] = None,
    right: Annotated[
        list[Right] | None,
        typer.Option(help="What may be done by its own address, all of it. Repeatable."),
    ] = None,
    sort: Annotated[GallerySort | None, typer.Option(help="The order of its photos.")] = None,
    least: Annotated[
        int | None, typer.Option(help="How many picks a list needs to be sent; 0 for any.")
    ] = None,
    most: Annotated[
        int | None, typer.Option(help="How many picks a list may have; 0 for any.")
    ] = None,
    downloads: Annotated[
        int | None, typer.Option(help="How many downloads there may be in all; 0 for any.")
    ] = None,
    cover: Annotated[CoverStyle | None, typer.Option(help="How it begins.")] = None,
    layout: Annotated[Layout | None, typer.Option(help="How its photos lie.")] = None,
    theme: Annotated[Theme | None, typer.Option(help="Light, dark, or as the device is.")] = None,
    accent: Annotated[
        str | None, typer.Option(help='Colour of marks and buttons, as #2f7d5b; "" for ours.')
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of its buttons.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Change what is given of a gallery. It holds at once."""
    changes = _given(title=title, slug=slug, text=text)
    if date is not None:
        changes["held_on"] = day(date)
    if opens is not None:
        changes["opens_at"] = moment(opens)
    if closes is not None:
        changes["closes_at"] = moment(closes)
    rights = frozenset(right) if right else None
    rules = _given(reach=reach, rights=rights, sort=sort, downloads=downloads)
    proofing = _given(least=least, most=most)
    look = _given(cover=cover, layout=layout, theme=theme, accent=accent, language=language)
    if not (changes or rules or proofing or look):
        raise Invalid("Nothing is to be changed.", remedy="See fanlight gallery set --help.")

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> dict[str, object]:
        if rules or proofing:
            rules["proofing"] = replace(one.rules.proofing, **proofing)
            changes["rules"] = replace(one.rules, **rules)
        if look:
            changes["look"] = replace(one.look, **look)
        return shown(fanlight, await fanlight.galleries.change(actor, one.id, **changes))

    told = on_gallery(gallery, data, action)
    if json:
        output.say_json(told)
    else:
        output.say(f"The gallery {told['title']} was changed.")


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def password(
    gallery: Which,
    password_stdin: PasswordStdin = False,
    remove: Annotated[bool, typer.Option("--remove", help="Ask visitors for none.")] = False,
    data: Data = None,
) -> None:
    """Give a gallery a password that visitors must know, or a new one."""
    new = "" if remove else asked_password(password_stdin)

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> str:
        return (await fanlight.galleries.change(actor, one.id, password=new)).title

    title = on_gallery(gallery, data, action)
    output.say(f"The gallery {title} has {'no' if remove else 'a new'} password.")
