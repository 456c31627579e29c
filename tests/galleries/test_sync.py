"""A gallery follows its folders: whatever comes, goes, is ignored or comes in pairs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.errors import Forbidden
from fanlight.gallery_model import GallerySort, Party, Source
from fanlight.model import SERVER, Scope
from tests.library.world import an_actor
from tests.support.records import NOW, SECOND, a_placement, an_asset

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from tests.galleries.stage import Stage

pytestmark = pytest.mark.anyio


async def test_a_gallery_holds_the_pictures_and_videos_of_its_folder_in_natural_order(
    each_stage: Stage,
) -> None:
    each_stage.put("w/img10.jpg", "w/IMG2.jpg", "w/img1.jpg", "w/film.mp4", "w/notes.txt")
    each_stage.put("elsewhere/x.jpg", "w2/y.jpg")
    await each_stage.index()
    gallery = await each_stage.gallery("w")
    assert await each_stage.seen(gallery) == ["film.mp4", "img1.jpg", "IMG2.jpg", "img10.jpg"]


async def test_syncing_again_changes_nothing(stage: Stage) -> None:
    stage.put("w/1.jpg", "w/a/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    before = await stage.fresh(gallery)
    stage.told.clear()
    made = await stage.galleries.sync(SERVER, gallery.id)
    assert not made.visible
    assert made.put == []
    assert stage.told == []
    assert (await stage.fresh(gallery)).version == before.version


async def test_what_is_added_appears_and_is_told(stage: Stage) -> None:
    stage.put("w/1.jpg", "w/3.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    stage.put("w/2.jpg")
    await stage.index()
    before = await stage.fresh(gallery)
    stage.told.clear()
    made = await stage.galleries.sync(SERVER, gallery.id)
    assert made.added == 1
    assert await stage.seen(gallery) == ["1.jpg", "2.jpg", "3.jpg"]
    assert (await stage.fresh(gallery)).version > before.version
    assert stage.told == [gallery.id]


async def test_what_is_missing_goes_and_comes_back_where_it_was(each_stage: Stage) -> None:
    stage = each_stage
    stage.put("w/1.jpg", "w/2.jpg", "w/3.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    ids = await stage.ids(gallery)
    await stage.galleries.order(SERVER, gallery.id, [ids["3.jpg"]], before=ids["1.jpg"])
    await stage.galleries.hide(SERVER, gallery.id, [ids["2.jpg"]])
    stage.take("w/3.jpg", "w/2.jpg")
    await stage.index()
    assert (await stage.galleries.sync(SERVER, gallery.id)).away == 2
    assert await stage.seen(gallery) == ["1.jpg"]
    stage.put("w/3.jpg", "w/2.jpg")
    await stage.index()
    assert (await stage.galleries.sync(SERVER, gallery.id)).back == 2
    assert await stage.seen(gallery) == ["3.jpg", "1.jpg"]
    assert (await stage.ids(gallery))["2.jpg"] == ids["2.jpg"]


async def test_a_trashed_photo_is_gone_at_once(stage: Stage) -> None:
    stage.put("w/1.jpg", "w/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    ids = await stage.ids(gallery)
    await stage.world.catalogue.write(lambda records: records.assets.trash(ids["1.jpg"], NOW))
    assert await stage.seen(gallery) == ["2.jpg"]
    await stage.world.catalogue.write(lambda records: records.assets.restore(ids["1.jpg"]))
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.seen(gallery) == ["1.jpg", "2.jpg"]


async def test_ignored_patterns_leave_out_names_and_folders_of_any_case(stage: Stage) -> None:
    stage.put("w/1.jpg", "w/2_DRAFT.jpg", "w/rejects/3.jpg", "w/.hidden/4.jpg")
    await stage.index()
    gallery = await stage.gallery("w", ignored=("*_draft.*", "Rejects"))
    assert await stage.seen(gallery) == ["1.jpg"]
    rules = replace(gallery.rules, ignored=())
    await stage.galleries.change(SERVER, gallery.id, rules=rules)
    assert await stage.seen(gallery) == ["1.jpg", "2_DRAFT.jpg", "3.jpg"]


async def test_a_raw_and_its_picture_are_shown_once(stage: Stage) -> None:
    stage.put("w/1.dng", "w/1.JPG", "w/2.dng", "w/a/3.dng", "w/3.jpg")
    await stage.index()
    gallery = await stage.gallery("w", sections=False)
    ids = await stage.ids(gallery)
    assert sorted(ids) == ["1.JPG", "2.dng", "3.dng", "3.jpg"]
    items = await stage.galleries.items(SERVER, gallery.id)
    companions = {one.asset.name: one.item.companion_id for one in items.items}
    assert companions["1.JPG"] is not None
    assert companions["3.jpg"] is None
    await stage.galleries.change(SERVER, gallery.id, rules=replace(gallery.rules, pairs=False))
    assert sorted(await stage.ids(gallery)) == ["1.JPG", "1.dng", "2.dng", "3.dng", "3.jpg"]


async def test_folders_below_become_sections_in_natural_order(stage: Stage) -> None:
    stage.put("w/0.jpg", "w/10 Party/a.jpg", "w/2 Church/b.jpg", "w/2 Church/deep/c.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    assert await stage.sections(gallery) == [("2 Church", 2), ("10 Party", 1)]
    assert await stage.seen(gallery) == ["0.jpg", "b.jpg", "c.jpg", "a.jpg"]
    church, party = await stage.galleries.all_sections(SERVER, gallery.id)
    assert await stage.seen(gallery, section=party.id) == ["a.jpg"]
    assert await stage.seen(gallery, section=church.id) == ["b.jpg", "c.jpg"]


async def test_a_flattened_folder_has_no_sections(stage: Stage) -> None:
    stage.put("w/b/1.jpg", "w/a/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w", sections=False)
    assert await stage.sections(gallery) == []
    assert await stage.seen(gallery) == ["1.jpg", "2.jpg"]
    (source,) = await stage.galleries.sources(SERVER, gallery.id)
    await stage.galleries.change_source(SERVER, gallery.id, source.id, sections=True)
    assert await stage.sections(gallery) == [("a", 1), ("b", 1)]


async def test_several_folders_are_a_section_each(stage: Stage) -> None:
    stage.put("Church/1.jpg", "Party/2.jpg", "Party/Late/3.jpg")
    await stage.index()
    gallery = await stage.gallery("Party", "Church")
    assert await stage.sections(gallery) == [("Party", 1), ("Late", 1), ("Church", 1)]
    party, _ = await stage.galleries.sources(SERVER, gallery.id)
    await stage.galleries.remove_source(SERVER, gallery.id, party.id)
    assert await stage.seen(gallery) == ["1.jpg"]
    assert await stage.sections(gallery) == []


async def test_a_renamed_and_reordered_section_stays_so(stage: Stage) -> None:
    stage.put("w/a/1.jpg", "w/b/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    a, b = await stage.galleries.all_sections(SERVER, gallery.id)
    await stage.galleries.change_section(SERVER, gallery.id, b.id, title="Best of")
    await stage.galleries.order_sections(SERVER, gallery.id, [b.id, a.id])
    stage.put("w/b/3.jpg", "w/0/4.jpg")
    await stage.index()
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.sections(gallery) == [("Best of", 2), ("a", 1), ("0", 1)]
    assert await stage.seen(gallery) == ["2.jpg", "3.jpg", "1.jpg", "4.jpg"]


async def test_a_hidden_section_is_seen_by_nobody(stage: Stage) -> None:
    stage.put("w/a/1.jpg", "w/b/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    _, b = await stage.galleries.all_sections(SERVER, gallery.id)
    ids = await stage.ids(gallery)
    await stage.galleries.change_section(SERVER, gallery.id, b.id, hidden=True)
    assert await stage.seen(gallery) == ["1.jpg"]
    assert await stage.sections(gallery) == [("a", 1)]
    assert not await stage.galleries.contains(await stage.a_pass(gallery), ids["2.jpg"])


async def test_what_is_beside_a_photo_is_what_is_seen_after_and_before_it(stage: Stage) -> None:
    stage.put(*(f"w/{number}.jpg" for number in range(1, 8)))
    await stage.index()
    gallery = await stage.gallery("w")
    ids = await stage.ids(gallery)
    await stage.galleries.hide(SERVER, gallery.id, [ids["5.jpg"]])
    client = await stage.a_pass(gallery, Party.CLIENT)
    await stage.galleries.keep_from_guests(client, ids["2.jpg"])
    names = {asset_id: name for name, asset_id in ids.items()}

    async def beside(name: str, most: int, party: Party = Party.GUEST) -> str:
        pass_ = await stage.a_pass(gallery, party)
        found = await stage.galleries.beside(pass_, ids[name], most)
        return " ".join(names[one].removesuffix(".jpg") for one in found)

    assert await beside("3.jpg", 2) == "4 6"
    assert await beside("3.jpg", 9) == "4 6 7 1"
    assert await beside("3.jpg", 9, Party.CLIENT) == "4 6 7 2 1"


async def test_the_section_of_a_folder_that_is_gone_stays_as_long_as_it_may_come_back(
    stage: Stage,
) -> None:
    stage.put("w/a/1.jpg", "w/b/2.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    stage.take("w/b/2.jpg")
    await stage.index()
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.sections(gallery) == [("a", 1)]
    assert len(await stage.galleries.all_sections(SERVER, gallery.id)) == 2


async def test_photos_sort_by_the_time_they_were_taken_those_without_it_last(
    stage: Stage,
) -> None:
    stage.put("w/a.jpg", "w/b.jpg", "w/c.jpg")
    await stage.index()
    gallery = await stage.gallery("w", sort=GallerySort.TAKEN)
    ids = await stage.ids(gallery)
    for name, seconds in (("a.jpg", 5), ("c.jpg", 3)):
        taken = NOW + seconds * SECOND
        await stage.world.catalogue.write(
            lambda records: records.assets.update(ids[name], taken_at=taken)  # noqa: B023
        )
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.seen(gallery) == ["c.jpg", "a.jpg", "b.jpg"]
    backwards = replace(gallery.rules, backwards=True)
    await stage.galleries.change(SERVER, gallery.id, rules=backwards)
    assert await stage.seen(gallery) == ["a.jpg", "c.jpg", "b.jpg"]


async def test_what_is_new_comes_last_in_a_gallery_sorted_by_hand(stage: Stage) -> None:
    stage.put("w/a.jpg", "w/b.jpg", "w/c.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    ids = await stage.ids(gallery)
    await stage.galleries.order(
        SERVER, gallery.id, [ids["c.jpg"], ids["b.jpg"]], before=ids["a.jpg"]
    )
    assert (await stage.fresh(gallery)).rules.sort is GallerySort.HAND
    stage.put("w/0.jpg")
    await stage.index()
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.seen(gallery) == ["c.jpg", "b.jpg", "a.jpg", "0.jpg"]
    await stage.galleries.order(SERVER, gallery.id, [ids["c.jpg"]])
    assert await stage.seen(gallery) == ["b.jpg", "a.jpg", "0.jpg", "c.jpg"]


async def test_chosen_photos_stay_when_no_folder_has_them(stage: Stage) -> None:
    stage.put("w/1.jpg", "x/2.jpg", "x/3.txt")
    await stage.index()
    gallery = await stage.gallery("w")
    assets = {one.name: one.id for one in (await stage.world.everything()).values()}
    added = await stage.galleries.choose(
        SERVER, gallery.id, [assets["2.jpg"], assets["3.txt"], assets["1.jpg"]]
    )
    assert added == 1
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.seen(gallery) == ["1.jpg", "2.jpg"]
    stage.take("x/2.jpg")
    await stage.index()
    await stage.galleries.sync(SERVER, gallery.id)
    assert await stage.seen(gallery) == ["1.jpg"]
    stage.put("x/2.jpg")
    await stage.index()
    await stage.galleries.sync(SERVER, gallery.id)
    await stage.galleries.take_out(SERVER, gallery.id, [assets["2.jpg"]])
    assert await stage.seen(gallery) == ["1.jpg"]


async def test_five_thousand_photos_are_filled_in_and_paged_to_the_last(
    each_stage: Stage,
) -> None:
    stage, number = each_stage, 5000

    def add(records: Records) -> None:
        assets = [
            an_asset(one, id=f"a{one:05}", name=f"{one}.jpg", folder="w", alias=f"w/{one}.jpg")
            for one in range(number)
        ]
        records.assets.add_many(
            (
                asset,
                a_placement(
                    asset, channel_id=stage.channel_id, path=asset.alias, locator=asset.alias
                ),
                asset.alias,
            )
            for asset in assets
        )

    await stage.world.catalogue.write(add)
    gallery = await stage.gallery("w")
    pass_, seen, after = await stage.a_pass(gallery), list[str](), None
    outline = iter(await stage.galleries.outline(pass_))
    while True:
        page = await stage.galleries.page(pass_, after=after)
        foreseen = next(outline)
        assert foreseen.after == after
        assert [one.name for one in foreseen.shapes] == [one.asset.name for one in page.items]
        seen += [one.asset.name for one in page.items]
        after = page.next
        if after is None:
            break
    assert seen == [f"{one}.jpg" for one in range(number)]
    assert page.total.photos == number
    assert next(outline, None) is None
    assert not (await stage.galleries.sync(SERVER, gallery.id)).visible


async def test_a_channel_brings_all_its_galleries_up_to_date(stage: Stage) -> None:
    stage.put("w/1.jpg", "x/2.jpg")
    await stage.index()
    one, other = await stage.gallery("w"), await stage.gallery("x")
    stage.put("w/3.jpg")
    await stage.index()
    assert await stage.galleries.sync_channel(SERVER, stage.channel_id) == 1
    assert await stage.seen(one) == ["1.jpg", "3.jpg"]
    assert await stage.seen(other) == ["2.jpg"]


async def test_a_gallery_of_a_channel_that_is_not_usable_is_passed_over_and_stays(
    stage: Stage,
) -> None:
    stage.put("w/1.jpg", "x/2.jpg")
    await stage.index()
    lost, good = await stage.gallery("w"), await stage.gallery("x")
    (source,) = await stage.galleries.sources(SERVER, lost.id)
    connection = stage.world.channel.connection_id
    await stage.world.catalogue.write(
        lambda records: records.connections.update(connection, options={"path": "/nowhere"})
    )
    assert isinstance(source, Source)
    stage.world.clock.advance(5)
    assert await stage.galleries.sync_channel(SERVER) == 0
    assert await stage.seen(lost) == ["1.jpg"]
    assert await stage.seen(good) == ["2.jpg"]


async def test_who_is_bound_to_a_channel_manages_no_galleries(stage: Stage) -> None:
    gallery = await stage.gallery()
    bound = an_actor(Scope.MANAGE, channel_id=stage.channel_id)
    with pytest.raises(Forbidden):
        await stage.galleries.sync(bound, gallery.id)


async def test_a_gallery_of_an_unread_channel_is_filled_from_its_folder_alone(
    stage: Stage,
) -> None:
    stage.put("w/1.jpg", "w/a/2.jpg", "other/3.jpg")
    gallery = await stage.gallery("w")
    assert await stage.seen(gallery) == []
    made = await stage.galleries.fill(SERVER, gallery.id)
    assert made.added == 2
    assert await stage.seen(gallery) == ["1.jpg", "2.jpg"]
    assert sorted(await stage.world.everything()) == ["w/1.jpg", "w/a/2.jpg"]


async def test_only_galleries_sorted_by_time_wait_for_what_pictures_say(stage: Stage) -> None:
    stage.put("w/a.jpg", "w/b.jpg")
    await stage.index()
    by_time = await stage.gallery("w", sort=GallerySort.TAKEN)
    await stage.gallery("w")
    ids = await stage.ids(by_time)
    await stage.world.catalogue.write(
        lambda records: records.assets.update(ids["b.jpg"], taken_at=NOW)
    )
    assert await stage.galleries.sync_by_time(SERVER) == 1
    assert await stage.seen(by_time) == ["b.jpg", "a.jpg"]


async def test_an_archived_gallery_stays_as_it_is(stage: Stage) -> None:
    stage.put("w/1.jpg")
    await stage.index()
    gallery = await stage.gallery("w")
    await stage.galleries.archive(SERVER, gallery.id)
    stage.put("w/2.jpg")
    await stage.index()
    assert await stage.galleries.sync_channel(SERVER, stage.channel_id) == 0
    assert await stage.seen(gallery) == ["1.jpg"]


async def test_an_outline_leads_to_every_page_of_what_is_looked_at(stage: Stage) -> None:
    stage.put(*(f"w/A/{one}.jpg" for one in range(15)), "w/B/1.jpg")
    await stage.index()
    pass_ = await stage.a_pass(await stage.gallery("w"))
    first, _ = await stage.galleries.sections(pass_)
    looks: tuple[dict[str, Any], ...] = ({}, {"section": first.id}, {"search": "1"})
    for look, count in zip(looks, (16, 15, 7), strict=True):
        outline = await stage.galleries.outline(pass_, limit=3, **look)
        seen: list[tuple[str, str | None]] = []
        for sketch in outline:
            page = await stage.galleries.page(pass_, after=sketch.after, limit=3, **look)
            seen += [(one.asset.id, one.item.section_id) for one in page.items]
        assert seen == [(one.asset_id, one.section_id) for two in outline for one in two.shapes]
        assert len(seen) == count
