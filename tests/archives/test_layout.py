"""The plan of an archive against Python's own reader, also where nobody has so many bytes."""

from __future__ import annotations

import io
import zlib
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanlight.archives.entry import Entry
from fanlight.archives.layout import Kind, Layout, Part
from fanlight.archives.zeros import crc_of_zeros
from tests.archives.shelf import MADE

GIB = 1 << 30


class Zeros(io.RawIOBase):
    """An archive whose entries hold nothing but zeros, made as it is read."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {0: 0, 1: self._at, 2: self._layout.length}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        stop = min(self._at + len(buffer), self._layout.length)
        data = b"".join([self._bytes(part) for part in self._layout.parts(self._at, stop)])
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)

    def _bytes(self, part: Part) -> bytes:
        if part.kind is Kind.DATA:
            return bytes(part.stop - part.start)
        crc = self._crc(part.index) if self._layout.needs_crc(part) else 0
        return self._layout.record(part, crc)

    def _crc(self, index: int) -> int:
        return crc_of_zeros(self._layout.entries[index].size)


def read(layout: Layout) -> ZipFile:
    return ZipFile(io.BufferedReader(Zeros(layout), 1 << 16))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 4096, 1_234_567])
def test_the_checksum_of_zeros_is_known_without_reading_them(size: int) -> None:
    assert crc_of_zeros(size) == zlib.crc32(bytes(size))


def test_an_archive_of_nothing_is_an_archive() -> None:
    assert read(Layout([])).namelist() == []


@pytest.mark.parametrize("count", [65_534, 65_535, 65_536])
def test_more_entries_than_the_old_form_can_count(count: int) -> None:
    layout = Layout([Entry(f"{index}.jpg", index % 3, MADE) for index in range(count)])
    with read(layout) as found:
        assert len(found.namelist()) == count
        assert found.read(f"{count - 1}.jpg") == bytes((count - 1) % 3)


@pytest.mark.parametrize("size", [4 * GIB - 2, 4 * GIB - 1, 4 * GIB, 30 * GIB])
def test_entries_larger_and_farther_than_the_old_form_can_say(size: int) -> None:
    layout = Layout(
        [Entry("first", 10, MADE), Entry("film.mov", size, MADE), Entry("last", 9, MADE)]
    )
    with read(layout) as found:
        assert [info.file_size for info in found.infolist()] == [10, size, 9]
        assert found.read("last") == bytes(9)
        with found.open("film.mov") as film:
            assert film.read(1000) == bytes(1000)
    assert layout.length > size


def test_many_that_are_together_larger_than_the_old_form_can_say() -> None:
    layout = Layout([Entry(f"{index}.jpg", 300 << 20, MADE) for index in range(20)])
    with read(layout) as found:
        assert found.getinfo("19.jpg").header_offset > 4 * GIB
        with found.open("19.jpg") as last:
            assert last.read(5) == bytes(5)


@pytest.mark.parametrize("modified", [-5, 0, 315_532_799, MADE, 2**31, 4_354_819_199, 2**40])
def test_any_time_can_be_kept(modified: int) -> None:
    layout = Layout([Entry("a", 3, modified)])
    with read(layout) as found:
        year = found.getinfo("a").date_time[0]
    assert 1980 <= year <= 2107


sizes = st.lists(st.sampled_from([0, 1, 7, 300, 4 * GIB - 1, 5 * GIB]), max_size=6)


@given(sizes, st.data())
def test_the_parts_of_any_piece_are_that_piece(sizes: list[int], data: st.DataObject) -> None:
    layout = Layout([Entry(f"{at}", size, MADE) for at, size in enumerate(sizes)])
    start = data.draw(st.integers(0, layout.length))
    stop = data.draw(st.integers(start, layout.length))
    parts = list(layout.parts(start, stop))
    assert all(part.start < part.stop for part in parts)
    assert sum(part.stop - part.start for part in parts) == stop - start
    for part in parts:
        if part.kind is not Kind.DATA:
            assert len(layout.record(part, 1)) == part.stop - part.start
    cut = data.draw(st.integers(start, stop))
    first, second = list(layout.parts(start, cut)), list(layout.parts(cut, stop))
    if first and second and first[-1].stop == second[0].start:
        joined = [*first[:-1], *second[1:]]
        assert len(joined) == len(parts) - 1 or len(joined) == len(parts) - 2
    else:
        assert first + second == parts
