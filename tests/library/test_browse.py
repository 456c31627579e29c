"""Lists, search, folders and bytes, for everybody and for those who are bound."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.errors import BadName, Forbidden, Invalid, NotFound, ObjectMissing, Unauthenticated
from fanlight.library import KEEP
from fanlight.model import NOBODY, SERVER, Folder, Page, Scope, Sort, Visibility
from fanlight.storage.base import Span
from tests.library.world import an_actor

if TYPE_CHECKING:
    from fanlight.model import Asset
    from tests.library.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
async def filled(world: World) -> World:
    """Assets at the top, in a, a/b, a/bc and c."""
    for path in ("top.txt", "a/1.txt", "a/b/2.txt", "a/b/deep/3.txt", "a/bc/4.txt", "c/5.txt"):
        await world.upload(path, path.encode())
    return world


def aliases(page: Page[Asset]) -> list[str]:
    return sorted(asset.alias for asset in page.items)


async def test_pages_are_of_all_of_a_folder_or_of_what_is_below(filled: World) -> None:
    library = filled.library
    assert len((await library.page(SERVER)).items) == 6
    assert aliases(await library.page(SERVER, folder="")) == ["top.txt"]
    assert aliases(await library.page(SERVER, folder="a")) == ["a/1.txt"]
    assert len((await library.page(SERVER, folder="a", deep=True)).items) == 4
    first = await library.page(SERVER, sort=Sort.NAME, limit=4)
    rest = await library.page(SERVER, sort=Sort.NAME, limit=4, after=first.next)
    assert [asset.name for asset in (*first.items, *rest.items)] == [
        "1.txt",
        "2.txt",
        "3.txt",
        "4.txt",
        "5.txt",
        "top.txt",
    ]


async def test_a_bound_actor_sees_only_inside(filled: World) -> None:
    library, bound = filled.library, an_actor(Scope.LIST, folder="a/b")
    inside = ["a/b/2.txt", "a/b/deep/3.txt"]
    assert aliases(await library.page(bound)) == inside
    assert aliases(await library.page(bound, folder="a", deep=True)) == inside
    assert aliases(await library.page(bound, folder="a/b/deep")) == inside[1:]
    assert aliases(await library.search(bound, "txt")) == inside
    assert aliases(await library.search(bound, "txt", folder="a")) == inside
    for outside in ("", "a", "a/bc", "c"):
        with pytest.raises(Forbidden):
            await library.page(bound, folder=outside)
    with pytest.raises(Forbidden):
        await library.search(bound, "txt", folder="c")
    with pytest.raises(Forbidden):
        await library.tags(bound)


async def test_a_bound_actor_sees_the_folders_on_the_way_and_inside(filled: World) -> None:
    library, bound = filled.library, an_actor(Scope.LIST, folder="a/b")
    assert await library.folders(SERVER) == (Folder("a", 1, 3), Folder("c", 1))
    assert await library.folders(bound) == (Folder("a", 0),)
    assert await library.folders(bound, "a") == (Folder("a/b", 1, 1),)
    assert await library.folders(bound, "a/b") == (Folder("a/b/deep", 1),)
    for outside in ("c", "a/bc"):
        with pytest.raises(Forbidden):
            await library.folders(bound, outside)


async def test_an_actor_bound_to_a_channel_sees_only_what_is_in_it(filled: World) -> None:
    other = await filled.channels.add(SERVER, provider="memory", name="Memory", options={})
    there = (await filled.upload("m.txt", b"m", channel=other.id)).asset
    here = (await filled.everything())["top.txt"]
    bound = an_actor(Scope.LIST, Scope.READ, channel_id=other.id)
    assert aliases(await filled.library.page(bound)) == ["m.txt"]
    assert await filled.library.get(bound, there.id) == there
    with pytest.raises(Forbidden):
        await filled.library.get(bound, here.id)
    with pytest.raises(Forbidden):
        await filled.library.page(bound, channel_id=filled.channel.id)


async def test_looking_needs_the_right_to_look(filled: World) -> None:
    asset = (await filled.everything())["a/1.txt"]
    library = filled.library
    with pytest.raises(Unauthenticated):
        await library.page(NOBODY)
    with pytest.raises(Forbidden):
        await library.page(an_actor(Scope.UPLOAD, Scope.READ))
    with pytest.raises(Forbidden):
        await library.get(an_actor(Scope.UPLOAD, Scope.LIST), asset.id)
    with pytest.raises(Forbidden):
        await library.open(an_actor(Scope.READ, folder="c"), asset.id)
    with pytest.raises(Forbidden):
        await library.placements(an_actor(Scope.READ, folder="c"), asset.id)
    assert (await library.get(an_actor(Scope.READ, folder="a"), asset.id)) == asset


async def test_bytes_are_opened_whole_or_in_part(world: World) -> None:
    asset = (await world.upload("x", b"0123456789")).asset
    opened = await world.library.open(SERVER, asset.id, Span(2, 5))
    assert b"".join([piece async for piece in opened.body]) == b"234"
    await opened.body.aclose()
    (world.folder / "x").unlink()
    with pytest.raises(ObjectMissing):
        await world.library.open(SERVER, asset.id)


async def test_an_asset_is_changed_as_asked_and_otherwise_left(world: World) -> None:
    library = world.library
    until = world.clock() + timedelta(days=1)
    asset = (await world.upload("x", tags=("sea",), expires_at=until)).asset

    hidden = await library.update(SERVER, asset.id, visibility=Visibility.HIDDEN)
    assert (hidden.visibility, hidden.tags, hidden.expires_at) == (
        Visibility.HIDDEN,
        ("sea",),
        until,
    )
    tagged = await library.update(SERVER, asset.id, tags=["b", "a", "b"], expires_at=None)
    assert (tagged.tags, tagged.expires_at) == (("b", "a"), None)
    assert await library.update(SERVER, asset.id, expires_at=KEEP) == tagged
    assert world.actions.count("asset.changed") == 2
    assert [(tag.name, tag.count) for tag in await library.tags(SERVER)] == [("a", 1), ("b", 1)]


async def test_bad_changes_are_refused(world: World) -> None:
    asset = (await world.upload("x")).asset
    library = world.library
    for tags in ([""], ["x" * 65], ["nul\0"], ["a\u202eb"], [str(n) for n in range(101)]):
        with pytest.raises(BadName):
            await library.update(SERVER, asset.id, tags=tags)
    with pytest.raises(Invalid):
        await library.update(SERVER, asset.id, expires_at=world.clock().replace(tzinfo=None))
    with pytest.raises(Forbidden):
        await library.update(an_actor(Scope.UPLOAD), asset.id, tags=[])
    with pytest.raises(NotFound):
        await library.update(SERVER, "nothing", tags=[])
