"""Clients that lie, stop half way or dawdle, against a real server: nothing of them is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.faults.wire import form, head, speak
from tests.support.server import Server, make_owner, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    data = tmp_path_factory.mktemp("clients")
    token = make_owner(data)
    with serving(data, upload_timeout=1, max_upload="1 MB") as server:
        yield server, token


def kept(server: Server) -> list[Path]:
    """Every object in the channel, finished or not."""
    return [path for path in (server.data / "originals").rglob("*") if path.is_file()]


async def nothing_is_kept(server: Server) -> None:
    """Wait until what the client left has been cleaned away."""
    async with asyncio.timeout(20):
        while kept(server):
            await asyncio.sleep(0.05)


async def test_a_client_that_stops_half_way_leaves_nothing(place: tuple[Server, str]) -> None:
    server, token = place
    body = form(b"x" * 900_000)
    await speak(server.port, head(token, len(body)), body[:500_000], close=True)
    await asyncio.sleep(0.3)
    await nothing_is_kept(server)


async def test_a_length_too_large_is_given_up_after_the_time_out(place: tuple[Server, str]) -> None:
    server, token = place
    body = form(b"short")
    said = await speak(server.port, head(token, len(body) + 100), body)
    assert said.split(b" ")[1] in (b"400", b"408"), said
    await nothing_is_kept(server)


async def test_a_length_too_small_is_refused(place: tuple[Server, str]) -> None:
    server, token = place
    body = form(b"y" * 5_000)
    said = await speak(server.port, head(token, len(body) - 3_000), body)
    assert said.split(b" ")[1] == b"400", said
    await nothing_is_kept(server)


async def test_slow_loris_is_given_up_and_others_are_served(place: tuple[Server, str]) -> None:
    server, token = place
    body = form(b"z" * 1_000)
    streams = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(50)]
    for _, writer in streams:
        writer.write(head(token, len(body)) + body[:300])
    quick = await speak(server.port, head(token, len(body)), body)
    assert quick.startswith(b"HTTP/1.1 200"), quick

    async def given_up(reader: asyncio.StreamReader) -> bytes:
        async with asyncio.timeout(30):
            return await reader.readline()

    lines = await asyncio.gather(*(given_up(reader) for reader, _ in streams))
    for _, writer in streams:
        writer.transport.abort()
    assert {line.split(b" ")[1] for line in lines} <= {b"400", b"408"}, lines
    (only,) = kept(server)
    assert only.read_bytes() == b"z" * 1_000
    only.unlink()


async def test_more_than_the_limit_is_refused_without_reading_it(place: tuple[Server, str]) -> None:
    server, token = place
    said = await speak(server.port, head(token, 10**12), b"--fault\r\n")
    assert said.startswith(b"HTTP/1.1 413"), said
