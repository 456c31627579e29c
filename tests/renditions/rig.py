"""Renditions over real workers, and originals that count how often they are fetched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pyvips

from fanlight.renditions.limits import Limits
from fanlight.renditions.renditions import Renditions


def photo(path: Path, width: int = 600, height: int = 400) -> Path:
    """A JPEG that is not the same everywhere."""
    noise = pyvips.Image.gaussnoise(width, height, mean=128, sigma=40, seed=1).cast("uchar")
    noise.bandjoin(noise).bandjoin(noise).jpegsave(str(path))
    return path


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that comes by itself; TimeoutError if it never does."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


class Original:
    """A source of renditions; `fetched` counts how often its bytes were asked for."""

    media_type = "image/jpeg"

    def __init__(self, path: Path, content: str = "") -> None:
        self.path = path
        self.content = content or path.name
        self.fetched = 0
        self.held = 0

    @asynccontextmanager
    async def local(self) -> AsyncGenerator[Path]:
        self.fetched += 1
        self.held += 1
        try:
            await asyncio.sleep(0)
            yield self.path
        finally:
            self.held -= 1


@asynccontextmanager
async def opened(
    folder: Path,
    *,
    cache_bytes: int = 1 << 30,
    workers: int = 2,
    limits: Limits | None = None,
    room: int = 0,
) -> AsyncGenerator[Renditions]:
    renditions = Renditions(
        folder, cache_bytes=cache_bytes, workers=workers, limits=limits or Limits(), room=room
    )
    await renditions.start()
    try:
        yield renditions
    finally:
        await renditions.close()
