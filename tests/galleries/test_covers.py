"""Which photos show what is in a folder, and how far one looks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fanlight.errors import BrokenPicture, Forbidden, NotFound
from fanlight.galleries.covers import Covers
from fanlight.galleries.folders import MOST_SEARCHED, OFFERED
from fanlight.model import SERVER, Scope
from fanlight.pictures.forms import Form
from fanlight.pictures.glancing import Seen
from fanlight.renditions.recipes import PRESETS
from tests.library.world import an_actor

if TYPE_CHECKING:
    from fanlight.storage.base import Entry
    from tests.galleries.stage import Stage

pytestmark = pytest.mark.anyio


class Glances:
    """Shows the name of what it was asked for; what begins with `bad` cannot be read."""

    def small(self, accept: bytes, /) -> Form:
        assert accept == b"image/webp"
        return Form(PRESETS["thumb"])

    async def glance(self, channel_id: str, entry: Entry, media_type: str, form: Form, /) -> Seen:
        assert channel_id
        assert form.recipe == PRESETS["thumb"]
        if entry.name.startswith("bad"):
            raise BrokenPicture
        return Seen(media_type, entry.path.encode())


async def cover(stage: Stage, path: str) -> str:
    covers = Covers(stage.galleries, Glances())
    return (await covers.of_folder(SERVER, stage.channel_id, path, b"image/webp")).data.decode()


async def test_the_first_photo_of_a_folder_that_can_be_read_shows_it(stage: Stage) -> None:
    stage.put("w/10.jpg", "w/2.jpg", "w/a/1.jpg", "x/bad.jpg", "x/good.jpg")
    assert await cover(stage, "w") == "w/2.jpg"
    assert await cover(stage, "x") == "x/good.jpg"


async def test_else_it_is_shown_by_a_folder_in_it_the_nearest_first(stage: Stage) -> None:
    stage.put("w/a/deep/1.jpg", "w/b/2.jpg", "v/a/b/3.jpg", "v/1.mp4")
    assert await cover(stage, "w") == "w/b/2.jpg"
    assert await cover(stage, "v") == "v/a/b/3.jpg"


async def test_one_looks_only_so_far(stage: Stage) -> None:
    chain = "/".join(str(number) for number in range(MOST_SEARCHED))
    stage.put(f"{chain}/1.jpg", f"s/{chain}/2.jpg")
    assert await cover(stage, "0") == f"{chain}/1.jpg"
    with pytest.raises(NotFound) as caught:
        await cover(stage, "s")
    assert caught.value.public_code == "not-found.cover"
    stage.put(*(f"b/bad{number}.jpg" for number in range(OFFERED)), "b/good.jpg")
    with pytest.raises(NotFound):
        await cover(stage, "b")


async def test_a_view_names_the_version_of_each_first_photo(stage: Stage) -> None:
    stage.put("w/1.jpg", "x/y/2.jpg")

    async def firsts() -> dict[str, str]:
        view = await stage.galleries.folders(SERVER, stage.channel_id, anew=True)
        assert view.glances
        return {one.name: one.first for one in view.folders}

    before = await firsts()
    assert before["w"]
    assert before["x"] == ""
    (stage.world.folder / "w" / "1.jpg").write_bytes(b"\xff\xd8\xff another one")
    assert (await firsts())["w"] not in ("", before["w"])


async def test_covers_are_for_who_manages_galleries(stage: Stage) -> None:
    stage.put("w/1.jpg")
    bound = an_actor(Scope.MANAGE, channel_id=stage.channel_id)
    with pytest.raises(Forbidden):
        await Covers(stage.galleries, Glances()).of_folder(
            bound, stage.channel_id, "w", b"image/webp"
        )
