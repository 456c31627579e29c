"""Sending an archive: any piece of it is that piece, also on broken ways."""

from __future__ import annotations

import asyncio
import io
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from random import Random
from zipfile import BadZipFile, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanlight.archives import report
from fanlight.archives.archive import Archive
from fanlight.archives.stream import stream
from fanlight.errors import StorageError, StorageUnavailable
from fanlight.words import LANGUAGES, archive_words
from tests.archives.shelf import Shelf, taken

pytestmark = pytest.mark.anyio

ENGLISH = archive_words("en")
CHANCE = Random(7)
BODIES = [CHANCE.randbytes(size) for size in (3000, 0, 1, 70_000, 500_000, 12)]
WHOLE = asyncio.run(taken(Shelf(BODIES).archive(), Shelf(BODIES)))


def opened(data: bytes) -> ZipFile:
    return ZipFile(io.BytesIO(data))


def said(data: bytes) -> str:
    return opened(data).read(ENGLISH.report).decode().rstrip()


async def test_the_archive_holds_what_was_asked_for() -> None:
    found = opened(WHOLE)
    assert found.testzip() is None
    assert [found.read(f"{index}.bin") for index in range(len(BODIES))] == BODIES
    assert said(WHOLE) == "All 6 entries could be read."


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.integers(900, 100_000))
def test_any_piece_is_the_same_whether_or_not_its_checksums_are_known(
    one: int, other: int, step: int
) -> None:
    start, stop = sorted((one, other))
    shelf = Shelf(BODIES, step)
    archive = shelf.archive()
    assert asyncio.run(taken(archive, shelf, start, stop)) == WHOLE[start:stop]
    assert asyncio.run(taken(archive, shelf, start, stop)) == WHOLE[start:stop]


async def test_going_on_reads_nothing_that_was_sent_whole_again() -> None:
    shelf = Shelf(BODIES)
    archive = shelf.archive()
    cut = WHOLE.index(BODIES[4]) + 100_000
    got = bytearray()
    await take_into(got, archive, shelf, cut)
    shelf.opened.clear()
    assert got + await taken(archive, shelf, len(got)) == WHOLE
    assert {index for index, *_ in shelf.opened} == {4, 5}


async def take_into(got: bytearray, archive: Archive, shelf: Shelf, enough: int = 1 << 62) -> None:
    """Take what comes of an archive until it is enough, or fails."""
    with ThreadPoolExecutor(1) as pool:
        async with aclosing(stream(archive, shelf, 0, archive.length, pool)) as pieces:
            async for piece in pieces:
                got += piece
                if len(got) >= enough:
                    return


async def test_the_end_alone_has_the_checksums_of_all() -> None:
    shelf = Shelf(BODIES)
    assert await taken(shelf.archive(), shelf, len(WHOLE) - 900) == WHOLE[-900:]
    assert shelf.crcs == {i: zlib.crc32(body) for i, body in enumerate(BODIES) if body}


async def test_one_that_is_missing_is_zeros_and_the_report_names_it() -> None:
    shelf = Shelf(BODIES, missing={4})
    archive = shelf.archive()
    data = await taken(archive, shelf)
    found = opened(data)
    assert len(data) == len(WHOLE)
    assert found.testzip() is None
    assert found.read("4.bin") == bytes(len(BODIES[4]))
    assert found.read("3.bin") == BODIES[3]
    assert "1 of 6 could not be read." in said(data)
    assert "4.bin" in said(data)
    # it stays so for whoever goes on, even when it is there again
    shelf.missing.clear()
    for start in (0, 100_000, len(data) - 2000):
        assert await taken(archive, shelf, start) == data[start:]


async def test_one_that_is_lost_between_two_passes_is_named() -> None:
    shelf = Shelf(BODIES)
    archive = shelf.archive()
    cut = WHOLE.index(BODIES[3]) + 40_000
    shelf.missing.add(3)
    data = WHOLE[:cut] + await taken(archive, shelf, cut)
    assert len(data) == len(WHOLE)
    assert "3.bin" in said(data)
    assert opened(data).read("4.bin") == BODIES[4]
    with pytest.raises(BadZipFile, match="CRC"):
        opened(data).read("3.bin")


async def test_one_that_breaks_in_its_midst_ends_the_stream_and_can_be_gone_on_with() -> None:
    shelf = Shelf(BODIES, fails_at={4: 300_000})
    archive = shelf.archive()
    got = bytearray()
    with pytest.raises(StorageError):
        await take_into(got, archive, shelf)
    assert WHOLE.startswith(got)
    shelf.fails_at.clear()
    assert got + await taken(archive, shelf, len(got)) == WHOLE
    assert all(body.closed for body in shelf.given)


async def test_too_few_bytes_are_not_taken_for_the_whole() -> None:
    shelf = Shelf(BODIES)
    archive = shelf.archive()
    shelf.bodies = [body[:-1] for body in BODIES]
    with pytest.raises(StorageUnavailable):
        await taken(archive, shelf)


async def test_whoever_leaves_leaves_nothing_open() -> None:
    shelf, before = Shelf(BODIES), asyncio.all_tasks()
    with ThreadPoolExecutor(1) as pool:
        pieces = stream(shelf.archive(), shelf, 0, len(WHOLE), pool)
        await anext(pieces)
        await pieces.aclose()
    assert shelf.given
    assert all(body.closed for body in shelf.given)
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_keeps_its_size_and_says_how_many_had_no_room(language: str) -> None:
    words = archive_words(language)
    names = [f"{'long name ' * 15}{number}.jpg" for number in range(5000)]
    size = report.room(names)
    for lost in ([], [3], range(5000)):
        text = report.text(size, names, lost, (), words)
        assert len(text) == size
    assert size < 40_000
    assert words.no_room.rpartition("}")[2] in text.decode()
    assert names[0] in text.decode()


def test_a_report_names_what_was_left_out() -> None:
    size = report.room(["a.jpg", "gone.jpg"])
    text = report.text(size, ["a.jpg"], [], ["gone.jpg"], ENGLISH).decode()
    assert "1 of 2 could not be read." in text
    assert "gone.jpg" in text
