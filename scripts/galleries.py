"""Publish a folder of a studio as a gallery, for tests, measurements and pictures.

python -m scripts.galleries DATA TITLE FOLDER [--password TEXT] [--language en]

Writes what was made as JSON: its `id`, and the `slug` of its address.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanlight.cli.opening import opened
from fanlight.galleries.making import Draft
from fanlight.gallery_model import (
    CoverStyle,
    Gallery,
    GalleryRules,
    GalleryState,
    Layout,
    Look,
    Proofing,
    Right,
)
from fanlight.model import SERVER

if TYPE_CHECKING:
    from fanlight.app import Fanlight

HELD_ON = date(2026, 6, 14)


@dataclass(frozen=True)
class Published:
    """A gallery that anybody may open who knows its address, and perhaps its password."""

    id: str
    slug: str

    @property
    def base(self) -> str:
        """Its address."""
        return f"/g/{self.slug}"


def publish(data: Path, title: str, folder: str, **known: Any) -> Published:
    """Publish from outside of the server, as another process on the same data."""
    options = [f"--{name.replace('_', '-')}={value}" for name, value in known.items()]
    command = [sys.executable, "-m", "scripts.galleries", str(data), title, folder, *options]
    made = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return Published(**json.loads(made.stdout.splitlines()[-1]))


async def _make(fanlight: Fanlight, wanted: argparse.Namespace) -> Gallery:
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
    if wanted.password:
        gallery = await use.change(SERVER, gallery.id, password=wanted.password)
    return gallery


def main() -> None:
    """Publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("title")
    parser.add_argument("folder")
    parser.add_argument("--password", default="")
    parser.add_argument("--language", default="en")
    parser.add_argument("--cover", default="full", choices=list(CoverStyle))
    parser.add_argument("--layout", default="rows", choices=list(Layout))
    parser.add_argument("--most", type=int, default=30)
    wanted = parser.parse_args()
    gallery = opened(wanted.data, lambda fanlight: _make(fanlight, wanted), background=True)
    print(json.dumps({"id": gallery.id, "slug": gallery.slug}))


if __name__ == "__main__":
    main()
