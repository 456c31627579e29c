"""One upload spoken by hand over a socket, for clients that lie, stop or dawdle."""

from __future__ import annotations

import asyncio

BOUNDARY = "fault"


def form(content: bytes, name: str = "photo.bin") -> bytes:
    """A form with one part named file."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def head(token: str, length: int, path: str = "/upload?uploadNameType=origin") -> bytes:
    """A request head that announces `length` bytes of a form."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


async def speak(port: int, *pieces: bytes, close: bool = False, within: float = 20) -> bytes:
    """Send `pieces`; then leave at once, or read what is answered until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if close:
            return b""
        return await answer(reader, within)
    finally:
        writer.transport.abort()


async def answer(reader: asyncio.StreamReader, within: float = 20) -> bytes:
    """One answer with its body; what came until the server closed, if it did."""
    async with asyncio.timeout(within):
        try:
            top = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        lines = top.lower().split(b"\r\n")
        lengths = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
        return top + await reader.readexactly(lengths[0] if lengths else 0)
