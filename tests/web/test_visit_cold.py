"""A gallery in an account that nobody has looked at yet, by the calls that it costs the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from fanlight.app import build
from fanlight.config import Settings
from fanlight.galleries.making import Draft
from fanlight.gallery_model import GalleryRules, GalleryState, Right
from fanlight.model import SERVER
from fanlight.web.app import create_app
from tests.support.dropbox_server import house_at_dropbox
from tests.support.workshop import a_picture

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


async def test_the_first_tile_brings_the_screen_around_it(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(30):
        (photos / f"{number:02}.jpg").write_bytes(a_picture(1000 + number, 700, form="jpeg"))
    async with house_at_dropbox(tmp_path / "data") as house:
        house.control.copy_folder(str(photos), "/Wedding")
        fanlight = build(Settings(data=house.data, **house.settings))
        try:
            await fanlight.pictures.start()
            (channel,) = await fanlight.channels.all(SERVER)
            await fanlight.library.catch_up(SERVER, channel.id)
            rules = GalleryRules(rights=frozenset({Right.VIEW}))
            draft = Draft("Anna & Ben", state=GalleryState.PUBLISHED, rules=rules)
            gallery = await fanlight.galleries.create(SERVER, draft)
            await fanlight.galleries.add_source(SERVER, gallery.id, channel.id, "Wedding")
            page = await fanlight.galleries.items(SERVER, gallery.id)
            ids = [one.asset.id for one in page.items]
            transport = httpx2.ASGITransport(create_app(fanlight))  # pyright: ignore[reportArgumentType]
            async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
                for asset_id in (ids[0], ids[1]):
                    got = await client.get(f"/g/{gallery.slug}/p/{asset_id}/thumb")
                    assert got.status_code == 200
                    assert got.headers["content-type"].startswith("image/")
        finally:
            await fanlight.stop()
        asked = [len(call["arg"]["entries"]) for call in house.calls("files/get_thumbnail_batch")]
        assert asked == [25]
