"""Who comes to a gallery: share links, picks, comments, visits; for tests, pictures and looking.

python -m scripts.clients DATA GALLERY [--links 50] [--sections 30] [--galleries 20]

The gallery gets its usual visitors, who do what they may there, and as much more as is asked for.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fanlight.app import now
from fanlight.cli.opening import opened
from fanlight.galleries.making import Draft
from fanlight.gallery_model import Act, Flag, GalleryState, Party, Right, Telling
from fanlight.model import SERVER
from fanlight.proofing.picking import Mark
from fanlight.sharing.keys import Key
from fanlight.sharing.linking import NewLink

if TYPE_CHECKING:
    from fanlight.app import Fanlight
    from fanlight.gallery_model import Gallery, Selection
    from fanlight.sharing.passes import Pass

STUDIO, CONTACT = "Ada Lumière", "hello@example.com"
LONG = (
    "The wedding of Annabelle-Sophie von Wolkenstein and Benedict Featherstonehaugh"
    " in the old mill above the lake"
)
"""A title that somebody will have."""


@dataclass(frozen=True)
class Guest:
    """One who comes by a share link of that name, and what they leave."""

    link: str
    name: str
    email: str
    marks: tuple[Mark, ...]
    """Of the gallery's first photos."""
    message: str = ""
    """With a list that was sent."""
    sends: bool = False
    says: tuple[str, ...] = ()


HEART = Mark(heart=True)
GUESTS = (
    Guest(
        "Anna & Ben",
        "Anna Lindqvist",
        "anna@example.com",
        (
            Mark(heart=True, stars=5, flag=Flag.GREEN, note="For the hall, large"),
            HEART,
            Mark(heart=True, stars=4),
            HEART,
            Mark(stars=2, flag=Flag.RED, note="Please not this one"),
            *[HEART] * 4,
        ),
        "The first one goes over the fireplace. Thank you for this day!",
        sends=True,
        says=("Could this be a little brighter?", "We love this light."),
    ),
    Guest(
        "Anna & Ben",
        "Ben",
        "",
        (Mark(heart=True, flag=Flag.BLUE), Mark(), HEART, Mark(heart=True, note="closer"), HEART),
    ),
    Guest("Family", "", "", (), says=("Grandmother would like a print of it.",)),
)


def come(data: Path, gallery_id: str, **more: int) -> None:
    """Let them come, from outside of the server, as another process on the same data."""
    options = [f"--{name}={count}" for name, count in more.items()]
    command = [sys.executable, "-m", "scripts.clients", str(data), gallery_id, *options]
    subprocess.run(command, check=True, capture_output=True, env=os.environ)


async def _come(fanlight: Fanlight, wanted: argparse.Namespace) -> None:
    gallery = await fanlight.galleries.get(SERVER, wanted.gallery)
    await fanlight.site.change(SERVER, name=STUDIO, zone="Europe/Berlin", contact=CONTACT)
    await _links(fanlight, gallery, wanted.links)
    page = await fanlight.galleries.items(SERVER, gallery.id, limit=12)
    photos = [one.asset.id for one in page.items]
    for guest in GUESTS:
        await _visit(fanlight, gallery, guest, photos)
    await fanlight.journal.flush()
    for number in range(wanted.sections):
        await fanlight.galleries.add_section(SERVER, gallery.id, f"Part {number + 1}")
    for number in range(wanted.galleries):
        title = LONG if number == 1 else f"Session {number + 1}"
        state = tuple(GalleryState)[number % 3]
        await fanlight.galleries.create(SERVER, Draft(title, state=state))
    if wanted.galleries:
        urls = ("https://hooks.example.com/fanlight", "https://automation.example.net/" + "a" * 60)
        for url in urls:
            await fanlight.notices.add_webhook(SERVER, url, Telling)


async def _links(fanlight: Fanlight, gallery: Gallery, more: int) -> None:
    sharing, soon = fanlight.sharing, now() + timedelta(days=21)
    made = (
        NewLink("Anna & Ben", Party.CLIENT),
        NewLink("Family", rights=gallery.rules.rights, expires_at=soon),
        NewLink("Print shop", Party.CLIENT, password="a long password", most=1),
        *(NewLink(f"Guest {number + 1}") for number in range(more)),
    )
    for link in made:
        await sharing.make_link(SERVER, gallery.id, link)
    ended = await sharing.make_link(SERVER, gallery.id, NewLink("Last year's album"))
    await sharing.revoke_link(SERVER, ended.id)


async def _visit(fanlight: Fanlight, gallery: Gallery, guest: Guest, photos: list[str]) -> None:
    proofing, journal = fanlight.proofing, fanlight.journal
    links = await fanlight.sharing.links(SERVER, gallery.id)
    link = next(one for one in links if one.name == guest.link)
    pass_: Pass = await fanlight.sharing.enter(Key(token=link.token))
    pass_ = replace(
        await fanlight.sharing.introduced(pass_, address="192.0.2.7"), visit=guest.name or "other"
    )
    journal.note(Act.VIEWED, pass_)
    await fanlight.sharing.opened(pass_)
    selection: Selection | None = None
    marks = guest.marks if Right.PICK in pass_.rights else ()
    for mark, photo in zip(marks, photos, strict=False):
        if not mark.empty:
            selection, _ = await proofing.pick(
                pass_, selection.id if selection else None, photo, mark
            )
    await _introduce(fanlight, pass_, guest)
    viewer = replace(pass_.viewer, name=guest.name) if pass_.viewer else None
    pass_ = replace(pass_, viewer=viewer)
    says = guest.says if Right.COMMENT in pass_.rights else ()
    for text, photo in zip(says, photos, strict=False):
        said = await proofing.comment(pass_, photo, text, address="192.0.2.7")
        if text.endswith("?"):
            await proofing.answer(
                SERVER, gallery.id, photo, "Yes, I will see to it.", parent_id=said.id
            )
    if selection and guest.sends:
        await proofing.submit(
            pass_,
            selection.id,
            version=selection.version,
            name=guest.name,
            email=guest.email,
            message=guest.message,
        )
        journal.note(Act.DOWNLOADED, pass_, count=9, size=74_200_000)


async def _introduce(fanlight: Fanlight, pass_: Pass, guest: Guest) -> None:
    """Have them say who they are, as the page asks before something is kept."""
    if guest.name and pass_.viewer is not None:
        viewer_id, known = pass_.viewer.id, {"name": guest.name, "email": guest.email}
        await fanlight.catalogue.write(lambda records: records.viewers.update(viewer_id, **known))


def main() -> None:
    """Come."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("gallery")
    for name in ("links", "sections", "galleries"):
        parser.add_argument(f"--{name}", type=int, default=0)
    wanted = parser.parse_args()
    opened(wanted.data, lambda fanlight: _come(fanlight, wanted), background=True)


if __name__ == "__main__":
    main()
