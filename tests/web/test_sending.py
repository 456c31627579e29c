"""Sending, and the viewer who may leave: a server takes a cancelled `receive` for the last one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from fanlight.web.public.sending import Leaving, Left, send_stream, while_there

pytestmark = pytest.mark.anyio


class Server:
    """As the one that ships: who stopped listening once is told that the viewer has left."""

    def __init__(self) -> None:
        self.left = asyncio.Event()
        self.sent: list[bytes] = []
        self._cancelled = False

    async def receive(self) -> dict[str, Any]:
        if self._cancelled:
            return {"type": "http.disconnect"}
        try:
            await self.left.wait()
        except asyncio.CancelledError:
            self._cancelled = True
            raise
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await asyncio.sleep(0)
        self.sent.append(message.get("body", b""))


async def pieces() -> AsyncGenerator[bytes]:
    for number in range(20):
        await asyncio.sleep(0)
        yield b"%d." % number


async def made() -> str:
    await asyncio.sleep(0.01)
    return "made"


async def test_what_was_waited_for_and_then_sent_is_sent_whole() -> None:
    server = Server()
    leaving = Leaving(server.receive)
    assert await while_there(leaving, made()) == "made"
    await send_stream(leaving, server.send, 200, (), pieces())
    await leaving.end()
    assert b"".join(server.sent) == b"".join([piece async for piece in pieces()])


async def test_who_leaves_while_they_wait_is_waited_for_no_more() -> None:
    server = Server()
    leaving = Leaving(server.receive)
    server.left.set()
    with pytest.raises(Left):
        await while_there(leaving, asyncio.sleep(3600))
    await send_stream(leaving, server.send, 200, (), pieces())
    await leaving.end()
    assert len(server.sent) < 20


async def test_nothing_is_left_behind_when_nobody_was_listened_to() -> None:
    before = asyncio.all_tasks()
    leaving = Leaving(Server().receive)
    await leaving.end()
    await while_there(leaving, made())
    await leaving.end()
    assert asyncio.all_tasks() == before
