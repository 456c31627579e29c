"""What is kept of galleries' pages: a change is seen by the next request, by whom it concerns.

A server that was started a moment ago has kept nothing. What it answers is what every server must.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from fanlight.app import Fanlight, build
from fanlight.galleries.members import Known
from fanlight.galleries.viewing import Edition, GalleryPage
from fanlight.gallery_model import (
    Count,
    CoverStyle,
    GalleryState,
    Item,
    Look,
    Party,
    Proofing,
    Reach,
    Right,
    Shown,
)
from fanlight.model import SERVER, Facts, Visibility
from fanlight.sharing.keys import Key
from fanlight.sharing.passes import Pass
from fanlight.web.app import create_app
from fanlight.web.bundle import Bundle
from fanlight.web.studio.pages import Pages
from fanlight.web.visit.sheets import Asked, Sheets
from tests.support.gallery_records import a_gallery
from tests.support.records import an_asset
from tests.support.workshop import a_picture
from tests.web.conftest import ORIGIN
from tests.web.visit_stage import VisitStage, staged

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from fanlight.catalogue import Records
    from fanlight.galleries import Galleries
    from tests.web.conftest import House

    Change = Callable[["Fanlight", "VisitStage"], Awaitable[object]]

pytestmark = pytest.mark.anyio

SHOWN = ("", "/items", "/embed")
"""Pages of which something is kept."""


@pytest.fixture
async def stage(house: House) -> VisitStage:
    return await staged(house)


@pytest.fixture
async def other(stage: VisitStage) -> AsyncIterator[Fanlight]:
    """Another process on the same data."""
    made = build(stage.house.fanlight.settings)
    yield made
    await made.stop()


# --- changes ------------------------------------------------------------------------------------


async def hide(use: Fanlight, stage: VisitStage) -> None:
    await use.galleries.hide(SERVER, stage.gallery.id, [stage.ids["two.jpg"]])


async def order(use: Fanlight, stage: VisitStage) -> None:
    await use.galleries.order(
        SERVER, stage.gallery.id, [stage.ids["two.jpg"]], before=stage.ids["film.mp4"]
    )


async def add_a_photo(use: Fanlight, stage: VisitStage) -> None:
    path = stage.house.originals / "wedding" / "three.jpg"
    path.write_bytes(a_picture(100, 100, "green", "jpeg"))
    await come_or_go(use, stage)


async def remove_a_photo(use: Fanlight, stage: VisitStage) -> None:
    (stage.house.originals / "wedding" / "two.jpg").unlink()
    await come_or_go(use, stage)


async def add_a_section(use: Fanlight, stage: VisitStage) -> None:
    folder = stage.house.originals / "wedding" / "Church"
    folder.mkdir()
    (folder / "four.jpg").write_bytes(a_picture(100, 90, "blue", "jpeg"))
    await come_or_go(use, stage)


async def come_or_go(use: Fanlight, stage: VisitStage) -> None:
    assert stage.house.channel is not None
    await use.library.index(SERVER, stage.house.channel.id)
    await use.galleries.sync(SERVER, stage.gallery.id)


async def take_out(use: Fanlight, stage: VisitStage) -> None:
    galleries, gallery_id = use.galleries, stage.gallery.id
    (source,) = await galleries.sources(SERVER, gallery_id)
    await galleries.remove_source(SERVER, gallery_id, source.id)


async def trash(use: Fanlight, stage: VisitStage) -> None:
    await use.catalogue.write(
        lambda records: records.assets.trash(stage.ids["two.jpg"], datetime.now(UTC))
    )


async def block(use: Fanlight, stage: VisitStage) -> None:
    await use.library.update(SERVER, stage.ids["two.jpg"], visibility=Visibility.BLOCKED)


async def expire(use: Fanlight, stage: VisitStage) -> None:
    gone = datetime.now(UTC) - timedelta(seconds=1)
    await of_asset(use, stage, expires_at=gone)


async def rename(use: Fanlight, stage: VisitStage) -> None:
    await of_asset(use, stage, name="second.jpg")


async def edit(use: Fanlight, stage: VisitStage) -> None:
    await of_asset(use, stage, version=2)


async def of_asset(use: Fanlight, stage: VisitStage, **fields: Any) -> None:
    asset_id = stage.ids["two.jpg"]
    await use.catalogue.write(lambda records: records.assets.update(asset_id, **fields))


async def learn(use: Fanlight, stage: VisitStage) -> None:
    facts = Facts(width=333, height=222, caption="The kiss", camera="X100")

    def unit(records: Records) -> None:
        asset = records.assets.get(stage.ids["two.jpg"])
        assert records.facts.keep(asset.id, asset.version, facts)

    await use.catalogue.write(unit)


async def choose_a_cover(use: Fanlight, stage: VisitStage) -> None:
    await use.galleries.change(SERVER, stage.gallery.id, cover_id=stage.ids["two.jpg"])


async def speak_german(use: Fanlight, stage: VisitStage) -> None:
    await use.galleries.change(SERVER, stage.gallery.id, look=Look(language="de"))


async def begin_plainly(use: Fanlight, stage: VisitStage) -> None:
    await use.galleries.change(SERVER, stage.gallery.id, look=Look(cover=CoverStyle.PLAIN))


async def call_it_otherwise(use: Fanlight, stage: VisitStage) -> None:
    await use.galleries.change(SERVER, stage.gallery.id, title="Ben & Anna")


async def ask_for_a_pin(use: Fanlight, stage: VisitStage) -> None:
    await use.galleries.change(SERVER, stage.gallery.id, pin="1234")


async def take_rights(use: Fanlight, stage: VisitStage) -> None:
    await rules(use, stage, rights=frozenset({Right.VIEW}))


async def ask_for_stars(use: Fanlight, stage: VisitStage) -> None:
    await rules(use, stage, proofing=Proofing(stars=True, most=3))


async def list_it(use: Fanlight, stage: VisitStage) -> None:
    await rules(use, stage, reach=Reach.LISTED)


async def rules(use: Fanlight, stage: VisitStage, **known: Any) -> None:
    changed = replace(stage.gallery.rules, **known)
    await use.galleries.change(SERVER, stage.gallery.id, rules=changed)


CHANGES: tuple[Change, ...] = (
    hide,
    order,
    add_a_photo,
    remove_a_photo,
    add_a_section,
    take_out,
    trash,
    block,
    expire,
    rename,
    edit,
    learn,
    choose_a_cover,
)
OF_THE_GALLERY: tuple[Change, ...] = (
    speak_german,
    begin_plainly,
    call_it_otherwise,
    ask_for_a_pin,
    take_rights,
    ask_for_stars,
    list_it,
)
"""What stands in the gallery's own record."""


async def seen(client: httpx2.AsyncClient, base: str) -> list[str]:
    """All that a visitor is shown."""
    answers = [await client.get(base + path) for path in SHOWN]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.text for answer in answers]


async def afresh(stage: VisitStage, base: str, **headers: str) -> list[str]:
    """The same, from a server that has just started."""
    fanlight = build(stage.house.fanlight.settings)
    transport = httpx2.ASGITransport(create_app(fanlight), client=("127.0.0.1", 4000))  # pyright: ignore[reportArgumentType]
    try:
        async with httpx2.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=headers
        ) as client:
            return await seen(client, base)
    finally:
        await fanlight.stop()


@pytest.mark.parametrize("change", CHANGES + OF_THE_GALLERY, ids=lambda one: one.__name__)
async def test_a_change_is_seen_by_the_next_request(stage: VisitStage, change: Change) -> None:
    client = stage.client()
    before = await seen(client, stage.base)
    assert await seen(client, stage.base) == before
    await change(stage.house.fanlight, stage)
    after = await seen(client, stage.base)
    assert after != before
    assert after == await afresh(stage, stage.base)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
async def test_what_another_process_changes_about_photos_is_seen_by_the_next_request(
    stage: VisitStage, other: Fanlight, change: Change
) -> None:
    client = stage.client()
    before = await seen(client, stage.base)
    await change(other, stage)
    after = await seen(client, stage.base)
    assert after != before
    assert after == await afresh(stage, stage.base)


@pytest.mark.parametrize("change", OF_THE_GALLERY, ids=lambda one: one.__name__)
async def test_what_another_process_changes_about_the_gallery_is_seen_a_moment_later(
    stage: VisitStage, other: Fanlight, change: Change
) -> None:
    client = stage.client()
    before = await seen(client, stage.base)
    await change(other, stage)
    expected = await afresh(stage, stage.base)
    assert expected != before
    async with asyncio.timeout(30):
        while await seen(client, stage.base) != expected:
            await asyncio.sleep(0.05)


async def test_sections_are_seen_as_they_are(stage: VisitStage) -> None:
    await add_a_section(stage.house.fanlight, stage)
    use, gallery_id, client = stage.house.fanlight.galleries, stage.gallery.id, stage.client()
    (church,) = await use.all_sections(SERVER, gallery_id)
    steps: tuple[dict[str, Any], ...] = (
        {"title": "Chapel"},
        {"downloads": False},
        {"hidden": True},
    )
    within = await client.get(f"{stage.base}/items?section={church.id}")
    assert within.json()["total"] == 1
    for changes in steps:
        before = await seen(client, stage.base)
        await use.change_section(SERVER, gallery_id, church.id, **changes)
        after = await seen(client, stage.base)
        assert after != before
        assert after == await afresh(stage, stage.base)
    assert (await client.get(f"{stage.base}/items?section={church.id}")).json()["items"] == []


async def test_what_is_removed_by_hand_is_gone(stage: VisitStage) -> None:
    use, gallery_id, client = stage.house.fanlight.galleries, stage.gallery.id, stage.client()
    (source,) = await use.sources(SERVER, gallery_id)
    await use.remove_source(SERVER, gallery_id, source.id)
    section = await use.add_section(SERVER, gallery_id, "Best of")
    photo = stage.ids["one.jpg"]
    await use.choose(SERVER, gallery_id, [photo], section_id=section.id)
    await use.change_section(SERVER, gallery_id, section.id, hidden=True)
    assert (await client.get(f"{stage.base}/items")).json()["items"] == []
    assert (await client.get(f"{stage.base}/p/{photo}/thumb")).status_code == 404
    await use.remove_section(SERVER, gallery_id, section.id)
    assert names(await client.get(f"{stage.base}/items")) == ["one.jpg"]
    assert (await client.get(f"{stage.base}/p/{photo}/thumb")).status_code == 200
    await use.take_out(SERVER, gallery_id, [photo])
    assert (await client.get(f"{stage.base}/items")).json()["items"] == []
    assert (await client.get(f"{stage.base}/p/{photo}/thumb")).status_code == 404


async def test_a_photo_expires_while_nothing_else_happens(stage: VisitStage) -> None:
    client, use = stage.client(), stage.house.fanlight
    soon = datetime.now(UTC) + timedelta(seconds=1)
    await of_asset(use, stage, expires_at=soon)
    assert "two.jpg" in names(await client.get(f"{stage.base}/items"))
    async with asyncio.timeout(30):
        while "two.jpg" in names(await client.get(f"{stage.base}/items")):
            await asyncio.sleep(0.05)
    assert datetime.now(UTC) >= soon


async def test_nothing_that_is_kept_is_shown_once_a_gallery_is_closed(
    stage: VisitStage, other: Fanlight
) -> None:
    client = stage.client()
    link = await stage.link()
    await seen(client, stage.base)
    await seen(client, f"/s/{link.token}")
    await other.sharing.revoke_link(SERVER, link.id)
    async with asyncio.timeout(30):
        while (await client.get(f"/s/{link.token}/items")).status_code != 404:
            await asyncio.sleep(0.05)
    await seen(client, stage.base)
    await stage.change(closes_at=datetime.now(UTC) - timedelta(seconds=1))
    assert (await client.get(f"{stage.base}/items")).status_code == 410
    await stage.change(closes_at=None, state=GalleryState.ARCHIVED)
    assert (await client.get(stage.base)).status_code == 410


# --- visitors -----------------------------------------------------------------------------------


@dataclass
class Kind:
    """Somebody who looks at the gallery."""

    base: str
    client: httpx2.AsyncClient
    cookie: str = ""


async def kinds(stage: VisitStage) -> list[Kind]:
    """Guests and clients with these rights and those, by every way in, and the owner."""
    client, owner = stage.client(), await stage.owner()
    for_client = await stage.link(party=Party.CLIENT)
    looking = await stage.link(rights={Right.VIEW})
    for_guest = await stage.link()
    pass_ = await stage.house.fanlight.sharing.enter(Key(token=for_client.token))
    await stage.house.fanlight.galleries.keep_from_guests(pass_, stage.ids["two.jpg"])
    return [
        Kind(stage.base, client),
        Kind(f"{stage.base}~p{'x' * 32}", client),
        Kind(f"/s/{for_client.token}", client),
        Kind(f"/s/{looking.token}", client),
        Kind(f"/s/{for_guest.token}", client),
        Kind(stage.base, owner, f"fanlight_session={owner.cookies['fanlight_session']}"),
    ]


async def test_each_visitor_sees_their_own_page_and_nobody_elses(stage: VisitStage) -> None:
    visitors = await kinds(stage)
    fresh = [
        await afresh(stage, one.base, **({"cookie": one.cookie} if one.cookie else {}))
        for one in visitors
    ]
    assert len({page for page, *_ in fresh}) == len(visitors)
    for _ in range(2):
        for one, expected in (*zip(visitors, fresh, strict=True), (visitors[0], fresh[0])):
            assert await seen(one.client, one.base) == expected
    bases = [one.base for one in visitors if one.base.startswith("/s/")]
    for one, pages in zip(visitors, fresh, strict=True):
        kept = "two.jpg" in pages[1]
        assert kept == (one is visitors[2] or one is visitors[5])
        assert not [base for base in bases if base != one.base and base in "".join(pages)]
        assert "\0" not in "".join(pages)


async def test_what_somebody_says_is_told_with_the_photos_to_who_may_know(
    stage: VisitStage,
) -> None:
    client, photo = stage.client(), stage.ids["one.jpg"]
    looking = await stage.link(rights={Right.VIEW})
    assert said(await client.get(f"{stage.base}/items")) == {}
    await client.post(f"{stage.base}/comments/{photo}", json={"text": "Lovely"})
    assert said(await client.get(f"{stage.base}/items")) == {photo: 1}
    assert said(await client.get(f"/s/{looking.token}/items")) == {}
    page = (await client.get(stage.base)).text
    state = re.search(r'id="state">(.*?)</script>', page, re.DOTALL)
    assert state
    assert [one.get("comments", 0) for one in json.loads(state[1])["items"]] == [0, 1, 0]


async def test_who_searches_or_wants_only_theirs_gets_that(stage: VisitStage) -> None:
    client, photo = stage.client(), stage.ids["one.jpg"]
    await seen(client, stage.base)
    assert names(await client.get(f"{stage.base}/items?search=two")) == ["two.jpg"]
    assert names(await client.get(f"{stage.base}/items?only=mine")) == []
    await client.put(f"{stage.base}/picks/-/{photo}", json={"heart": True})
    assert names(await client.get(f"{stage.base}/items?only=mine")) == ["one.jpg"]
    assert names(await stage.client().get(f"{stage.base}/items?only=mine")) == []
    assert len(names(await client.get(f"{stage.base}/items"))) == 3
    assert (await client.get(f"{stage.base}/items?after=nonsense")).status_code == 400


def names(answer: httpx2.Response) -> list[str]:
    return [one["name"] for one in answer.json()["items"]]


def said(answer: httpx2.Response) -> dict[str, int]:
    items = answer.json()["items"]
    return {one["id"]: one["comments"] for one in items if "comments" in one}


# --- keeping ------------------------------------------------------------------------------------


@dataclass
class Counting:
    """Galleries that count how often a page is read."""

    known: Known
    read: list[str | None] = field(default_factory=list[str | None])

    async def edition(self, pass_: Pass) -> Edition:
        return Edition(self.known, pass_.gallery.version, kept=False)

    async def page(self, pass_: Pass, *, after: str | None, **_: Any) -> GalleryPage:
        self.read.append(after)
        item = Item(pass_.gallery.id, "a1", None, 1)
        shown = Shown(item, an_asset(1), Facts(caption="x" * 10_000))
        return GalleryPage(pass_.gallery, (shown,), None, Count(1), 1, ())

    async def cover(self, pass_: Pass) -> None:
        del pass_


def known() -> Known:
    return Known(1, {}, frozenset(), frozenset(), None, 0)


def keeping(galleries: Counting, folder: Path, room: int) -> Sheets:
    return Sheets(stand_in(galleries), Pages(Bundle(folder)), room=room)


def stand_in(galleries: Any) -> Galleries:
    return galleries


async def test_a_sheet_is_made_once_for_an_edition(tmp_path: Path) -> None:
    galleries = Counting(known())
    sheets = keeping(galleries, tmp_path, 1 << 20)
    guest = Pass(a_gallery(), Party.GUEST, frozenset(Right))
    first = await sheets.sheet(guest, Asked())
    assert await sheets.sheet(replace(guest, visit="other"), Asked()) is first
    with_tiles = await sheets.sheet(guest, Asked(), tiles=True)
    assert with_tiles.tiles is not None
    assert await sheets.sheet(guest, Asked()) is with_tiles
    assert len(galleries.read) == 2
    galleries.known = known()
    assert await sheets.sheet(guest, Asked()) is not with_tiles
    assert len(galleries.read) == 3
    later = replace(guest, gallery=replace(guest.gallery, version=guest.gallery.version + 1))
    await sheets.sheet(later, Asked())
    assert len(galleries.read) == 4


async def test_sheets_are_kept_up_to_so_many_bytes(tmp_path: Path) -> None:
    galleries = Counting(known())
    sheets = keeping(galleries, tmp_path, 40_000)
    guest = Pass(a_gallery(), Party.GUEST, frozenset(Right))
    for after in ("1", "2", "3", "1", "4"):  # the fourth takes the place of the second
        await sheets.sheet(guest, Asked(after=after))
    assert galleries.read == ["1", "2", "3", "4"]
    for after in ("1", "2"):
        await sheets.sheet(guest, Asked(after=after))
    assert galleries.read == ["1", "2", "3", "4", "2"]
