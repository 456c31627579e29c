"""The cache: bounded, least recently used out first, and nobody's problem when its folder is."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from hashlib import blake2b
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fanlight.renditions.cache import NOTED, Cache
from fanlight.renditions.keys import Rendition
from fanlight.renditions.recipes import Format
from fanlight.renditions.shelf import Kept, Shelf
from fanlight.renditions.shelves import PARTS, Shelves, part_of
from tests.renditions.rig import until
from tests.storage.disks import TINY, read_only, tiny_disk

pytestmark = pytest.mark.anyio

BEGINNING = 1_700_000_000.0


def digest_of(name: object) -> bytes:
    return blake2b(str(name).encode(), digest_size=16).digest()


def kept_of(size: int) -> Kept:
    return Kept(size, 320, 213, Format.WEBP, first_hand=True)


class Clock:
    """Goes on by a second each time that it is looked at."""

    def __init__(self) -> None:
        self.now = BEGINNING

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@asynccontextmanager
async def opened(
    folder: Path, most: int = 10_000, clock: Clock | None = None, pause: float = 60.0
) -> AsyncGenerator[Cache]:
    with ThreadPoolExecutor(2) as disk:
        cache = Cache(folder, most, disk=disk, clock=clock or Clock(), pause=pause)
        cache.start()
        while not cache.known:
            await asyncio.sleep(0.001)
        try:
            yield cache
        finally:
            await cache.close()


async def keep(cache: Cache, name: object, size: int = 1000) -> Rendition:
    (path,) = await cache.room()
    path.write_bytes(b"x" * size)
    return await cache.keep(digest_of(name), path, kept_of(size))


def there(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_was_kept_is_found_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        kept = await keep(cache, "a", 700)
        assert cache.find(digest_of("a")) == kept
        assert kept.path.read_bytes() == b"x" * 700
        assert (kept.media_type, kept.size, kept.width, kept.height) == (
            "image/webp",
            700,
            320,
            213,
        )
        assert cache.find(digest_of("b")) is None
        assert (cache.bytes, len(cache)) == (700, 1)


async def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    async with opened(tmp_path, most=3000) as cache:
        for name in "abc":
            await keep(cache, name)
        cache.find(digest_of("a"))
        await keep(cache, "d")
        assert [name for name in "abcd" if cache.find(digest_of(name))] == ["a", "c", "d"]
        assert len(there(tmp_path)) == 3
        await keep(cache, "e", 2000)
        assert [name for name in "acde" if cache.find(digest_of(name))] == ["d", "e"]
        assert sum(path.stat().st_size for path in there(tmp_path)) == 3000


async def test_the_order_of_use_survives_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock) as cache:
        for name in "abc":
            kept = await keep(cache, name)
            os.utime(kept.path, (clock.now, clock.now))
        clock.now += 2 * NOTED
        cache.find(digest_of("a"))
    async with opened(tmp_path, most=2000, clock=clock) as cache:
        assert [name for name in "abc" if cache.find(digest_of(name))] == ["a", "c"]


async def test_a_use_is_written_down_once_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock) as cache:
        kept = await keep(cache, "a")
        os.utime(kept.path, (BEGINNING, BEGINNING))
        cache.find(digest_of("a"))  # in the same hour
    assert kept.path.stat().st_mtime == BEGINNING
    async with opened(tmp_path, clock=clock) as cache:
        clock.now += NOTED
        cache.find(digest_of("a"))
    assert kept.path.stat().st_mtime > BEGINNING + NOTED


async def test_it_never_exceeds_its_bytes_however_many_come_at_once(tmp_path: Path) -> None:
    luck = random.Random(3)
    async with opened(tmp_path, most=20_000) as cache:
        names = count()

        async def visitor() -> None:
            for _ in range(30):
                await keep(cache, next(names), luck.randrange(1, 3000))
                cache.find(digest_of(luck.randrange(100)))

        await asyncio.gather(*(visitor() for _ in range(8)))
        on_disk = sum(path.stat().st_size for path in there(tmp_path))
        assert on_disk == cache.bytes <= 20_000
        assert len(there(tmp_path)) == len(cache)


async def test_what_is_made_again_takes_the_place_of_what_was(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        before = await keep(cache, "a", 500)
        after = await keep(cache, "a", 600)
        assert cache.find(digest_of("a")) == after
        assert not before.path.exists()
        assert (cache.bytes, len(cache)) == (600, 1)


async def test_a_start_takes_in_whole_renditions_and_sweeps_the_rest(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        whole = await keep(cache, "whole")
        short = await keep(cache, "short")
        double = await keep(cache, "double")
    short.path.write_bytes(b"x" * 999)
    shutil.copy(double.path, double.path.with_name(double.path.name.replace("_1.", "_2.")))
    (tmp_path / "0ab").mkdir(exist_ok=True)
    (tmp_path / "0ab" / "note.txt").write_text("not ours")
    async with opened(tmp_path) as cache:
        assert cache.find(digest_of("whole")) == whole
        assert cache.find(digest_of("short")) is None
        assert cache.find(digest_of("double")) is not None
        assert len(cache) == 2
    assert len(there(tmp_path)) == 3
    assert (tmp_path / "0ab" / "note.txt").exists()


async def test_what_is_not_known_yet_is_looked_for(tmp_path: Path) -> None:
    async with opened(tmp_path) as cache:
        await keep(cache, "a")
        with ThreadPoolExecutor(1) as disk:
            other = Cache(tmp_path, 10_000, disk=disk)
            assert other.find(digest_of("a")) is None
            found = await other.look(digest_of("a"))
            assert found is not None
            assert found.path.read_bytes() == b"x" * 1000
            assert await other.look(digest_of("b")) is None


async def test_two_that_share_a_folder_learn_of_each_other(tmp_path: Path) -> None:
    async with opened(tmp_path, pause=0.01) as one, opened(tmp_path, pause=0.01) as other:
        await keep(one, "a")
        await keep(other, "b")
        await until(lambda: one.get(digest_of("b")) and other.get(digest_of("a")))
        assert one.bytes == other.bytes == 2000
        await keep(one, "c", 9000)  # too much: the oldest goes, and the other notices
        await until(lambda: other.get(digest_of("c")) and not other.get(digest_of("a")))
        assert other.bytes == one.bytes <= 10_000


async def test_a_folder_that_is_deleted_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    async with opened(folder, pause=0.01) as cache:
        gone = await keep(cache, "a")
        shutil.rmtree(folder)
        cache.forget(digest_of("a"))
        assert cache.find(digest_of("a")) is None
        assert (await keep(cache, "b")).path.exists()
        assert not gone.path.exists()


async def test_what_others_removed_is_noticed_in_time(tmp_path: Path) -> None:
    clock = Clock()
    async with opened(tmp_path, clock=clock, pause=0.01) as cache:
        kept = await keep(cache, "a")
        kept.path.unlink()
        await until(lambda: not cache.get(digest_of("a")))
        assert (cache.bytes, len(cache)) == (0, 0)


async def test_a_full_disk_refuses_and_what_is_there_stays() -> None:
    with TemporaryDirectory(prefix="disk-") as name, tiny_disk(Path(name)):
        async with opened(Path(name), most=1 << 30) as cache:
            kept = await keep(cache, "a", 1000)
            (path,) = await cache.room()
            with pytest.raises(OSError, match=r"No space|too large"):
                path.write_bytes(b"x" * (TINY + 1))
            path.unlink()
            assert kept.path.read_bytes() == b"x" * 1000
            assert (await keep(cache, "b", 1000)).path.exists()


async def test_a_disk_that_is_full_is_given_back_some_of_it() -> None:
    with TemporaryDirectory(prefix="disk-") as name, tiny_disk(Path(name)) as real:
        if not real:
            return  # no limit of a process comes near to a disk that is full
        async with opened(Path(name), most=1 << 30) as cache:
            for number in range(10):
                await keep(cache, number, 100_000)
            await cache.give_way()
            assert [number for number in range(10) if cache.find(digest_of(number))] == [
                *range(1, 10)
            ]


async def test_a_folder_that_takes_no_writes_is_read_all_the_same() -> None:
    with TemporaryDirectory(prefix="disk-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        async with opened(folder) as cache:
            kept = await keep(cache, "a")
        with read_only(folder):
            async with opened(folder) as cache:
                assert cache.find(digest_of("a")) == kept
                with pytest.raises(OSError, match=r"Read-only|Permission"):
                    await cache.room()


async def test_what_is_larger_than_all_of_it_is_not_for_it(tmp_path: Path) -> None:
    async with opened(tmp_path, most=1000) as cache:
        assert cache.takes(kept_of(1000))
        assert not cache.takes(kept_of(1001))
        assert not cache.takes(Kept(10, 70_000, 1, Format.JPEG, first_hand=True))


# --- what is known, in little memory


def test_a_shelf_tells_exactly_what_it_was_told() -> None:
    luck, shelf, told = random.Random(1), Shelf(), dict[bytes, Kept]()
    for number in range(500):
        kept = Kept(
            luck.randrange(1 << 28),
            luck.randrange(1 << 16),
            luck.randrange(1 << 16),
            luck.choice(list(Format)),
            luck.random() < 0.5,
        )
        told[digest_of(number)] = kept
        shelf.put(digest_of(number), kept, luck.random())
    for number in range(0, 500, 3):
        assert shelf.drop(digest_of(number)) == told.pop(digest_of(number))
    assert {digest: shelf.get(digest) for digest in shelf} == told
    assert shelf.drop(digest_of(0)) is None


def test_equal_beginnings_do_not_make_two_digests_one() -> None:
    one, other, third = (b"\x01" * 8 + end * 8 for end in (b"a", b"b", b"c"))
    shelf = Shelf()
    shelf.put(one, kept_of(1), 1.0)
    shelf.put(other, kept_of(2), 2.0)
    assert (shelf.get(one), shelf.get(other), shelf.get(third)) == (kept_of(1), kept_of(2), None)


def oldest_first(shelves: Shelves) -> Iterator[bytes]:
    while (digest := shelves.least_used()) is not None:
        yield digest
        shelves.drop(digest)


def test_shelves_give_up_what_was_used_longest_ago() -> None:
    luck, shelves, used = random.Random(2), Shelves(), dict[bytes, float]()
    for number in range(2000):
        digest = digest_of(luck.randrange(700))
        if digest in used and luck.random() < 0.3:
            assert shelves.drop(digest) == kept_of(10)
            del used[digest]
        elif digest in used:
            assert shelves.use(digest, number) == used[digest]
            used[digest] = number
        else:
            used[digest] = luck.uniform(0, number)
            shelves.put(digest, kept_of(10), used[digest])
    assert shelves.bytes == 10 * len(used) == 10 * len(shelves)
    assert list(oldest_first(shelves)) == sorted(used, key=lambda digest: used[digest])
    assert (shelves.bytes, len(shelves), shelves.parts()) == (0, 0, [])


def test_every_digest_has_one_part() -> None:
    assert {part_of(number.to_bytes(2, "big") + b"\0" * 14) for number in range(1 << 16)} == set(
        range(PARTS)
    )
