"""Walking the folders of a channel, as they are right now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import NotFound
from fanlight.model import SERVER, Account, Finding, Severity

if TYPE_CHECKING:
    from tests.galleries.stage import Stage

pytestmark = pytest.mark.anyio


async def test_a_view_has_its_folders_with_counts_in_natural_order(stage: Stage) -> None:
    stage.put("w/10/a.jpg", "w/2/b.jpg", "w/2/c.mp4", "w/2/d.txt", "w/2/x/e.jpg", "w/f.jpg")
    (stage.world.folder / "w" / ".cache").mkdir()
    view = await stage.galleries.folders(SERVER, stage.channel_id, "w")
    assert [one.path for one in view.folders] == ["w/2", "w/10"]
    two, ten = view.folders
    assert two.count is not None
    assert ten.count is not None
    assert (two.count.photos, two.count.videos, two.folders) == (1, 1, 1)
    assert (ten.count.photos, ten.more) == (1, False)
    assert view.here.count is not None
    assert (view.here.name, view.here.count.photos) == ("w", 1)
    assert two.cover is None


async def test_a_cover_is_a_photo_that_the_catalogue_knows(stage: Stage) -> None:
    stage.put("w/2.jpg", "w/10.jpg")
    await stage.index()
    view = await stage.galleries.folders(SERVER, stage.channel_id)
    found = await stage.world.everything()
    assert [one.cover for one in view.folders] == [found["w/2.jpg"].id]


async def test_a_listing_is_believed_for_a_minute_unless_it_is_wanted_anew(stage: Stage) -> None:
    stage.put("w/1.jpg")
    await stage.galleries.folders(SERVER, stage.channel_id)
    stage.put("x/2.jpg")

    async def names(*, anew: bool = False) -> list[str]:
        view = await stage.galleries.folders(SERVER, stage.channel_id, anew=anew)
        return [one.name for one in view.folders]

    assert await names() == ["w"]
    assert await names(anew=True) == ["w", "x"]
    stage.put("y/3.jpg")
    stage.world.clock.advance(61)
    assert await names() == ["w", "x", "y"]


async def test_a_folder_that_is_not_there_is_said_to_be_missing(stage: Stage) -> None:
    with pytest.raises(NotFound):
        await stage.galleries.folders(SERVER, stage.channel_id, "nowhere")


async def test_an_empty_view_says_what_the_diagnosis_found(stage: Stage) -> None:
    finding = Finding("root.app-folder", Severity.PROBLEM, "The app sees its own folder only")
    await stage.world.catalogue.write(
        lambda records: records.channels.update(stage.channel_id, findings=(finding,))
    )
    stage.world.clock.advance(5)
    view = await stage.galleries.folders(SERVER, stage.channel_id)
    assert view.finding is not None
    assert view.finding.meaning == finding.meaning


async def test_an_empty_view_says_how_far_the_connection_reaches(stage: Stage) -> None:
    assert (await stage.galleries.folders(SERVER, stage.channel_id)).finding is None
    connection = stage.world.channel.connection_id
    account = Account("a", "Ada", access="App folder")
    await stage.world.catalogue.write(
        lambda records: records.connections.update(connection, account=account)
    )
    stage.world.clock.advance(5)
    view = await stage.galleries.folders(SERVER, stage.channel_id)
    assert view.finding is not None
    assert "App folder" in view.finding.detail
    assert replace(view, finding=None).folders == ()
