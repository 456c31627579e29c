"""Much of a gallery as one ZIP: only what the viewer may have, in the sizes they may have."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from fanlight.delivery import Delivery, Rules
from fanlight.delivery.archives import Archives
from fanlight.delivery.ranges import Piece
from fanlight.errors import Forbidden, NotFound
from fanlight.galleries.downloads import Downloads, Wanted
from fanlight.gallery_model import Act, Activity, Count, Gallery, Party, Right
from fanlight.model import SERVER
from fanlight.words import archive_words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fanlight.model import ArchivePlan
    from fanlight.sharing.passes import Pass
    from tests.galleries.stage import Stage

pytestmark = pytest.mark.anyio

REPORT = archive_words("en").report

WEB_ONLY = frozenset({Right.VIEW, Right.WEB})


class Desk:
    """A stage with downloads over it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        catalogue, channels = stage.world.catalogue, stage.world.channels
        self.noted: list[tuple[int, int]] = []
        self.delivery = Delivery(catalogue, channels, rules=Rules(), sign_key=b"s" * 32)
        self.archives = Archives(
            catalogue, self.delivery, sign_key=b"k" * 32, clock=stage.world.clock
        )
        self.downloads = Downloads(catalogue, stage.galleries, self.archives, noted=self._note)

    def _note(self, act: Act, pass_: Pass, *, asset_id: Any = None, count: int = 1, size: int = 0):
        del pass_, asset_id
        assert act is Act.DOWNLOADED
        self.noted.append((count, size))

    async def taken(self, plan: ArchivePlan, pass_: Pass) -> dict[str, bytes]:
        """What is in the archive that this viewer gets."""
        opened = await self.archives.open(plan)
        whole = Piece(0, opened.length)
        pieces = opened.stream(whole, self.downloads.allowed(pass_))
        with ZipFile(io.BytesIO(b"".join([piece async for piece in pieces]))) as found:
            assert found.testzip() is None
            return {name: found.read(name) for name in found.namelist() if name != REPORT}


@pytest.fixture
async def desk(stage: Stage) -> AsyncIterator[Desk]:
    desk = Desk(stage)
    yield desk
    desk.archives.close()
    await desk.delivery.stop()


async def wedding(stage: Stage, **rules: Any) -> Gallery:
    stage.put("w/top.jpg", "w/Church/1.jpg", "w/Church/2.jpg", "w/Party/1.jpg", "w/Party/film.mp4")
    await stage.index()
    return await stage.gallery("w", **rules)


async def test_all_of_it_has_its_sections_as_folders(desk: Desk) -> None:
    gallery = await wedding(desk.stage)
    pass_ = await desk.stage.a_pass(gallery)
    offer = await desk.downloads.offer(pass_, Wanted())
    assert (offer.count.photos, offer.count.videos) == (4, 1)
    assert offer.edges == (0, 2048, 1024)
    assert offer.name == "Anna & Ben.zip"
    plan = await desk.downloads.plan(pass_, Wanted(), 0)
    found = await desk.taken(plan, pass_)
    assert set(found) == {
        "top.jpg",
        "Church/1.jpg",
        "Church/2.jpg",
        "Party/1.jpg",
        "Party/film.mp4",
    }
    desk.downloads.count(pass_, plan)
    assert desk.noted == [(5, offer.count.size)]
    assert sum(map(len, found.values())) == offer.count.size


async def test_a_section_or_some_of_it_is_one_heap(desk: Desk) -> None:
    gallery = await wedding(desk.stage)
    pass_ = await desk.stage.a_pass(gallery)
    section = next(
        one for one in await desk.stage.galleries.sections(pass_) if one.title == "Church"
    )
    wanted = Wanted(section=section.id)
    assert (await desk.downloads.offer(pass_, wanted)).name == "Anna & Ben, Church.zip"
    plan = await desk.downloads.plan(pass_, wanted, 0)
    assert set(await desk.taken(plan, pass_)) == {"1.jpg", "2.jpg"}
    ids = await desk.stage.ids(gallery)
    picked = Wanted(only=frozenset({ids["top.jpg"], ids["film.mp4"], "another"}))
    plan = await desk.downloads.plan(pass_, picked, 0)
    assert set(await desk.taken(plan, pass_)) == {"top.jpg", "film.mp4"}


async def test_without_the_right_to_originals_there_are_only_pictures_in_web_size(
    desk: Desk,
) -> None:
    gallery = await wedding(desk.stage)
    pass_ = await desk.stage.a_pass(gallery, rights=WEB_ONLY)
    offer = await desk.downloads.offer(pass_, Wanted())
    assert offer.count == Count(4, 0, offer.count.size)
    assert offer.edges == (2048, 1024)
    with pytest.raises(Forbidden) as caught:
        await desk.downloads.plan(pass_, Wanted(), 0)
    assert caught.value.public_code == "forbidden.original"
    with pytest.raises(Forbidden):
        await desk.downloads.plan(pass_, Wanted(), 4096)
    plan = await desk.downloads.plan(pass_, Wanted(), 1024)
    assert all(item.edge == 1024 for item in plan.items)
    looking = await desk.stage.a_pass(gallery, rights=frozenset({Right.VIEW}))
    for refused in (
        desk.downloads.offer(looking, Wanted()),
        desk.downloads.last(looking, Wanted(), 1024),
    ):
        with pytest.raises(Forbidden):
            await refused


async def test_what_a_viewer_does_not_see_is_in_no_archive_not_even_one_planned_before(
    desk: Desk,
) -> None:
    gallery = await wedding(desk.stage)
    client = await desk.stage.a_pass(gallery, Party.CLIENT)
    plan = await desk.downloads.plan(client, Wanted(), 0)
    ids = await desk.stage.ids(gallery)
    await desk.stage.galleries.keep_from_guests(client, ids["top.jpg"])
    guest = await desk.stage.a_pass(gallery)
    assert (await desk.taken(plan, guest))["top.jpg"].strip(b"\0") == b""
    client = await desk.stage.a_pass(gallery, Party.CLIENT)
    other = await desk.downloads.plan(client, Wanted(), 0)
    assert (await desk.taken(other, client))["top.jpg"].strip(b"\0") != b""
    fresh = await desk.downloads.plan(guest, Wanted(), 0)
    assert "top.jpg" not in await desk.taken(fresh, guest)


async def test_a_section_that_is_closed_for_downloads_stays_out(desk: Desk) -> None:
    gallery = await wedding(desk.stage)
    pass_ = await desk.stage.a_pass(gallery)
    church = next(
        one for one in await desk.stage.galleries.sections(pass_) if one.title == "Church"
    )
    await desk.stage.galleries.change_section(SERVER, gallery.id, church.id, downloads=False)
    pass_ = await desk.stage.a_pass(gallery)
    plan = await desk.downloads.plan(pass_, Wanted(), 0)
    assert {item.name for item in plan.items} == {"top.jpg", "Party/1.jpg", "Party/film.mp4"}
    with pytest.raises(NotFound):
        await desk.downloads.offer(pass_, Wanted(section=church.id))


async def test_whoever_goes_on_is_given_the_archive_that_they_began_with(desk: Desk) -> None:
    gallery = await wedding(desk.stage)
    pass_ = await desk.stage.a_pass(gallery)
    begun = await desk.downloads.plan(pass_, Wanted(), 0)
    assert await desk.downloads.plan(pass_, Wanted(), 0) == begun
    desk.stage.put("w/Church/3.jpg")
    await desk.stage.index()
    await desk.stage.galleries.sync(SERVER, gallery.id)
    pass_ = await desk.stage.a_pass(gallery)
    assert await desk.downloads.last(pass_, Wanted(), 0) == begun
    anew = await desk.downloads.plan(pass_, Wanted(), 0)
    assert len(anew.items) == len(begun.items) + 1


async def test_nobody_goes_on_with_what_others_were_given(desk: Desk) -> None:
    gallery = await wedding(desk.stage)
    client = await desk.stage.a_pass(gallery, Party.CLIENT)
    begun = await desk.downloads.plan(client, Wanted(), 0)
    guest = await desk.stage.a_pass(gallery)
    other = replace(guest, gallery=replace(guest.gallery, id="other"))
    assert await desk.downloads.last(client, Wanted(), 0) == begun
    assert await desk.downloads.last(guest, Wanted(), 0) is None
    assert await desk.downloads.last(other, Wanted(), 0) is None
    assert await desk.downloads.last(client, Wanted(section="s"), 0) is None


async def test_there_are_no_more_downloads_than_may_be_but_for_the_owner(desk: Desk) -> None:
    gallery = await wedding(desk.stage, downloads=2)
    pass_ = await desk.stage.a_pass(gallery)

    def happened(act: Act) -> Activity:
        now = desk.stage.world.clock()
        return Activity(0, gallery.id, now, act, None, None, "", None, 5, 9)

    once = [happened(Act.VIEWED), happened(Act.DOWNLOADED)]
    await desk.stage.world.catalogue.write(lambda records: records.activities.add(once))
    await desk.downloads.plan(pass_, Wanted(), 0)
    await desk.stage.world.catalogue.write(lambda records: records.activities.add(once))
    with pytest.raises(Forbidden) as caught:
        await desk.downloads.plan(pass_, Wanted(), 0)
    assert caught.value.public_code == "forbidden.used-up"
    owner = replace(pass_, owner=True)
    assert (await desk.downloads.plan(owner, Wanted(), 0)).ready


async def test_what_an_archive_says_of_itself_is_in_the_language_of_the_gallery(
    desk: Desk,
) -> None:
    gallery = await wedding(desk.stage)
    german = replace(gallery.look, language="de")
    await desk.stage.galleries.change(SERVER, gallery.id, look=german)
    pass_ = await desk.stage.a_pass(await desk.stage.galleries.get(SERVER, gallery.id))
    begun = await desk.downloads.plan(pass_, Wanted(), 0)
    words = archive_words("de")
    taken = await desk.taken(begun, pass_)
    assert taken[words.report].decode().startswith(words("all_read", n=5))
    await desk.stage.galleries.change(SERVER, gallery.id, look=gallery.look)
    pass_ = await desk.stage.a_pass(await desk.stage.galleries.get(SERVER, gallery.id))
    assert await desk.downloads.last(pass_, Wanted(), 0) == begun, "who goes on gets the same"
    anew = await desk.downloads.plan(pass_, Wanted(), 0)
    assert (anew.language, words.report in await desk.taken(anew, pass_)) == ("en", False)
