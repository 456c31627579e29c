"""A local provider in a folder, and what its tests do with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fanlight.storage.base import Entry, Span
from fanlight.storage.local import Local


async def chunks(data: bytes, size: int = 1 << 18) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


class Rig:
    def __init__(self, top: Path, root: str = "") -> None:
        self.top = top
        self.folder = top / root
        self.provider = Local(top, root)
        self._tickets = 0

    async def put(self, path: str, data: bytes = b"bytes", **options: Any) -> Entry:
        self._tickets += 1
        options.setdefault("ticket", f"t{self._tickets}")
        return await self.provider.put(path, chunks(data), **options)

    async def read(self, locator: str, span: Span | None = None, **options: Any) -> bytes:
        body = await self.provider.open(locator, span, **options)
        try:
            return b"".join([piece async for piece in body])
        finally:
            await body.aclose()

    async def names(self, folder: str = "") -> list[str]:
        return [entry.name for entry in (await self.provider.list(folder)).entries]

    def parts(self) -> list[str]:
        """What lies unfinished in the reserved folder."""
        side = self.folder / ".fanlight"
        return sorted(path.name for path in side.iterdir()) if side.is_dir() else []
