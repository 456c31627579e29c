"""Archives of assets: planned, downloaded, gone on with, also when assets change meanwhile."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from fanlight.delivery.answers import BadRange, NotModified, Partial, Unmet, Whole
from fanlight.delivery.archives import Archives, Asked
from fanlight.delivery.archives.turns import Turns
from fanlight.delivery.conditions import NONE, Conditions
from fanlight.delivery.ranges import Piece
from fanlight.errors import (
    Conflict,
    Expired,
    Forbidden,
    NotFound,
    Overloaded,
    StorageUnavailable,
)
from fanlight.model import PlacementState
from fanlight.words import archive_words
from tests.delivery.stage import Stage, staged
from tests.delivery.test_parts import Cloud

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fanlight.delivery.archives.opened import OpenArchive
    from fanlight.model import Asset

pytestmark = pytest.mark.anyio

REPORT = archive_words("en").report

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


class Hall:
    """A stage with archives over it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.now = NOW
        self.delivery = stage.delivery()
        self.archives = self.anew()

    def anew(self, **more: Any) -> Archives:
        """Archives as another process would have them."""
        return Archives(
            self.stage.catalogue, self.delivery, sign_key=b"k" * 32, clock=lambda: self.now, **more
        )

    async def fill(self, *names: str, **more: Any) -> list[Asset]:
        """Publish some assets, each with bytes of its own."""
        return [
            await self.stage.publish(body_of(name), alias=f"{at}/{name}", **more)
            for at, name in enumerate(names)
        ]

    async def opened(self, assets: list[Asset], **more: Any) -> OpenArchive:
        """An archive of originals."""
        asked = [Asked(asset.id) for asset in assets]
        plan = await self.archives.plan(asked, subject="here", name="all.zip", **more)
        return await self.archives.open(plan)


def body_of(name: str) -> bytes:
    return name.encode() * 20_000


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    with staged(tmp_path / "stage") as stage:
        hall = Hall(stage)
        yield hall
        hall.archives.close()
        await hall.delivery.stop()


async def taken(opened: OpenArchive, start: int = 0, **more: Any) -> bytes:
    pieces = opened.stream(Piece(start, opened.length), **more)
    return b"".join([piece async for piece in pieces])


def unpacked(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


@pytest.mark.parametrize("channel", ["disk", "cloud"])
async def test_an_archive_holds_the_originals_in_their_folders(hall: Hall, channel: str) -> None:
    one, two, three = await hall.fill("a.jpg", "a.jpg", "c:d.jpg", channel=channel)
    asked = [Asked(one.id, "Church"), Asked(two.id, "Church"), Asked(three.id), Asked(three.id)]
    plan = await hall.archives.plan(asked, subject="here", name="all.zip")
    opened = await hall.archives.open(plan)
    found = unpacked(await taken(opened))
    about = found.pop(REPORT).decode()
    assert found == {
        "Church/a.jpg": body_of("a.jpg"),
        "Church/a-2.jpg": body_of("a.jpg"),
        "c_d.jpg": body_of("c:d.jpg"),
    }
    assert "All 3 entries could be read." in about
    assert plan.size == one.size + two.size + three.size


async def test_going_on_later_elsewhere_gives_the_same_bytes(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg", "c.jpg")
    opened = await hall.opened(assets)
    whole = await taken(opened)
    other = hall.anew()
    again = await other.open(await other.find(opened.plan.id, "here"))
    assert again.etag == opened.etag
    for start in (0, 1, 90_000, len(whole) - 1500, len(whole) - 1):
        assert await taken(again, start) == whole[start:]
    other.close()


async def test_the_checksums_of_what_was_sent_are_kept(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg")
    opened = await hall.opened(assets)
    pieces = opened.stream(Piece(0, opened.length))
    size = 0
    while size < 150_000:
        size += len(await anext(pieces))
    await pieces.aclose()
    content = opened.plan.items[0].content
    kept = await hall.stage.catalogue.read(lambda records: records.sums.find([content]))
    assert set(kept) == {content}


async def test_what_is_gone_when_it_is_planned_is_left_out_and_named(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "gone.jpg", "c.jpg")
    hall.stage.path_of(assets[1]).unlink()
    opened = await hall.opened([*assets, replace(assets[0], id="unknown")])
    assert opened.plan.left_out == ("gone.jpg",)
    found = unpacked(await taken(opened))
    assert set(found) == {"a.jpg", "c.jpg", REPORT}
    assert "gone.jpg" in found[REPORT].decode()


async def test_what_a_channel_has_not_any_more_is_left_out_without_asking_it(hall: Hall) -> None:
    one, two = await hall.fill("a.jpg", "gone.jpg", channel="cloud")

    def miss(records: Any) -> None:
        for placement in records.placements.of(two.id):
            records.placements.update(placement.id, state=PlacementState.MISSING)

    await hall.stage.catalogue.write(miss)
    opened = await hall.opened([one, two])
    assert opened.plan.left_out == ("gone.jpg",)


async def test_of_nothing_there_is_no_archive(hall: Hall) -> None:
    with pytest.raises(NotFound):
        await hall.archives.plan([Asked("unknown")], subject="here", name="all.zip")


async def test_one_deleted_after_it_was_planned_is_zeros_and_named(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg", "c.jpg")
    opened = await hall.opened(assets)
    await hall.stage.catalogue.write(lambda records: records.assets.trash(assets[1].id, NOW))
    data = await taken(opened)
    found = unpacked(data)
    assert len(data) == opened.length
    assert found["b.jpg"] == bytes(assets[1].size)
    assert found["c.jpg"] == body_of("c.jpg")
    assert "b.jpg" in found[REPORT].decode()
    # and stays so for whoever goes on, also in another process
    await hall.stage.catalogue.write(lambda records: records.assets.restore(assets[1].id))
    other = hall.anew()
    again = await other.open(await other.find(opened.plan.id, "here"))
    assert await taken(again, 100_000) == data[100_000:]
    other.close()


async def test_one_whose_bytes_were_changed_is_zeros_and_named(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg", "c.jpg")
    opened = await hall.opened(assets)
    hall.stage.path_of(assets[0]).write_bytes(body_of("x.jpg"))
    found = unpacked(await taken(opened))
    assert found["a.jpg"] == bytes(assets[0].size)
    assert "a.jpg" in found[REPORT].decode()


async def test_what_was_changed_and_not_indexed_is_taken_as_it_is_now(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg")
    hall.stage.path_of(assets[0]).write_bytes(b"new bytes")
    found = unpacked(await taken(await hall.opened(assets)))
    assert found["a.jpg"] == b"new bytes"


async def test_who_may_not_have_one_any_more_does_not_get_it(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg")
    opened = await hall.opened(assets)

    async def allowed(asset: Asset) -> bool:
        return asset.id != assets[0].id

    found = unpacked(await taken(opened, allowed=allowed))
    assert found["a.jpg"] == bytes(assets[0].size)
    assert found["b.jpg"] == body_of("b.jpg")


async def test_a_storage_that_is_out_of_reach_ends_the_stream_and_nothing_is_lost(
    hall: Hall,
) -> None:
    assets = await hall.fill("a.jpg", "b.jpg", "c.jpg", channel="cloud")
    opened = await hall.opened(assets)
    hall.stage.stores.broken = StorageUnavailable()
    hall.delivery.links.clear()
    with pytest.raises(StorageUnavailable):
        await taken(opened)
    hall.stage.stores.broken = None
    assert unpacked(await taken(opened))["b.jpg"] == body_of("b.jpg")


async def test_what_is_fetched_from_a_cloud_is_fetched_once_for_all_who_download(
    hall: Hall, tmp_path: Path
) -> None:
    cloud = Cloud()
    hall.stage.mount("cloud", cloud)
    hall.delivery = hall.stage.delivery(kept=(tmp_path / "kept", 1 << 30))
    hall.archives = hall.anew()
    assets = await hall.fill("a.jpg", "b.jpg", "c.jpg", channel="cloud")
    opened = await hall.opened(assets)
    one, other = await asyncio.gather(taken(opened), taken(opened))
    assert one == other == await taken(opened)
    assert unpacked(one)["b.jpg"] == body_of("b.jpg")
    assert cloud.sent == sum(asset.size for asset in assets)


async def test_when_nothing_can_be_read_it_is_the_storage(hall: Hall) -> None:
    assets = await hall.fill(*(f"{at}.jpg" for at in range(30)))
    opened = await hall.opened(assets)
    for asset in assets:
        hall.stage.path_of(asset).unlink()
    with pytest.raises(StorageUnavailable):
        await taken(opened)


async def test_however_many_were_deleted_the_rest_can_be_had(hall: Hall) -> None:
    assets = await hall.fill(*(f"{at}.jpg" for at in range(30)))
    opened = await hall.opened(assets)
    gone = [asset.id for asset in assets[:-1]]
    await hall.stage.catalogue.write(
        lambda records: [records.assets.trash(one, NOW) for one in gone]
    )
    assert unpacked(await taken(opened))["29.jpg"] == body_of("29.jpg")


async def test_a_plan_is_only_found_where_it_was_made_and_as_long_as_it_lasts(hall: Hall) -> None:
    opened = await hall.opened(await hall.fill("a.jpg"))
    plan = opened.plan
    assert await hall.archives.find(plan.id, "here") == plan
    for archives in (hall.archives, hall.anew()):
        with pytest.raises(NotFound):
            await archives.find(plan.id, "elsewhere")
    hall.now = plan.expires_at
    for archives in (hall.archives, hall.anew()):
        with pytest.raises(Expired):
            await archives.find(plan.id, "here")


async def test_an_address_proves_itself_until_it_ends(hall: Hall) -> None:
    plan = (await hall.opened(await hall.fill("a.jpg"))).plan
    address = hall.archives.address(plan)
    path, _, query = address.partition("?")
    expires, signature = (pair.partition("=")[2] for pair in query.split("&"))
    assert path == f"/archives/{plan.id}/all.zip"
    hall.archives.admit(plan.id, expires, signature)
    for wrong in (("other", expires, signature), (plan.id, "", ""), (plan.id, "9" * 10, signature)):
        with pytest.raises(Forbidden):
            hall.archives.admit(*wrong)
    hall.now += timedelta(days=2)
    with pytest.raises(Expired):
        hall.archives.admit(plan.id, expires, signature)


async def test_conditions_and_ranges_are_answered_as_for_one_original(hall: Hall) -> None:
    opened = await hall.opened(await hall.fill("a.jpg"))
    size = opened.length

    def answer(span: str = "", **conditions: str) -> object:
        return opened.answer(Conditions(**conditions) if conditions else NONE, span, NOW)

    whole = answer()
    assert isinstance(whole, Whole)
    assert dict(whole.head)[b"content-length"] == b"%d" % size
    assert dict(whole.head)[b"etag"] == opened.etag.encode()
    part = answer("bytes=100-")
    assert isinstance(part, Partial)
    assert part.piece == (100, size)
    assert dict(part.head)[b"content-range"] == b"bytes 100-%d/%d" % (size - 1, size)
    assert isinstance(answer("bytes=100-", range_=opened.etag), Partial)
    assert isinstance(answer("bytes=100-", range_='"other"'), Whole)
    assert isinstance(answer("bytes=0-1,5-6"), Whole)
    assert isinstance(answer(f"bytes={size}-"), BadRange)
    assert isinstance(answer(none_match=opened.etag), NotModified)
    assert isinstance(answer(match='"other"'), Unmet)


async def test_another_selection_is_another_archive(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg")
    assert (await hall.opened(assets)).etag != (await hall.opened(assets)).etag


async def test_the_same_is_planned_once_as_long_as_it_is_the_same(hall: Hall) -> None:
    assets = await hall.fill("a.jpg", "b.jpg")

    async def planned(*some: Asset) -> str:
        asked = [Asked(asset.id) for asset in some]
        archives = hall.archives
        plan = await archives.plan(asked, subject="here", name="all.zip", again=True)
        last = await archives.last("here")
        assert last is not None
        assert last.id == plan.id
        hall.now += timedelta(seconds=1)
        return plan.id

    first = await planned(*assets)
    assert await planned(*assets) == first
    fewer = await planned(assets[0])
    assert fewer != first
    hall.stage.path_of(assets[0]).write_bytes(b"changed")
    changed = await planned(assets[0])
    assert changed != fewer
    await hall.stage.catalogue.write(lambda records: records.archives.lose(changed, 0))
    assert await planned(assets[0]) != changed
    hall.now += timedelta(days=2)
    assert await hall.archives.last("here") is None
    assert await hall.archives.last("elsewhere") is None


async def test_many_are_downloaded_though_the_layouts_of_few_are_kept(hall: Hall) -> None:
    assets = await hall.fill("a.jpg")
    opened = [await hall.opened(assets) for _ in range(12)]
    first = await hall.archives.find(opened[0].plan.id, "here")
    again = await hall.archives.open(first)
    assert again is not opened[0]
    assert again.etag == opened[0].etag
    assert await taken(again) == await taken(opened[0])


async def test_turns_are_limited_and_who_waits_too_long_is_told_how_many_there_are() -> None:
    turns = Turns(1, patience=0.05)
    async with turns.turn():
        assert turns.taken == 1
        with pytest.raises(Overloaded) as caught:
            async with turns.turn():
                pass
        assert caught.value.retry_after
        assert "under way 1" in caught.value.public_message
    async with turns.turn():
        pass
    assert (turns.taken, turns.waiting) == (0, 0)


async def test_who_waits_gets_the_turn_that_is_given_back() -> None:
    turns = Turns(1, patience=60)
    order: list[int] = []

    async def one(number: int) -> None:
        async with turns.turn():
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(one(number) for number in range(4)))
    assert order == [0, 1, 2, 3]


async def test_a_queue_that_is_full_says_so_at_once() -> None:
    turns = Turns(1, patience=3600)
    async with turns.turn():
        waiting = [asyncio.create_task(turns.turn().__aenter__()) for _ in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await turns.turn().__aenter__()
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
    assert (turns.taken, turns.waiting) == (0, 0)


async def test_what_is_not_prepared_cannot_be_opened(hall: Hall) -> None:
    assets = await hall.fill("a.jpg")
    asked = [Asked(asset.id) for asset in assets]
    plan = await hall.archives.plan(asked, subject="here", name="all.zip", edge=2048)
    assert plan.missing == 1
    assert plan.items[0].name == "a.jpg"
    with pytest.raises(Conflict):
        await hall.archives.open(plan)
    with pytest.raises(Forbidden):
        await hall.archives.prepare(plan)  # pictures are switched off on this stage
