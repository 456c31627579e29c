"""A screen of a folder that nobody has looked at yet, through the public door."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from fanlight.model import SERVER
from tests.web.test_connect import near
from tests.web.test_following import connected

if TYPE_CHECKING:
    from dropbox_emulator.pytest_plugin import EmulatorHandle
    from tests.web.conftest import House

__all__ = ["near"]
pytestmark = pytest.mark.anyio

FOLDER, SCREEN, CALL = 60, 50, 25
"""Photos in the folder, tiles on a screen, and previews that the service gives in a call."""


async def test_fifty_tiles_of_an_unseen_folder_share_calls_and_take_no_original(
    near: House, dropbox_emulator: EmulatorHandle
) -> None:
    client, channel, _ = await connected(near, dropbox_emulator)
    control = dropbox_emulator.control
    control.photos(FOLDER, path="/fanlight/unseen")
    await near.fanlight.library.index(SERVER, channel)
    found = (await client.get(f"/api/v1/assets?folder=unseen&limit={SCREEN}")).json()["items"]
    links = [f"/a/{one['id']}/thumb" for one in found]
    assert len(links) == SCREEN

    tiles = await asyncio.gather(*(client.get(link) for link in links))

    assert {tile.status_code for tile in tiles} == {200}
    for tile in tiles:
        assert Image.open(io.BytesIO(tile.content)).height > 100
    calls = control.log("files/get_thumbnail_batch")["requests"]
    assert sum(len(one["arg"]["entries"]) for one in calls) == SCREEN
    assert all(len(one["arg"]["entries"]) <= CALL for one in calls)
    assert len(calls) <= SCREEN // 5, "two where the machine keeps up with the asking"
    assert not control.log("files/download", status=200)["count"]
    assert not control.log("files/download", status=206)["count"]
