"""Bodies in both directions, and everything that can happen to them on the way."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp.web import BaseRequest, Response, StreamResponse

from ..trouble.limits import Pace
from ..trouble.requestlog import Record

CHUNK = 256 * 1024
# Below this a copy through memory is cheaper than the system calls of sendfile.
SENDFILE_FROM = 128 * 1024


class ConnectionCut(Exception):
    """The connection was cut on purpose; there is nobody to reply to."""


@dataclass(slots=True)
class Span:
    """A part of a file on disk."""

    path: Path
    offset: int
    count: int


@dataclass(slots=True)
class Delivery:
    """What is to happen to a reply on its way out."""

    pace: float | None = None
    slow_first_byte: float = 0.0
    reset_after: int | None = None
    truncate_after: int | None = None
    change_after: int | None = None
    change: Callable[[], None] | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing special happens."""
        return self == _PLAIN


_PLAIN = Delivery()


class RequestBody:
    """The bytes of a request, counted, paced, and cut where a fault says so."""

    def __init__(
        self, request: BaseRequest, record: Record, pace: float | None, reset_after: int | None
    ) -> None:
        self._request, self._record = request, record
        self._pace, self._reset_after = pace, reset_after

    async def chunks(self) -> AsyncIterator[bytes]:
        """All bytes in order. Raises ``ConnectionError`` if the client goes away."""
        pace = Pace(self._pace) if self._pace else None
        async for chunk in self._request.content.iter_any():
            self._record.bytes_in += len(chunk)
            if self._reset_after is not None and self._record.bytes_in >= self._reset_after:
                if came := chunk[: self._reset_after - self._record.bytes_in + len(chunk)]:
                    yield came
                reset(self._request)
                raise ConnectionCut
            if pace is not None:
                await pace.passed(len(chunk))
            yield chunk

    async def read(self) -> bytes:
        """All bytes at once, for JSON arguments."""
        return b"".join([chunk async for chunk in self.chunks()])


def reset(request: BaseRequest) -> None:
    """Cut the connection with RST instead of an orderly end."""
    transport = request.transport
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        linger = struct.pack("ii", 1, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


async def send_bytes(
    request: BaseRequest,
    record: Record,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    delivery: Delivery | None = None,
) -> StreamResponse:
    """Send a reply that is in memory."""
    if delivery is None or delivery.plain:
        record.bytes_out += len(body)
        record.status = status
        return Response(status=status, headers=headers, body=body)
    chunks = (body[i : i + CHUNK] for i in range(0, len(body), CHUNK))

    async def source() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return await _send_slowly(request, record, status, headers, len(body), source(), delivery)


async def send_span(
    request: BaseRequest,
    record: Record,
    status: int,
    headers: Mapping[str, str],
    span: Span,
    delivery: Delivery | None = None,
) -> StreamResponse:
    """Send a part of a file, by the kernel where nothing speaks against it."""
    plain = delivery is None or delivery.plain
    if plain and (span.count < SENDFILE_FROM or request.method == "HEAD"):
        body = b"" if request.method == "HEAD" else await _read(span)
        response = await send_bytes(request, record, status, headers, body)
        if request.method == "HEAD":
            response.headers["Content-Length"] = str(span.count)
        return response
    if plain and request.scheme == "http":
        return await _sendfile(request, record, status, headers, span)
    source = _file_chunks(span)
    return await _send_slowly(
        request, record, status, headers, span.count, source, delivery or Delivery()
    )


async def _read(span: Span) -> bytes:
    with span.path.open("rb") as file:
        file.seek(span.offset)
        return file.read(span.count)


async def _file_chunks(span: Span) -> AsyncIterator[bytes]:
    left = span.count
    with span.path.open("rb") as file:
        file.seek(span.offset)
        while left > 0:
            chunk = file.read(min(CHUNK, left))
            if not chunk:
                return
            left -= len(chunk)
            yield chunk


async def _sendfile(
    request: BaseRequest, record: Record, status: int, headers: Mapping[str, str], span: Span
) -> StreamResponse:
    response = StreamResponse(status=status, headers=headers)
    response.content_length = span.count
    record.status = status
    await response.prepare(request)
    transport = request.transport
    if transport is None:
        raise ConnectionResetError("the client is gone")
    writer = response._payload_writer  # pyright: ignore[reportPrivateUsage]
    if writer is not None and hasattr(writer, "send_headers"):
        # Newer aiohttp holds the headers back until the first write.
        writer.send_headers()
    try:
        with span.path.open("rb") as file:
            loop = asyncio.get_running_loop()
            try:
                await loop.sendfile(transport, file, span.offset, span.count)
            finally:  # also where the client has hung up
                record.bytes_out += max(0, file.tell() - span.offset)
    except NotImplementedError:  # uvloop
        async for chunk in _file_chunks(span):
            await response.write(chunk)
            record.bytes_out += len(chunk)
    await response.write_eof()
    return response


async def _send_slowly(
    request: BaseRequest,
    record: Record,
    status: int,
    headers: Mapping[str, str],
    size: int,
    source: AsyncIterator[bytes],
    delivery: Delivery,
) -> StreamResponse:
    if delivery.slow_first_byte:
        await asyncio.sleep(delivery.slow_first_byte)
    if delivery.reset_after == 0:
        reset(request)
        raise ConnectionCut
    response = StreamResponse(status=status, headers=headers)
    response.content_length = size
    record.status = status
    await response.prepare(request)
    write = _Outlet(request, response, record, delivery).write
    async for chunk in source:
        await write(chunk)
    await response.write_eof()
    return response


class _Outlet:
    """Writes a reply piece by piece, up to the byte where something happens."""

    def __init__(
        self, request: BaseRequest, response: StreamResponse, record: Record, delivery: Delivery
    ) -> None:
        self._request, self._response, self._record = request, response, record
        self._pace = Pace(delivery.pace) if delivery.pace else None
        points: list[tuple[int, Callable[[], Awaitable[None]]]] = []
        if delivery.reset_after is not None:
            points.append((delivery.reset_after, self._reset))
        if delivery.truncate_after is not None:
            points.append((delivery.truncate_after, self._truncate))
        if delivery.change_after is not None:
            points.append((delivery.change_after, self._change))
        self._points = sorted(points, key=lambda point: point[0])
        self._change_now = delivery.change
        self._sent = 0

    async def write(self, chunk: bytes) -> None:
        """Write a chunk, cut up at the points."""
        while self._points and self._sent + len(chunk) >= self._points[0][0]:
            at, happens = self._points.pop(0)
            head, chunk = chunk[: at - self._sent], chunk[at - self._sent :]
            await self._out(head)
            await happens()
        await self._out(chunk)

    async def _out(self, chunk: bytes) -> None:
        # Paced replies leave in small pieces, or a low rate would come in bursts.
        step = len(chunk) if self._pace is None else 16 * 1024
        for start in range(0, len(chunk), max(step, 1)):
            piece = chunk[start : start + step]
            if self._pace is not None:
                await self._pace.passed(len(piece))
            await self._response.write(piece)
            self._sent += len(piece)
            self._record.bytes_out += len(piece)

    async def _flush(self) -> None:
        transport = self._request.transport
        while transport is not None and transport.get_write_buffer_size():
            await asyncio.sleep(0.005)
        # RST discards what the peer has not read yet; give it the time to.
        await asyncio.sleep(0.03)

    async def _reset(self) -> None:
        await self._flush()
        reset(self._request)
        raise ConnectionCut

    async def _truncate(self) -> None:
        await self._flush()
        if self._request.transport is not None:
            self._request.transport.close()
        raise ConnectionCut

    async def _change(self) -> None:
        if self._change_now is not None:
            self._change_now()
