"""Originals in parts: each read once, kept within bounds, never taken for another version."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from fanlight.delivery.parts import Parts, Source, stretch
from fanlight.delivery.parts.reader import FARTHEST, STRIDE
from fanlight.delivery.parts.shelf import Shelf
from fanlight.delivery.parts.source import PART
from fanlight.delivery.ranges import Piece
from fanlight.errors import ObjectChanged, ObjectMissing, StorageUnavailable
from fanlight.model import PlacementState
from fanlight.storage.base import Body, Entry, Span
from fanlight.storage.memory import Memory
from fanlight.storage.pace import Policy
from fanlight.storage.store import Store
from tests.delivery.stage import staged

pytestmark = pytest.mark.anyio

LONG = os.urandom(5 * PART - 1000)
"""Twenty megabytes in five parts."""


async def no_wait(seconds: float) -> None:
    del seconds


class Cloud(Memory):
    """Memory that counts what leaves it, and can be held up."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.sent = 0
        self.stall_at = 0
        """Bytes after which the gate shuts."""
        self.broken: Exception | None = None
        self.spans: list[Span | None] = []
        self.bodies: set[Tapped] = set()

    async def open(self, locator: str, span: Span | None = None, version: str | None = None) -> Any:
        body = Tapped(await super().open(locator, span, version), self)
        self.spans.append(span)
        self.bodies.add(body)
        return body


class Tapped:
    """One body of it."""

    def __init__(self, body: Body, cloud: Cloud) -> None:
        self.entry, self.start, self.stop = body.entry, body.start, body.stop
        self._body = body
        self._pieces = aiter(body)
        self._cloud = cloud

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        await self._cloud.gate.wait()
        if self._cloud.broken is not None:
            raise self._cloud.broken
        piece = await anext(self._pieces)
        self._cloud.sent += len(piece)
        if self._cloud.sent >= self._cloud.stall_at > 0:
            self._cloud.gate.clear()
        return piece

    async def aclose(self) -> None:
        self._cloud.bodies.discard(self)
        await self._body.aclose()


class Rig:
    """Parts in a folder over a cloud with one long object."""

    def __init__(self, folder: Path, cloud: Cloud, most: int) -> None:
        self.folder = folder
        self.cloud = cloud
        self.store = Store(cloud, name="cloud", policy=Policy(sleep=no_wait))
        self._pool = ThreadPoolExecutor(4)
        self.parts = Parts(folder, most, self._pool)
        self.parts.start()

    async def put(self, path: str = "long", data: bytes = LONG) -> Entry:
        async def body() -> AsyncIterator[bytes]:
            yield data

        return await self.cloud.put(path, body(), ticket="t", overwrite=True)

    def source(self, entry: Entry, **more: Any) -> Source:
        return Source(self.store, "ch", entry.locator, entry.version, entry.size, **more)

    async def read(self, source: Source, start: int = 0, stop: int | None = None) -> bytes:
        reader = self.parts.read(source, Piece(start, source.size if stop is None else stop))
        try:
            return b"".join([data async for data in reader])
        finally:
            await reader.aclose()

    @property
    def kept(self) -> list[Path]:
        return [path for path in self.folder.glob("??/*") if path.is_file()]

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.kept}

    async def close(self) -> None:
        await self.parts.close()
        await self.store.close()
        self._pool.shutdown()


@asynccontextmanager
async def rigged(
    folder: Path, cloud: Cloud | None = None, most: int = 1 << 30
) -> AsyncGenerator[Rig]:
    rig = Rig(folder, cloud or Cloud(), most)
    try:
        yield rig
    finally:
        await rig.close()


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncGenerator[Rig]:
    async with rigged(tmp_path / "parts") as rig:
        yield rig


async def settled(condition: Any) -> None:
    """Wait for what happens by itself."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_hundred_viewers_cost_one_download(rig: Rig) -> None:
    source = rig.source(await rig.put())
    bodies = await asyncio.gather(*(rig.read(source) for _ in range(100)))
    assert all(body == LONG for body in bodies)
    assert rig.cloud.sent == len(LONG)
    assert len(rig.cloud.spans) == 2, "the first two parts together, and then the others"


async def test_what_was_read_is_not_fetched_again_by_this_process_or_the_next(
    rig: Rig, tmp_path: Path
) -> None:
    entry = await rig.put()
    assert await rig.read(rig.source(entry)) == LONG
    await settled(lambda: len(rig.kept) == 5)
    assert await rig.read(rig.source(entry)) == LONG
    async with rigged(tmp_path / "parts", rig.cloud) as again:
        assert await again.read(again.source(entry)) == LONG
    assert rig.cloud.sent == len(LONG)


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, 1), (PART - 1, PART + 1), (PART, 2 * PART), (5, 3 * PART + 5), (len(LONG) - 1, len(LONG))],
)
async def test_any_range_is_put_together_from_parts(rig: Rig, start: int, stop: int) -> None:
    source = rig.source(await rig.put())
    for _ in range(2):
        assert await rig.read(source, start, stop) == LONG[start:stop]
    parts = range(start // PART, (stop - 1) // PART + 1)
    await settled(lambda: len(rig.kept) == len(parts))
    assert rig.cloud.sent == sum(source.length(index) for index in parts)


async def test_another_version_is_another_original(rig: Rig) -> None:
    before = rig.source(await rig.put("x", b"before"))
    assert await rig.read(before) == b"before"
    after = rig.source(await rig.put("x", b"after"))
    assert await rig.read(after) == b"after"
    gone = rig.source(await rig.put("y", b"one"))
    await rig.put("y", b"two")
    with pytest.raises(ObjectChanged):
        await rig.read(gone)


async def test_a_failure_is_told_to_all_and_the_next_viewer_tries_again(rig: Rig) -> None:
    entry = await rig.put("x", b"bytes")
    rig.cloud.gate.clear()
    reading = [asyncio.create_task(rig.read(rig.source(entry))) for _ in range(3)]
    await settled(lambda: rig.cloud.bodies)
    rig.cloud.broken = StorageUnavailable()
    rig.cloud.gate.set()
    results = await asyncio.gather(*reading, return_exceptions=True)
    assert [type(one) for one in results] == [StorageUnavailable] * 3
    rig.cloud.broken = None
    assert await rig.read(rig.source(entry)) == b"bytes"


async def test_nothing_is_fetched_on_when_the_last_viewer_has_left(rig: Rig) -> None:
    source = rig.source(await rig.put())
    readers = [rig.parts.read(source, Piece(0, source.size)) for _ in range(2)]
    streams = [aiter(reader) for reader in readers]
    for stream in streams:
        assert await anext(stream)
    rig.cloud.gate.clear()
    await readers[0].aclose()
    assert rig.cloud.bodies, "somebody is still reading"
    await readers[1].aclose()
    await settled(lambda: not rig.cloud.bodies)
    left = rig.cloud.sent
    rig.cloud.gate.set()
    assert left < len(LONG)
    assert await rig.read(source) == LONG


async def test_parts_in_a_row_come_by_one_request(rig: Rig) -> None:
    source = rig.source(await rig.put())
    assert await rig.read(source) == LONG
    spans = [(span.start, span.stop) for span in rig.cloud.spans if span is not None]
    assert spans == [(0, 2 * PART), (2 * PART, len(LONG))]
    await settled(lambda: rig.names == {source.part(index) for index in range(5)})


async def test_one_request_goes_on_for_a_viewer_who_waits(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretch, "IDLE", 600)
    film = 40 * PART - 1000
    source = rig.source(await rig.put("film", bytes(film)))
    assert await rig.read(source, 0, film - 1) == bytes(film - 1)
    assert rig.cloud.spans == [Span(0, 2 * PART), Span(2 * PART, film)]
    await settled(lambda: len(rig.kept) == 40)
    assert rig.cloud.sent == film


async def test_what_is_wanted_while_parts_are_claimed_comes_by_the_same_request(rig: Rig) -> None:
    source = rig.source(await rig.put())
    gate = threading.Event()
    with ThreadPoolExecutor(1) as disk:
        shelf = Shelf(rig.folder / "beside", 1 << 30, disk)
        disk.submit(gate.wait)
        slots = asyncio.Semaphore(1)
        begun = stretch.Stretch(source, range(2), 5, shelf, slots, lambda _: None)
        await asyncio.sleep(0)  # it waits for the disk to have the first two
        flights = [*begun.flights, *begun.extend(5)]
        for flight in flights:
            flight.hold()
        gate.set()
        await begun.work
    assert all(flight.whole for flight in flights)
    assert rig.cloud.spans == [Span(0, source.size)]


async def test_a_request_that_goes_on_ends_where_the_next_part_is_there(rig: Rig) -> None:
    source = rig.source(await rig.put("film", bytes(30 * PART)))
    await rig.read(source, 25 * PART, 26 * PART)
    await settled(lambda: rig.names == {source.part(25)})
    assert await rig.read(source) == bytes(30 * PART)
    await settled(lambda: len(rig.kept) == 30)
    assert not rig.cloud.bodies


async def test_a_request_is_cut_between_parts_when_nobody_wants_the_rest(rig: Rig) -> None:
    source = rig.source(await rig.put())
    rig.cloud.gate.clear()
    whole = rig.parts.read(source, Piece(0, source.size))
    reading = asyncio.ensure_future(anext(aiter(whole)))
    await settled(lambda: rig.cloud.bodies)
    short = asyncio.create_task(rig.read(source, 0, 100))
    rig.cloud.gate.set()
    assert await short == LONG[:100]
    await reading
    await whole.aclose()
    await settled(lambda: not rig.cloud.bodies)
    assert await rig.read(source, 0, PART) == LONG[:PART]
    assert rig.cloud.spans == [Span(0, 2 * PART)], "the first part was finished"
    assert rig.cloud.sent < 2 * PART


async def test_what_is_kept_or_under_way_is_left_out_of_a_request(rig: Rig) -> None:
    source = rig.source(await rig.put())
    await rig.read(source, 3 * PART, 3 * PART + 1)
    await settled(lambda: rig.names == {source.part(3)})
    assert await rig.read(source) == LONG
    assert rig.cloud.sent == len(LONG)


async def test_a_viewer_who_takes_nothing_has_little_fetched(rig: Rig) -> None:
    source = rig.source(await rig.put("film", bytes(12 * PART)))
    reader = rig.parts.read(source, Piece(0, source.size))
    stream = aiter(reader)
    assert await anext(stream)
    await settled(lambda: not rig.cloud.bodies)
    assert rig.cloud.sent == 2 * PART
    taken = 0
    while taken < 4 * PART:
        taken += len(await anext(stream))
    await settled(lambda: not rig.cloud.bodies)
    assert rig.cloud.sent <= taken + (FARTHEST + 1) * PART
    await reader.aclose()


async def test_a_viewer_for_whom_all_is_there_in_time_has_little_fetched_ahead(rig: Rig) -> None:
    source = rig.source(await rig.put("film", bytes(12 * PART)))
    reader = rig.parts.read(source, Piece(0, source.size))
    taken = 0
    async for data in reader:
        taken += len(data)
        if taken % PART == 0:
            await settled(lambda: not rig.cloud.bodies)
            assert rig.cloud.sent <= taken + (1 + STRIDE) * PART
        if taken == 6 * PART:
            break
    await reader.aclose()


async def test_a_part_that_a_small_range_began_is_finished(rig: Rig) -> None:
    source = rig.source(await rig.put())
    assert await rig.read(source, 0, 100) == LONG[:100]
    await settled(lambda: len(rig.kept) == 1)
    assert rig.cloud.sent == PART


async def test_the_least_recently_read_goes_first(tmp_path: Path) -> None:
    async with rigged(tmp_path, most=3 * PART) as rig:
        sources = [rig.source(await rig.put(f"{n}", bytes([n]) * PART)) for n in range(4)]
        for number, source in enumerate(sources[:3], 1):
            await rig.read(source)
            await settled(lambda number=number: rig.parts.bytes == number * PART)
        await rig.read(sources[0])
        await rig.read(sources[3])
        await settled(lambda: rig.names == {sources[n].part(0) for n in (0, 2, 3)})
        assert rig.parts.bytes <= 3 * PART


async def test_what_was_only_read_for_a_picture_goes_before_what_viewers_read(
    tmp_path: Path,
) -> None:
    async with rigged(tmp_path, most=3 * PART) as rig:
        entries = [await rig.put(f"{n}", bytes([n]) * PART) for n in range(5)]
        viewed = [rig.source(entry) for entry in entries[:2]]
        for source in viewed:
            await rig.read(source)
        await settled(lambda: rig.names == {one.part(0) for one in viewed})
        pictured = [rig.source(entry, brief=True) for entry in entries[2:]]
        await rig.read(rig.source(entries[0], brief=True))
        for source in pictured:
            await rig.read(source)
            await settled(lambda source=source: source.part(0) in rig.names)  # they go in turn
        names = {*(one.part(0) for one in viewed), pictured[-1].part(0)}
        await settled(lambda: rig.names == names)
        await rig.read(rig.source(entries[4]))
        await rig.read(rig.source(await rig.put("more", bytes(PART)), brief=True))
        await settled(lambda: rig.names == names)


async def test_the_beginning_of_a_film_stays_longest(tmp_path: Path) -> None:
    async with rigged(tmp_path, most=4 * PART) as rig:
        film = rig.source(await rig.put("film", LONG), first_hot=True)
        await rig.read(film)
        for number in range(5):
            await rig.read(rig.source(await rig.put(f"{number}", bytes(PART))))
        await settled(lambda: rig.parts.bytes <= 4 * PART and film.part(0) in rig.names)


async def test_the_folder_may_be_deleted_while_it_is_read(rig: Rig) -> None:
    source = rig.source(await rig.put())
    reader = rig.parts.read(source, Piece(0, source.size))
    taken = b""
    async for data in reader:
        taken += data
        if len(taken) < PART:
            shutil.rmtree(rig.folder, ignore_errors=True)
    await reader.aclose()
    assert taken == LONG
    assert await rig.read(source) == LONG


async def test_a_disk_that_takes_nothing_only_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "parts").write_text("not a folder")
    async with rigged(tmp_path / "parts") as rig:
        source = rig.source(await rig.put())
        with structlog.testing.capture_logs() as logs:
            for _ in range(3):
                assert await rig.read(source) == LONG
                assert await rig.read(source, 5, PART + 5) == LONG[5 : PART + 5]
    assert [line["event"] for line in logs] == ["parts.not_kept"]


async def test_a_part_that_was_damaged_on_the_disk_is_fetched_again(
    rig: Rig, tmp_path: Path
) -> None:
    entry = await rig.put("x", b"good bytes")
    await rig.read(rig.source(entry))
    await settled(lambda: rig.kept)
    (path,) = rig.kept
    path.write_bytes(b"\0" * path.stat().st_size)
    async with rigged(tmp_path / "parts", rig.cloud) as again:
        assert await again.read(again.source(entry)) == b"good bytes"


async def test_two_processes_share_a_folder(rig: Rig, tmp_path: Path) -> None:
    entry = await rig.put()
    async with rigged(tmp_path / "parts", rig.cloud) as other:
        await other.read(other.source(entry))
        await settled(lambda: len(rig.kept) == 5)
        assert await rig.read(rig.source(entry)) == LONG
        assert rig.cloud.sent == len(LONG)


async def test_what_another_process_is_fetching_is_read_as_it_comes(
    rig: Rig, tmp_path: Path
) -> None:
    entry = await rig.put()
    async with rigged(tmp_path / "parts", rig.cloud) as other:
        readings = [one.read(one.source(entry)) for one in (rig, other) for _ in range(5)]
        assert all(body == LONG for body in await asyncio.gather(*readings))
        assert rig.cloud.sent == len(LONG)
        assert rig.parts.bytes == other.parts.bytes == len(LONG)


async def test_what_came_before_a_line_stalls_is_read_by_other_processes(
    rig: Rig, tmp_path: Path
) -> None:
    entry = await rig.put()
    rig.cloud.stall_at = PART + 1
    reading = asyncio.create_task(rig.read(rig.source(entry), 0, 2 * PART))
    await settled(lambda: not rig.cloud.gate.is_set())
    async with rigged(tmp_path / "parts", rig.cloud) as other:
        second, taken = other.parts.read(other.source(entry), Piece(0, 2 * PART)), b""
        stream = aiter(second)
        async with asyncio.timeout(20):
            while len(taken) < rig.cloud.sent:
                taken += await anext(stream)
        assert taken == LONG[: rig.cloud.sent]
        await second.aclose()
        rig.cloud.stall_at = 0
        rig.cloud.gate.set()
        assert await reading == LONG[: 2 * PART]


async def test_where_the_fetching_process_gives_up_the_other_one_goes_on(
    rig: Rig, tmp_path: Path
) -> None:
    entry = await rig.put()
    first = rig.parts.read(rig.source(entry), Piece(0, entry.size))
    assert await anext(aiter(first))
    rig.cloud.gate.clear()
    async with rigged(tmp_path / "parts", rig.cloud) as other:
        second = other.parts.read(other.source(entry), Piece(0, entry.size))
        stream = aiter(second)
        taken = await anext(stream)
        assert taken == LONG[: len(taken)], "it is read while the other process fetches it"
        await first.aclose()
        await settled(lambda: rig.cloud.spans == [Span(0, 2 * PART)] * 2)
        rig.cloud.gate.set()
        async for data in stream:
            taken += data
        await second.aclose()
        assert taken == LONG


async def test_what_a_process_that_was_killed_left_is_fetched_anew(
    rig: Rig, tmp_path: Path
) -> None:
    source = rig.source(await rig.put("x", b"good bytes"))
    left = tmp_path / "parts" / "unfinished"
    left.mkdir(parents=True, exist_ok=True)
    (left / source.part(0)).write_bytes(b"good")
    (left / "0123456789abcdef0123456789abcdef-0").write_bytes(b"others")
    assert await rig.read(source) == b"good bytes"
    await settled(lambda: rig.kept)
    async with rigged(tmp_path / "parts", rig.cloud):
        await settled(lambda: not list(left.iterdir()))


async def test_what_is_missing_is_not_served_from_what_is_kept(tmp_path: Path) -> None:
    with staged(tmp_path / "stage") as stage:
        delivery = stage.delivery(kept=(tmp_path / "parts", 1 << 30))
        await delivery.start()
        asset = await stage.publish(b"bytes", channel="cloud")
        assert await fetched(delivery, asset.id) == b"bytes"
        memory = stage.stores.by_channel["cloud"]
        (place,) = await stage.catalogue.read(lambda records: records.placements.of(asset.id))
        await memory.delete(place.locator)
        assert await fetched(delivery, asset.id) == b"bytes", "nobody knows yet"
        await stage.catalogue.write(
            lambda records: records.placements.update(place.id, state=PlacementState.MISSING)
        )
        with pytest.raises(ObjectMissing):
            await fetched(delivery, asset.id)
        await delivery.stop()


async def fetched(delivery: Any, asset_id: str) -> bytes:
    known = await delivery.find(f"/a/{asset_id}".encode())
    original = await delivery.search(known).first()
    body = await original.open(Piece(0, original.shown.size))
    try:
        return b"".join([data async for data in body])
    finally:
        await body.aclose()
