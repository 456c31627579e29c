"""Publish a folder of a studio as a gallery, for tests, measurements and pictures.

python -m scripts.galleries DATA TITLE FOLDER [--password TEXT] [--pin 4711] [--client ANNA]

Writes what was made as JSON: its `id`, the `slug` of its address, and the `token` of a client's
link, if one was asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanlight.cli.opening import opened
from fanlight.galleries.making import Draft
from fanlight.gallery_model import (
    CoverStyle,
    GalleryRules,
    GalleryState,
    Layout,
    Look,
    Party,
    Proofing,
    Right,
)
from fanlight.model import SERVER
from fanlight.sharing.linking import NewLink

if TYPE_CHECKING:
    from fanlight.app import Fanlight

HELD_ON = date(2026, 6, 14)


@dataclass(frozen=True)
class Published:
    """A gallery that anybody may open who knows its address, and perhaps its password."""

    id: str
    slug: str
    token: str = ""

    @property
    def base(self) -> str:
        """Its address."""
        return f"/g/{self.slug}"

    @property
    def client(self) -> Published:
        """The same as the client sees it, by their own link."""
        return _Linked(self.id, self.slug, self.token)


class _Linked(Published):
    @property
    def base(self) -> str:
        return f"/s/{self.token}"


def publish(data: Path, title: str, folder: str, **known: Any) -> Published:
    """Publish from outside of the server, as another process on the same data."""
    options = [f"--{name.replace('_', '-')}={value}" for name, value in known.items()]
    command = [sys.executable, "-m", "scripts.galleries", str(data), title, folder, *options]
    made = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return Published(**json.loads(made.stdout.splitlines()[-1]))


async def _make(fanlight: Fanlight, wanted: argparse.Namespace) -> Published:
    rules = GalleryRules(
        rights=frozenset(Right),
        camera=True,
        cover_outside=True,
        proofing=Proofing(stars=True, flags=True, most=wanted.most),
    )
    look = Look(
        language=wanted.language, cover=CoverStyle(wanted.cover), layout=Layout(wanted.layout)
    )
    draft = Draft(
        wanted.title, held_on=HELD_ON, state=GalleryState.PUBLISHED, rules=rules, look=look
    )
    use = fanlight.galleries
    gallery = await use.create(SERVER, draft)
    channels = await fanlight.channels.all(SERVER)
    await fanlight.library.index(SERVER, channels[0].id)
    await use.add_source(SERVER, gallery.id, channels[0].id, wanted.folder)
    for secret in ("password", "pin"):
        if said := getattr(wanted, secret):
            await use.change(SERVER, gallery.id, **{secret: said})
    token = ""
    if wanted.client:
        new = NewLink(wanted.client, party=Party.CLIENT, rights=frozenset(Right))
        token = (await fanlight.sharing.make_link(SERVER, gallery.id, new)).token
    return Published(gallery.id, gallery.slug, token)


def main() -> None:
    """Publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("title")
    parser.add_argument("folder")
    parser.add_argument("--password", default="")
    parser.add_argument("--pin", default="")
    parser.add_argument("--client", default="", help="the name of a client who gets a link")
    parser.add_argument("--language", default="en")
    parser.add_argument("--cover", default="full", choices=list(CoverStyle))
    parser.add_argument("--layout", default="rows", choices=list(Layout))
    parser.add_argument("--most", type=int, default=30)
    wanted = parser.parse_args()
    made = opened(wanted.data, lambda fanlight: _make(fanlight, wanted), background=True)
    print(json.dumps(asdict(made)))


if __name__ == "__main__":
    main()
