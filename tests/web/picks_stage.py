"""A whole server with a gallery of three photos, and viewers who pick in it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PIL import Image

from fanlight.galleries.making import Draft
from fanlight.gallery_model import GalleryRules, Party, Proofing
from fanlight.proofing.picking import Mark
from fanlight.sharing.passes import EVERY_RIGHT, Pass
from tests.support.gallery_records import a_viewer

if TYPE_CHECKING:
    from fanlight.gallery_model import Gallery, Selection
    from tests.web.conftest import House

RULES = GalleryRules(proofing=Proofing(stars=True, flags=True, most=30))


@dataclass
class Round:
    """The gallery, and the ids of its photos by name."""

    house: House
    gallery: Gallery
    photos: dict[str, str] = field(default_factory=dict[str, str])

    async def enter(self, number: int, name: str) -> Pass:
        viewer = a_viewer(number, gallery_id=self.gallery.id, name=name)
        await self.house.fanlight.catalogue.write(lambda records: records.viewers.add(viewer))
        return Pass(self.gallery, Party.GUEST, EVERY_RIGHT, viewer=viewer, visit="v")

    async def pick(self, pass_: Pass, *names: str, **mark: object) -> Selection:
        proofing = self.house.fanlight.proofing
        selection: Selection | None = None
        for name in names:
            selection, _ = await proofing.pick(
                pass_, None, self.photos[name], replace(Mark(heart=True), **mark)
            )
        assert selection is not None
        return selection

    async def submit(self, pass_: Pass, selection: Selection, message: str = "") -> Selection:
        """Send a list by the name of who made it."""
        assert pass_.viewer is not None
        return await self.house.fanlight.proofing.submit(
            pass_,
            selection.id,
            version=selection.version,
            name=pass_.viewer.name,
            message=message,
        )


async def a_round(house: House) -> Round:
    """Three photos lie in the channel's root, and are in the gallery Wedding."""
    fanlight, channel = house.fanlight, house.channel
    assert channel is not None
    for number, name in enumerate(["a.jpg", "b.jpg", "c.jpg"]):
        (house.originals / name).write_bytes(_photo(number * 60))
    await fanlight.library.index(house.actor, channel.id)
    gallery = await fanlight.galleries.create(house.actor, Draft("Wedding", rules=RULES))
    await fanlight.galleries.add_source(house.actor, gallery.id, channel.id, "")
    gallery = await fanlight.galleries.get(house.actor, gallery.id)
    shown = await fanlight.galleries.every(Pass(gallery, Party.GUEST, EVERY_RIGHT))
    return Round(house, gallery, {one.asset.name: one.asset.id for one in shown})


def _photo(shade: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, 90, 160)).save(written, "JPEG")
    return written.getvalue()
