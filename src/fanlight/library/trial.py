"""Trying a channel: a small picture goes the whole way of an upload, and is removed again."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from fanlight.errors import ChecksumMismatch, FanlightError
from fanlight.library.requests import UploadRequest
from fanlight.model import Scope, Visibility
from fanlight.storage.base import Span

if TYPE_CHECKING:
    from fanlight.channels import Channels
    from fanlight.library.library import Library
    from fanlight.model import Actor, Asset
    from fanlight.storage.base import Entry
    from fanlight.storage.store import Store

SIDE = 48
HEAD = 64 << 10
"""Bytes that are read of somebody's own original."""

Fetch = Callable[["Asset"], Awaitable[tuple[str, bytes]]]
"""An asset's link, and the bytes that it gives."""


@dataclass(frozen=True, slots=True)
class TrialStep:
    """One step: what was done, and how it went."""

    name: str
    says: str
    ok: bool
    seconds: float
    remedy: str = ""


class Trial:
    """Tries channels, one step after the other, until one fails."""

    def __init__(self, library: Library, channels: Channels, fetch: Fetch) -> None:
        self._library = library
        self._channels = channels
        self._fetch = fetch

    async def run(self, actor: Actor, channel_id: str) -> tuple[TrialStep, ...]:
        """Try a channel for what it is for; every step taken. Raises Forbidden, NotFound."""
        return tuple([step async for step in self.steps(actor, channel_id)])

    async def steps(self, actor: Actor, channel_id: str) -> AsyncGenerator[TrialStep]:
        """The same, each step as it was taken. Who stops listening leaves nothing behind.

        Close it (`aclosing`). Raises Forbidden, NotFound.
        """
        actor.require(Scope.MANAGE, channel_id=channel_id)
        channel = await self._channels.get(actor, channel_id)
        taken = self._store(actor, channel.id) if channel.uploads else self._look(channel.id)
        async with aclosing(taken):
            async for step in taken:
                yield step

    async def _store(self, actor: Actor, channel_id: str) -> AsyncGenerator[TrialStep]:
        picture, began = sunrise(), monotonic()
        request = UploadRequest(
            name="fanlight-test.png",
            naming="short",  # in the root, as a folder of its own would be left behind
            channel=channel_id,
            visibility=Visibility.PRIVATE,
            duplicates="store",
            size=len(picture),
        )
        try:
            uploaded = await self._library.upload(actor, request, _pieces(picture))
        except FanlightError as error:
            yield _failed("Upload", error, began)
            return
        removed: TrialStep | None = None
        try:
            yield _done("Upload", f"A picture of {len(picture)} bytes, stored and verified", began)
            yield await self._by_link(uploaded.asset, picture)
            removed = await self._removed(actor, uploaded.asset)
            yield removed
        finally:
            if removed is None:
                await self._removed(actor, uploaded.asset)

    async def _by_link(self, asset: Asset, picture: bytes) -> TrialStep:
        began = monotonic()
        try:
            link, content = await self._fetch(asset)
            if content != picture:
                raise ChecksumMismatch("What came back is not what was stored.")
        except FanlightError as error:
            return _failed("Read by its link", error, began)
        return _done("Read by its link", f"{link} gave the same bytes back", began)

    async def _removed(self, actor: Actor, asset: Asset) -> TrialStep:
        began = monotonic()
        try:
            await self._library.purge(actor, asset.id)
        except FanlightError as error:
            return _failed("Remove", error, began)
        return _done("Remove", "The picture is gone again, here and there", began)

    async def _look(self, channel_id: str) -> AsyncGenerator[TrialStep]:
        began = monotonic()
        try:
            store = await self._channels.stores.get(channel_id)
            entries = (await store.page("")).entries
        except FanlightError as error:
            yield _failed("List", error, began)
            return
        found = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'} on the first page"
        yield _done("List", found, began)
        first = next((one for one in entries if not one.folder and one.size), None)
        if first is not None:
            yield await _read(store, first)


async def _read(store: Store, entry: Entry) -> TrialStep:
    began = monotonic()
    try:
        span = Span(0, min(entry.size, HEAD))
        body = await store.open(entry.locator, span, entry.version or None)
        try:
            size = sum([len(piece) async for piece in body])
        finally:
            await body.aclose()
    except FanlightError as error:
        return _failed("Read", error, began)
    return _done("Read", f"The first {size} bytes of {entry.name}", began)


def _done(name: str, says: str, began: float) -> TrialStep:
    return TrialStep(name, says, True, monotonic() - began)


def _failed(name: str, error: FanlightError, began: float) -> TrialStep:
    return TrialStep(name, error.public_message, False, monotonic() - began, error.public_remedy)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


def sunrise() -> bytes:
    """A small PNG: a sky that brightens towards the ground."""
    rows = bytearray()
    for row in range(SIDE):
        share = row / (SIDE - 1)
        pixel = bytes(
            round(low + (high - low) * share) for low, high in ((43, 240), (102, 180), (217, 140))
        )
        rows += b"\0" + pixel * SIDE
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"tEXt", b"Comment\0fanlight test"),
        (b"IDAT", zlib.compress(bytes(rows), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
