"""Small pictures that a service has made itself, in place of the originals that lie there.

One call to the service gives many, so whoever asks within a moment shares a call, and a screen of
an album that nobody has looked at yet costs a few hundred kilobytes in place of as many megabytes.
A preview is only a source: what is sent is always a rendition of ours.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from fanlight.errors import FanlightError
from fanlight.renditions.facts.reading import read_facts
from fanlight.renditions.recipes import Fit
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from fanlight.pictures.copies import Copies
    from fanlight.pictures.sources import Bytes
    from fanlight.renditions.recipes import Recipe
    from fanlight.storage.base import Preview
    from fanlight.storage.store import Store

log = structlog.get_logger(__name__)

GATHERED, LONGEST = 0.02, 0.4
"""Who asks within so many seconds of one another shares a call, which leaves after the second."""
LONGEST_EDGE = 640
"""Edge of the largest rendition that is made of a preview."""
SPARE = 1.5
"""How much larger a preview is asked for: services fit them into boxes of another shape."""
SUITED = frozenset({"image/jpeg"})
"""Originals that lose nothing by it: they neither move nor can be seen through."""


@dataclass(frozen=True, slots=True)
class Small:
    """A preview of an original: a `renditions.Source` for small renditions."""

    content: str
    media_type: str
    data: bytes
    width: int
    height: int
    copies: Copies

    @asynccontextmanager
    async def local(self) -> AsyncGenerator[Path]:
        """The preview as a local file, until the block ends. StorageUnavailable for a full disk."""
        async with self.copies.hold(self.data) as path:
            yield path

    def serves(self, recipe: Recipe) -> bool:
        """Whether there are pixels enough for a rendition."""
        wide = recipe.width is not None and self.width >= recipe.width
        return wide or (recipe.height is not None and self.height >= recipe.height)


@dataclass(slots=True)
class _Call:
    """What will be asked of one store at once."""

    store: Store
    edge: int
    waiting: dict[str, asyncio.Future[Preview | None]] = field(
        default_factory=dict[str, "asyncio.Future[Preview | None]"]
    )

    @property
    def full(self) -> bool:
        """Whether the store takes no more at once."""
        return len(self.waiting) >= self.store.traits.previews


class Previews:
    """Asks services for previews, many at a time. For one event loop."""

    def __init__(self, copies: Copies) -> None:
        self._copies = copies
        self._calls: dict[tuple[int, int], _Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Ask for nothing any more."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def find(self, source: Bytes, recipe: Recipe) -> Small | None:
        """The preview to make a rendition of; `None` where there is none that is good enough.

        Then the original will have to do. What the service fails with is not told: reading the
        original will tell it.
        """
        if not _suits(source):
            return None
        placement, store = source.places[0]
        return await self.of(store, placement.locator, placement.version, source.content, recipe)

    async def of(
        self, store: Store, locator: str, version: str, content: str, recipe: Recipe
    ) -> Small | None:
        """The same for an object of a store, in that version; `content` names its bytes."""
        edge = max(recipe.width or 0, recipe.height or 0)
        if not (store.can(Ability.PREVIEW) and recipe.fit is Fit.INSIDE and edge <= LONGEST_EDGE):
            return None
        preview = await self._ask(store, locator, int(edge * SPARE))
        if preview is None or preview.version != version:
            return None
        small = self._small(preview, f"preview {edge} {content}")
        return small if small.serves(recipe) else None

    def _small(self, preview: Preview, content: str) -> Small:
        said = read_facts(preview.data, len(preview.data), preview.media_type)
        return Small(
            content,
            preview.media_type,
            preview.data,
            said.width or 0,
            said.height or 0,
            self._copies,
        )

    async def _ask(self, store: Store, locator: str, edge: int) -> Preview | None:
        call = self._calls.get((id(store), edge))
        if call is None:
            call = self._calls[(id(store), edge)] = _Call(store, edge)
            task = asyncio.create_task(self._carry_out(call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if locator not in call.waiting:
            call.waiting[locator] = asyncio.get_running_loop().create_future()
            if call.full:
                self._close(call)
        return await asyncio.shield(call.waiting[locator])

    def _close(self, call: _Call) -> None:
        """Whoever asks next shares another one."""
        if self._calls.get((id(call.store), call.edge)) is call:
            del self._calls[(id(call.store), call.edge)]

    async def _carry_out(self, call: _Call) -> None:
        found: dict[str, Preview | None] = {}
        try:
            await _gather(call)
            self._close(call)
            locators = tuple(call.waiting)
            previews = await call.store.previews(locators, call.edge)
            found = dict(zip(locators, previews, strict=True))
        except FanlightError as error:
            log.info("previews.not_had", channel=call.store.name, code=error.public_code)
        finally:
            for locator, waiting in call.waiting.items():
                waiting.set_result(found.get(locator))


async def _gather(call: _Call) -> None:
    """Wait while there are more and more who ask."""
    until, before = time.monotonic() + LONGEST, 0
    while before < len(call.waiting) and not call.full and time.monotonic() < until:
        before = len(call.waiting)
        await asyncio.sleep(GATHERED)


def _suits(source: Bytes) -> bool:
    if not source.settled or source.pinned is not None or not source.places:
        return False
    return source.media_type in SUITED
