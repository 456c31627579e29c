"""Long bodies read straight from their connections, on both event loops, with and without TLS."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import uvloop
from aiohttp import web

from dropbox_emulator.transport.tls import Authority
from fanlight.outgoing.straight import LONG, ROOM, Straight, taken_over

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Callable, Coroutine
    from pathlib import Path

    Test = Callable[["Service"], Coroutine[Any, Any, None]]

BODY = os.urandom(LONG + 3 * ROOM + 17)


class Service:
    """Sends the body, or as much of it as it is told."""

    def __init__(self, tls: Authority | None) -> None:
        self.most = len(BODY)
        self.then = "end"
        self.left = asyncio.Event()
        self._tls = tls

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[aiohttp.ClientResponse]:
        """An answer, after its headers."""
        runner = web.ServerRunner(
            web.Server(self._answer, handler_cancellation=True), shutdown_timeout=0.1
        )
        await runner.setup()
        there: ssl.SSLContext | None = self._tls.server_context() if self._tls else None
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=there).start()
        here: ssl.SSLContext | bool = self._tls.client_context() if self._tls else True
        url = f"http{'s' if self._tls else ''}://127.0.0.1:{runner.addresses[0][1]}/"
        try:
            async with aiohttp.ClientSession() as session, session.get(url, ssl=here) as answer:
                yield answer
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse(headers={"Content-Length": str(len(BODY))})
        await reply.prepare(request)
        try:
            for start in range(0, self.most, 100_000):
                await reply.write(BODY[start : min(start + 100_000, self.most)])
            if self.then == "wait":
                await asyncio.Event().wait()
        finally:
            self.left.set()
        if self.then == "cut":
            assert request.transport is not None
            request.transport.close()
        return reply


@pytest.fixture(params=["asyncio", "uvloop"])
def loop_factory(request: pytest.FixtureRequest) -> Callable[[], asyncio.AbstractEventLoop] | None:
    return uvloop.new_event_loop if request.param == "uvloop" else None


@pytest.fixture(params=["http", "https"])
def run(
    request: pytest.FixtureRequest,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None,
    tmp_path: Path,
) -> Callable[[Test], None]:
    """Runs a test beside a service of its own."""
    authority = Authority(tmp_path, keep=False) if request.param == "https" else None

    def run(test: Test) -> None:
        async def main() -> None:
            async with asyncio.timeout(60):
                await test(Service(authority))

        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(main())

    return run


def straight(response: aiohttp.ClientResponse, stall: float = 30) -> tuple[bytearray, Straight]:
    taken = taken_over(response, stall)
    assert taken is not None
    return bytearray(taken[0]), taken[1]


async def all_of(rest: Straight, got: bytearray) -> None:
    async for piece in rest:
        got += piece


def test_a_long_body_comes_whole(run: Callable[[Test], None]) -> None:
    async def test(service: Service) -> None:
        async with service.opened() as response:
            got, rest = straight(response)
            async for piece in rest:
                assert 0 < len(piece) <= ROOM
                got += piece
            assert got == BODY

    run(test)


def test_what_is_not_taken_holds_up_the_service(run: Callable[[Test], None]) -> None:
    async def test(service: Service) -> None:
        async with service.opened() as response:
            got, rest = straight(response)
            got += await anext(rest)
            for _ in range(100):
                await asyncio.sleep(0.001)
            assert not service.left.is_set(), "it cannot get rid of the rest"
            async for piece in rest:
                got += piece
            assert got == BODY

    run(test)


def test_a_body_that_ends_early_is_told(run: Callable[[Test], None]) -> None:
    async def test(service: Service) -> None:
        service.most, service.then = ROOM + 5, "cut"
        async with service.opened() as response:
            got, rest = straight(response)
            with pytest.raises(ConnectionError):
                await all_of(rest, got)
            assert got == BODY[: len(got)]

    run(test)


def test_a_body_that_stalls_is_told(run: Callable[[Test], None]) -> None:
    async def test(service: Service) -> None:
        service.most, service.then = 1000, "wait"
        async with service.opened() as response:
            got, rest = straight(response, stall=0.3)
            with pytest.raises(TimeoutError):
                await all_of(rest, got)
            assert got == BODY[:1000]

    run(test)


def test_the_service_is_told_that_nobody_reads_on(run: Callable[[Test], None]) -> None:
    async def test(service: Service) -> None:
        async with service.opened() as response:
            _, rest = straight(response)
            await anext(rest)
            response.close()
            await service.left.wait()

    run(test)


def test_what_is_short_is_left_to_the_client(run: Callable[[Test], None]) -> None:
    async def test(service: Service) -> None:
        async with service.opened() as response:
            got = bytearray()
            while len(BODY) - len(got) >= LONG:
                got += await response.content.readany()
            assert taken_over(response, 30) is None
            assert got + await response.content.read() == BODY

    run(test)
