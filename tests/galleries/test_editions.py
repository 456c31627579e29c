"""Whether a gallery still shows what it showed: seen by every process, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fanlight.catalogue.items import Items
from fanlight.errors import Forbidden, NotFound
from fanlight.galleries import Galleries
from fanlight.gallery_model import Party
from fanlight.model import SERVER, Facts
from tests.support.records import an_asset, put

if TYPE_CHECKING:
    from fanlight.gallery_model import Item
    from tests.galleries.stage import Stage

pytestmark = pytest.mark.anyio


async def test_an_edition_lasts_while_nothing_of_it_changes(each_stage: Stage) -> None:
    stage = each_stage
    stage.put("w/1.jpg", "elsewhere/2.jpg")
    await stage.index()
    gallery, other = await stage.gallery("w"), await stage.gallery("elsewhere")
    guest, client = await stage.a_pass(gallery), await stage.a_pass(gallery, Party.CLIENT)
    first = await stage.galleries.edition(guest)
    await stage.world.catalogue.write(lambda records: put(records, an_asset(70)))
    await stage.galleries.hide(SERVER, other.id, [(await stage.ids(other))["2.jpg"]])
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.galleries.edition(guest) == first
    assert await stage.galleries.edition(client) != first


async def test_an_edition_ends_with_a_change_in_any_process(each_stage: Stage) -> None:
    stage, world = each_stage, each_stage.world
    stage.put("w/1.jpg", "w/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    ids = await stage.ids(gallery)
    guest, photo = await stage.a_pass(gallery), ids["1.jpg"]
    elsewhere = Galleries(world.catalogue, world.channels, world.library, clock=world.clock)
    editions = [await stage.galleries.edition(guest)]
    version = (await world.library.get(SERVER, photo)).version
    for change in (
        elsewhere.hide(SERVER, gallery.id, [photo]),
        elsewhere.order(SERVER, gallery.id, [photo]),
        elsewhere.change(SERVER, gallery.id, title="Ben & Anna"),
        world.catalogue.write(lambda records: records.assets.update(photo, name="x.jpg")),
        world.catalogue.write(lambda records: records.facts.keep(photo, version, Facts(width=3))),
        world.catalogue.write(lambda records: records.assets.trash(photo, world.clock())),
    ):
        await change
        editions.append(await stage.galleries.edition(guest))
        assert await stage.galleries.edition(guest) == editions[-1]
    assert len(set(editions)) == len(editions)
    await elsewhere.close()


async def test_an_edition_ends_when_a_photo_expires(stage: Stage) -> None:
    stage.put("w/1.jpg", "w/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    ids, soon = await stage.ids(gallery), stage.world.clock() + timedelta(hours=1)
    await stage.world.catalogue.write(
        lambda records: records.assets.update(ids["1.jpg"], expires_at=soon)
    )
    guest = await stage.a_pass(gallery)
    before = await stage.galleries.edition(guest)
    assert await stage.galleries.edition(guest) == before
    stage.world.clock.advance(3600)
    after = await stage.galleries.edition(guest)
    assert after != before
    assert await stage.galleries.edition(guest) == after


async def test_items_are_not_read_again_when_only_an_asset_changes(
    each_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, write = each_stage, each_stage.world.catalogue.write
    stage.put("w/1.jpg", "w/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    ids, guest = await stage.ids(gallery), await stage.a_pass(gallery)
    before = await stage.galleries.edition(guest)

    def never(_items: Items, _gallery_id: str) -> tuple[Item, ...]:
        raise AssertionError("read again")

    with monkeypatch.context() as patched:
        patched.setattr(Items, "of", never)
        await write(lambda records: records.assets.update(ids["1.jpg"], name="x.jpg"))
        assert await stage.galleries.edition(guest) != before
    await write(lambda records: records.assets.trash(ids["1.jpg"], stage.world.clock()))
    await write(lambda records: records.assets.purge(ids["1.jpg"]))
    await stage.galleries.edition(guest)
    assert not await stage.galleries.contains(guest, ids["1.jpg"])


async def test_an_edition_is_for_who_may_look_at_what_is_there(stage: Stage) -> None:
    gallery = await stage.gallery()
    with pytest.raises(Forbidden):
        await stage.galleries.edition(await stage.a_pass(gallery, rights=frozenset()))
    guest = await stage.a_pass(gallery)
    await stage.galleries.remove(SERVER, gallery.id)
    with pytest.raises(NotFound):
        await stage.galleries.edition(guest)
