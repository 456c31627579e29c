"""The one door for outgoing HTTP, against a real server."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from fanlight.errors import Invalid, StorageUnavailable
from fanlight.outgoing import Http, PublicOnly

pytestmark = pytest.mark.anyio


class Server:
    """Answers as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[web.BaseRequest] = []
        self.bodies: list[bytes] = []
        self.address = ""
        self.gone = asyncio.Event()

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        self.bodies.append(await request.read())
        reply: web.StreamResponse | None = await getattr(self, request.path.strip("/"))(request)
        return reply or web.Response(text="hello")

    async def hello(self, request: web.BaseRequest) -> None:
        pass

    async def elsewhere(self, request: web.BaseRequest) -> web.Response:
        return web.Response(status=302, headers={"Location": "/hello"})

    async def packed(self, request: web.BaseRequest) -> web.Response:
        return web.Response(body=b"\x1f\x8b raw", headers={"Content-Encoding": "gzip"})

    async def busy(self, request: web.BaseRequest) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "7"})

    async def busy_until(self, request: web.BaseRequest) -> web.Response:
        date = "Thu, 01 Jan 1970 00:00:00 GMT"
        return web.Response(status=429, headers={"Retry-After": date, "Date": date})

    async def silent(self, request: web.BaseRequest) -> None:
        await asyncio.Event().wait()

    async def slow(self, request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse(headers={"Content-Length": "1000000"})
        await reply.prepare(request)
        try:
            await reply.write(b"first")
            await asyncio.Event().wait()
        finally:
            self.gone.set()
        return reply

    async def short(self, request: web.BaseRequest) -> web.StreamResponse:
        reply = web.StreamResponse(headers={"Content-Length": "10"})
        await reply.prepare(request)
        await reply.write(b"12345")
        assert request.transport is not None
        request.transport.close()
        return reply


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    server = Server()
    runner = web.ServerRunner(
        web.Server(server.answer, handler_cancellation=True), shutdown_timeout=0.1
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncGenerator[Http]:
    http = Http()
    yield http
    await http.close()
    await http.close()


async def read(http: Http, url: str, method: str = "GET", **options: Any) -> bytes:
    async with await http.send(method, url, **options) as answer:
        return await answer.read()


async def test_a_request_says_who_we_are_and_wants_bytes_as_they_are(
    http: Http, server: Server
) -> None:
    assert await read(http, f"{server.address}/hello") == b"hello"
    headers = server.asked[0].headers
    assert headers["User-Agent"].startswith("Fanlight/")
    assert headers["Accept-Encoding"] == "identity"
    assert await read(http, f"{server.address}/packed") == b"\x1f\x8b raw"


async def test_connections_are_used_again(http: Http, server: Server) -> None:
    for _ in range(3):
        await read(http, f"{server.address}/hello")
    assert len({request.transport for request in server.asked}) == 1


@pytest.mark.parametrize("size", [0, 1, (1 << 19) + 1])
async def test_bytes_are_sent_with_their_length(http: Http, server: Server, size: int) -> None:
    await read(http, f"{server.address}/hello", "POST", body=b"x" * size)
    await read(http, f"{server.address}/hello", "POST", body=(b"y", b"", b"x" * size))
    assert server.bodies == [b"x" * size, b"y" + b"x" * size]
    assert [int(one.headers["Content-Length"]) for one in server.asked] == [size, size + 1]


async def test_an_iterator_is_sent_as_it_comes(http: Http, server: Server) -> None:
    async def body() -> AsyncIterator[bytes]:
        for piece in (b"a", b"b", b"c"):
            yield piece

    await read(http, f"{server.address}/hello", "POST", body=body())
    assert server.bodies == [b"abc"]


async def test_an_answer_is_an_answer_whatever_its_status(http: Http, server: Server) -> None:
    async with await http.send("GET", f"{server.address}/elsewhere") as answer:
        assert (answer.status, answer.headers["location"]) == (302, "/hello")
    async with await http.send("GET", f"{server.address}/busy") as answer:
        assert (answer.status, answer.retry_after) == (429, 7)
    async with await http.send("GET", f"{server.address}/busy_until") as answer:
        assert answer.retry_after == 0
        assert answer.date is not None
        assert answer.date.timestamp() == 0
    async with await http.send("GET", f"{server.address}/hello") as answer:
        assert answer.retry_after is None


async def test_silence_is_given_up(http: Http, server: Server) -> None:
    with pytest.raises(StorageUnavailable) as failed:
        await http.send("GET", f"{server.address}/silent", stall=0.05)
    assert failed.value.public_code == "storage-unavailable.timeout"
    with pytest.raises(StorageUnavailable):
        await read(http, f"{server.address}/slow", stall=0.05)


async def test_a_body_that_keeps_coming_is_not_a_stall(http: Http, server: Server) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(10):
            await asyncio.sleep(0.05)
            yield b"x"

    await read(http, f"{server.address}/hello", "POST", body=body(), stall=0.3)
    assert server.bodies == [b"x" * 10]


async def test_a_body_that_ends_early_is_a_failure(http: Http, server: Server) -> None:
    with pytest.raises(StorageUnavailable) as failed:
        await read(http, f"{server.address}/short")
    assert failed.value.public_code == "storage-unavailable.broken"


async def test_who_stops_reading_ends_it_at_the_service_too(http: Http, server: Server) -> None:
    answer = await http.send("GET", f"{server.address}/slow")
    assert await anext(answer.pieces()) == b"first"
    await answer.aclose()
    await answer.aclose()
    async with asyncio.timeout(5):
        await server.gone.wait()


async def test_an_endless_answer_is_not_read_whole(http: Http, server: Server) -> None:
    async with await http.send("GET", f"{server.address}/hello") as answer:
        with pytest.raises(StorageUnavailable):
            await answer.read(most=3)


async def test_nobody_there_is_said_so(http: Http) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(StorageUnavailable) as failed:
        await http.send("GET", f"http://127.0.0.1:{port}/")
    assert failed.value.public_code == "storage-unavailable.refused"


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/", "file:///etc/passwd", "//example.org", "http:///x"]
)
async def test_only_http_is_spoken(http: Http, url: str) -> None:
    with pytest.raises(Invalid):
        await http.send("GET", url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "224.0.0.1",
        "0.0.0.0",
        "localhost",
        "a.localhost",
        "printer.local",
        "intranet",
    ],
)
async def test_an_address_found_in_an_answer_must_be_public(http: Http, host: str) -> None:
    with pytest.raises(Invalid) as refused:
        await http.send("GET", f"https://{host}/", found=True)
    assert refused.value.public_code == "invalid.address"


async def test_an_address_found_in_an_answer_must_be_encrypted(http: Http) -> None:
    with pytest.raises(Invalid):
        await http.send("GET", "http://example.org/", found=True)


class Names(AbstractResolver):
    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in self._addresses
        ]

    async def close(self) -> None:
        pass


async def test_a_public_name_that_leads_inside_leads_nowhere() -> None:
    mixed = PublicOnly(Names("127.0.0.1", "8.8.8.8", "192.168.0.1", "::1"))
    assert [one["host"] for one in await mixed.resolve("example.org")] == ["8.8.8.8"]
    with pytest.raises(OSError, match="public"):
        await PublicOnly(Names("127.0.0.1")).resolve("example.org")


async def test_a_proxy_is_asked_but_not_for_this_machine(server: Server) -> None:
    http = Http(proxy=server.address)
    await read(http, f"{server.address}/hello")
    await read(http, "http://service.example.org/hello")
    await http.close()
    assert [request.raw_path for request in server.asked] == [
        "/hello",
        "http://service.example.org/hello",
    ]


async def test_what_is_sent_is_not_in_a_failure_or_a_log(
    http: Http, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(StorageUnavailable) as failed:
        await http.send(
            "POST",
            f"{server.address}/silent?code=hush",
            headers={"Authorization": "Bearer hush"},
            body=b"hush",
            stall=0.05,
        )
    assert "hush" not in caplog.text + str(failed.value) + repr(failed.value.__cause__)


def test_a_server_that_calls_nobody_does_not_load_what_calls() -> None:
    """Four megabytes of a server at rest."""
    asks = "import sys, fanlight.app, fanlight.web.app; print('aiohttp' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
