"""`fanlight gallery links`: addresses with rights of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fanlight.cli import output
from fanlight.cli.gallery.secret import PasswordStdin, asked_password
from fanlight.cli.gallery.telling import Which, on_gallery, origin_of
from fanlight.cli.moments import moment
from fanlight.cli.opening import Data, Json
from fanlight.errors import Invalid, NotFound
from fanlight.gallery_model import Party, Right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.app import Fanlight
    from fanlight.gallery_model import Gallery, ShareLink
    from fanlight.model import Actor

app = typer.Typer(help="Share links, each with rights of its own.", no_args_is_help=True)

SHOWN = (
    "id",
    "name",
    "party",
    "rights",
    "has_password",
    "expires_at",
    "most",
    "opened",
    "created_at",
    "used_at",
    "revoked_at",
)


def _shown(fanlight: Fanlight, link: ShareLink) -> dict[str, object]:
    names = [name for name in SHOWN if name != "has_password"]
    return {
        **output.fields(link, names),
        "has_password": bool(link.password_hash),
        "url": f"{origin_of(fanlight)}/s/{link.token}",
    }


@app.command("list")
def list_(gallery: Which, data: Data = None, json: Json = False) -> None:
    """List the share links of a gallery, revoked ones too, the oldest first."""

    async def action(
        fanlight: Fanlight, actor: Actor, one: Gallery
    ) -> list[tuple[ShareLink, dict[str, object]]]:
        links = await fanlight.sharing.links(actor, one.id)
        return [(link, _shown(fanlight, link)) for link in links]

    found = on_gallery(gallery, data, action)
    if json:
        output.say_json([fields for _, fields in found])
        return
    rows = (
        (
            link.id,
            link.name,
            link.party.value,
            "revoked" if link.revoked_at else output.day(link.expires_at),
            f"{link.opened} of {link.most}" if link.most else str(link.opened),
            str(fields["url"]),
        )
        for link, fields in found
    )
    output.say_table(("ID", "NAME", "FOR", "EXPIRES (UTC)", "OPENED", "ADDRESS"), rows)


@app.command()
def make(
    gallery: Which,
    name: Annotated[str, typer.Option(help="Who it is for.")],
    party: Annotated[
        Party, typer.Option("--for", help="Clients pick and take originals; guests look.")
    ] = Party.GUEST,
    right: Annotated[
        list[Right] | None,
        typer.Option(help="What it allows, instead of what is usual. Repeatable."),
    ] = None,
    expires: Annotated[str | None, typer.Option(help="When it ends: 30d, 12h, a date.")] = None,
    most: Annotated[int, typer.Option(help="How many may come in by it; 0 for no limit.")] = 0,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password that visitors must know.")
    ] = False,
    password_stdin: PasswordStdin = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a share link. Its address is alone on the last line."""
    until = moment(expires)
    secret = asked_password(password_stdin) if password or password_stdin else ""

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> dict[str, object]:
        from fanlight.sharing.linking import NewLink

        new = NewLink(name, party, right or None, secret, until, most)
        return _shown(fanlight, await fanlight.sharing.make_link(actor, one.id, new))

    made = on_gallery(gallery, data, action)
    output.say_made(made, f"The share link {made['name']} was made.", "url", json=json)


@app.command()
def revoke(
    gallery: Which,
    link: Annotated[str, typer.Argument(help="Its id, or its name where only one has it.")],
    data: Data = None,
) -> None:
    """End a share link for everybody, at once."""

    async def action(fanlight: Fanlight, actor: Actor, one: Gallery) -> str:
        found = _named(await fanlight.sharing.links(actor, one.id), link)
        return (await fanlight.sharing.revoke_link(actor, found.id)).name

    output.say(f"The share link {on_gallery(gallery, data, action)} was revoked.")


def _named(links: Sequence[ShareLink], name: str) -> ShareLink:
    """The link that is meant. Raises NotFound, Invalid for a name of several."""
    by_id = [one for one in links if one.id == name]
    found = by_id or [one for one in links if one.name == name and one.revoked_at is None]
    if len(found) > 1:
        raise Invalid(f"{len(found)} share links are called {name!r}.", remedy="Give its id.")
    if not found:
        raise NotFound("There is no such share link.", code="not-found.share-link")
    return found[0]
