"""A CONNECT proxy that leads every name to the emulator.

Clients that cannot be told another host believe ``HTTPS_PROXY`` and our CA: nothing in the system
has to be changed, and no byte leaves the machine.
"""

from __future__ import annotations

import asyncio
import contextlib


class ConnectProxy:
    """Listens on loopback and forwards every tunnel to one TLS port."""

    def __init__(self, host: str, target_port: int) -> None:
        self._host, self._target = host, target_port
        self._server: asyncio.Server | None = None
        self._tunnels: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> int:
        """Listen; returns the port."""
        self._server = await asyncio.start_server(self._accept, self._host, port)
        return self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the listener and all tunnels."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tunnels):
            task.cancel()
        await asyncio.gather(*self._tunnels, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tunnels.add(task)
        try:
            # Cancelled means stopped: asyncio's own callback cannot cope with a cancelled task.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._tunnel(reader, writer)
        finally:
            self._tunnels.discard(task)
            writer.close()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"CONNECT "):
            writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        there, back = await asyncio.open_connection(self._host, self._target)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            up = asyncio.ensure_future(_pump(reader, back))
            await _pump(there, writer)
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
        finally:
            back.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
