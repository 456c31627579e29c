"""The public door on real sockets, through the server that ships."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import anyio
import pytest

from tests.delivery.stage import Stage, staged
from tests.web.public_stage import serving

if TYPE_CHECKING:
    from collections.abc import Generator

    from fanlight.model import Asset

pytestmark = pytest.mark.anyio

SMALL = bytes(range(256)) * 100
LARGE = os.urandom(1 << 20) * 3 + b"end"
HUGE = 50_000_000


class Answer(NamedTuple):
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


class House(NamedTuple):
    """A running server and what is in it."""

    port: int
    stage: Stage
    small: Asset
    large: Asset
    huge: Asset


@pytest.fixture(scope="module")
def house(folder: Path) -> Generator[House]:
    with staged(folder) as stage:

        async def publish() -> tuple[Asset, Asset, Asset]:
            return (
                await stage.publish(SMALL, alias="a/small.jpg"),
                await stage.publish(LARGE, alias="a/large.bin"),
                await stage.publish(bytes(HUGE), alias="a/huge.bin"),
            )

        published = anyio.run(publish)
        with serving(folder) as server:
            yield House(server.port, stage, *published)


class Wire:
    """A kept-alive connection that speaks HTTP/1.1 by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int) -> Wire:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 16))

    async def ask(self, path: str | bytes, method: str = "GET", **headers: str) -> Answer:
        """One request, and its answer with exactly the announced body."""
        await self.send(path, method, **headers)
        status, fields = await self.head()
        length = int(fields.get("content-length", "0"))
        empty = method == "HEAD" or status in (204, 304)
        return Answer(status, fields, b"" if empty else await self.reader.readexactly(length))

    async def send(self, path: str | bytes, method: str = "GET", **headers: str) -> None:
        """Only ask."""
        raw = path if isinstance(path, bytes) else path.encode()
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.writer.write(method.encode() + b" " + raw + b" HTTP/1.1\r\nhost: our.host\r\n")
        self.writer.write(lines.encode() + b"\r\n")
        await self.writer.drain()

    async def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers."""
        top = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = top.rstrip().split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines)
        assert "transfer-encoding" not in fields, "lengths are known"
        return int(first.split()[1]), fields

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        await self.writer.wait_closed()


async def test_answers_follow_one_another_on_one_connection(house: House) -> None:
    wire = await Wire.open(house.port)
    small, large = f"/a/{house.small.id}", "/file/a/large.bin"
    etag = (await wire.ask(small)).headers["etag"]
    for _ in range(2):
        assert (await wire.ask(small)).body == SMALL
        head = await wire.ask(small, "HEAD")
        assert (head.status, head.headers["content-length"]) == (200, str(len(SMALL)))
        assert (await wire.ask(small, if_none_match=etag)).status == 304
        assert (await wire.ask(large)).body == LARGE
        head = await wire.ask(large, "HEAD")
        assert head.headers["content-length"] == str(len(LARGE))
        all_of_it = await wire.ask(large, range="bytes=0-")
        assert (all_of_it.status, all_of_it.body) == (206, LARGE)
        part = await wire.ask(large, range="bytes=-1000000")
        assert (part.status, part.body) == (206, LARGE[-1000000:])
        head = await wire.ask(large, "HEAD", range="bytes=-1000000")
        assert (head.status, head.headers["content-length"]) == (206, "1000000")
        beyond = await wire.ask(small, range="bytes=999999-")
        assert beyond.headers["content-range"] == f"bytes */{len(SMALL)}"
        head = await wire.ask(small, "HEAD", range="bytes=999999-")
        assert (head.status, head.headers["content-length"]) == (416, str(len(beyond.body)))
        assert (await wire.ask(small, "OPTIONS")).status == 204
        assert (await wire.ask("/a/nothing", "HEAD")).status == 404
        assert (await wire.ask("/elsewhere")).body == b"elsewhere"
    await wire.close()


@pytest.mark.parametrize("ranges", ["bytes=0-9,20-29", "bytes=0-999999,1500000-2499999"])
async def test_several_ranges_have_the_length_that_was_announced(house: House, ranges: str) -> None:
    wire = await Wire.open(house.port)
    got = await wire.ask("/file/a/large.bin", range=ranges)
    assert got.status == 206
    assert got.headers["content-type"].startswith("multipart/byteranges; boundary=")
    for spec in ranges.removeprefix("bytes=").split(","):
        first, last = (int(number) for number in spec.split("-"))
        assert LARGE[first : last + 1] in got.body
    assert (await wire.ask("/elsewhere")).body == b"elsewhere", "not a byte too many or too few"
    await wire.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (b"/file/../../../etc/passwd", 404),
        (b"/file/..%2f..%2f..%2fetc%2fpasswd", 404),
        (b"/file//etc/passwd", 404),
        (b"/file/%", 400),
        (b"/file/%zz", 400),
        (b"/file/%ff", 400),
        (b"/file/a%00b", 400),
        (b"/file/" + b"x" * 5000, 404),
        (b"/a/%2e%2e", 404),
    ],
)
async def test_hostile_paths_find_nothing(house: House, path: bytes, status: int) -> None:
    wire = await Wire.open(house.port)
    got = await wire.ask(path)
    assert got.status == status
    assert got.body.startswith(b"Error: ")
    await wire.close()


async def test_a_name_may_come_unencoded(house: House) -> None:
    await house.stage.publish(b"unencoded", alias="ü/日本.txt")
    wire = await Wire.open(house.port)
    got = await wire.ask("/file/ü/日本.txt")
    assert (got.status, got.body) == (200, b"unencoded")
    assert got.headers["content-disposition"].endswith("''%e6%97%a5%e6%9c%ac.txt")
    await wire.close()


async def test_changed_bytes_are_noticed_by_the_server(house: House) -> None:
    asset = await house.stage.publish(LARGE, alias="changing.bin")
    wire = await Wire.open(house.port)
    old = await wire.ask(f"/a/{asset.id}")
    assert old.body == LARGE
    other = house.stage.folder / "other"
    other.write_bytes(LARGE[::-1])
    other.rename(house.stage.path_of(asset))
    new = await wire.ask(f"/a/{asset.id}")
    assert new.body == LARGE[::-1]
    assert new.headers["etag"] != old.headers["etag"]
    await wire.close()


async def test_an_original_cut_short_on_its_way_breaks_the_connection(house: House) -> None:
    asset = await house.stage.publish(bytes(HUGE), alias="shrinking.bin")
    wire = await Wire.open(house.port)
    await wire.send(f"/a/{asset.id}", range="bytes=1-")
    status, fields = await wire.head()
    assert (status, fields["content-length"]) == (206, str(HUGE - 1))
    os.truncate(house.stage.path_of(asset), 1000)
    with pytest.raises(asyncio.IncompleteReadError):
        await asyncio.wait_for(wire.reader.readexactly(HUGE - 1), 60)
    await wire.close()


def open_files(pid: int, name: str) -> int:
    """How many descriptors of a process lead to a file of that name."""
    found = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found += link.readlink().name == name
        except OSError:
            continue
    return found


async def test_a_client_that_leaves_stops_the_reading(folder: Path, house: House) -> None:
    with serving(folder) as server:
        port, worker = server.port, server.worker
        wire = await Wire.open(port)
        await wire.send("/file/a/huge.bin", range="bytes=1-")
        await wire.head()
        assert open_files(worker, "huge.bin") == 1
        wire.writer.transport.abort()
        for _ in range(400):
            if open_files(worker, "huge.bin") == 0:
                break
            await asyncio.sleep(0.05)
        assert open_files(worker, "huge.bin") == 0
        other = await Wire.open(port)
        assert (await other.ask(f"/a/{house.small.id}")).body == SMALL
        await other.close()


async def test_a_client_that_does_not_read_costs_no_memory(folder: Path, house: House) -> None:
    with serving(folder) as server:
        port, worker = server.port, server.worker
        first = await Wire.open(port)
        await first.ask(f"/a/{house.small.id}")
        before = resident(worker)
        wires = [await Wire.open(port) for _ in range(4)]
        for wire in wires:
            await wire.send("/file/a/huge.bin", range="bytes=1-")
            await wire.head()
        await asyncio.sleep(1)
        assert resident(worker) - before < 60_000_000
        for wire in [*wires, first]:
            wire.writer.transport.abort()


def resident(pid: int) -> int:
    """Resident bytes of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
