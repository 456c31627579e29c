"""Small pictures that a service has made itself, in place of the originals that lie there.

One call to the service gives many, so whoever asks within a moment shares a call, and a screen of
an album that nobody has looked at yet costs a few hundred kilobytes in place of as many megabytes.
A preview is only a source: what is sent is always a rendition of ours.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import structlog

from fanlight.errors import FanlightError
from fanlight.renditions.facts.reading import read_facts
from fanlight.renditions.recipes import Fit
from fanlight.storage.base import Ability, Preview
from fanlight.storage.store import Store

if TYPE_CHECKING:
    from fanlight.pictures.copies import Copies
    from fanlight.pictures.sources import Bytes
    from fanlight.renditions.recipes import Recipe

log = structlog.get_logger(__name__)

GATHERED, LONGEST = 0.02, 0.4
"""Who asks within so many seconds of one another shares a call, which leaves after the second."""
HELD = 20.0
"""Seconds for which a preview is held for others who want it: as long as a screen fills."""
ROOM = 16 << 20
"""Bytes of previews that are held."""
LONGEST_EDGE = 640
"""Edge of the largest rendition that is made of a preview."""
EDGE = LONGEST_EDGE * 3 // 2
"""Edge of the box of a preview: one size does for all, so that all who want one can share it.

It is larger because services fit previews into boxes of another shape.
"""
SUITED = frozenset({"image/jpeg"})
"""Originals that lose nothing by it: they neither move nor can be seen through."""

Riders = Callable[[], Awaitable[Sequence["Bytes"]]]
"""Finds the originals of which previews will be wanted next, soonest first."""


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


class _Key(NamedTuple):
    """What a preview is of. What shows an older version is no answer."""

    store: Store
    locator: str
    version: str


@dataclass(slots=True, eq=False)
class _Coming:
    """A preview on its way, or here for whoever asks next."""

    answer: asyncio.Future[Preview | None]
    waiting: int = 0
    """How many have asked for it and not left."""


@dataclass(slots=True, eq=False)
class _Call:
    """What will be asked of one store at once."""

    store: Store
    wanted: dict[_Key, _Coming] = field(default_factory=dict["_Key", "_Coming"])
    riders: Riders | None = None

    @property
    def room(self) -> int:
        """How many more the store gives in this call."""
        return max(0, self.store.traits.previews - len(self.wanted))


class Previews:
    """Asks services for previews, many at a time. For one event loop.

    Whoever wants one that is on its way waits for that. It is held for a moment when it has come,
    for others, and for those whom it came ahead of.
    """

    def __init__(self, copies: Copies, *, room: int = ROOM) -> None:
        """`room`: bytes of previews that are held."""
        self._copies = copies
        self._room = room
        self._calls: dict[Store, _Call] = {}
        self._coming: dict[_Key, _Coming] = {}
        self._held: dict[_Key, int] = {}
        """Of those, what is here: how many bytes, the oldest first."""
        self._size = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Ask for nothing any more."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._drop(tuple(self._held))

    async def find(
        self, source: Bytes, recipe: Recipe, riders: Riders | None = None
    ) -> Small | None:
        """The preview to make a rendition of; `None` where there is none that is good enough.

        Then the original will have to do. What the service fails with is not told: reading the
        original will tell it. `riders` come along if there is room in the call, but are never the
        reason for one.
        """
        if not _suits(source):
            return None
        placement, store = source.places[0]
        key = _Key(store, placement.locator, placement.version)
        return await self._of(key, source.content, recipe, riders)

    async def of(
        self, store: Store, locator: str, version: str, content: str, recipe: Recipe
    ) -> Small | None:
        """The same for an object of a store, in that version; `content` names its bytes."""
        return await self._of(_Key(store, locator, version), content, recipe, None)

    async def _of(
        self, key: _Key, content: str, recipe: Recipe, riders: Riders | None
    ) -> Small | None:
        able = key.store.can(Ability.PREVIEW) and recipe.fit is Fit.INSIDE
        if not able or max(recipe.width or 0, recipe.height or 0) > LONGEST_EDGE:
            return None
        preview = await _wait(self._coming.get(key) or self._join(key, riders))
        if preview is None or preview.version != key.version:
            return None
        small = self._small(preview, f"preview {content}")
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

    # --- those who ask

    def _join(self, key: _Key, riders: Riders | None) -> _Coming:
        """Have it in the call that is about to leave."""
        call = self._calls.get(key.store)
        if call is None:
            call = self._calls[key.store] = _Call(key.store)
            task = asyncio.create_task(self._carry_out(call))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        call.riders = call.riders or riders
        coming = self._add(call, key)
        if not call.room:
            self._close(call)
        return coming

    def _add(self, call: _Call, key: _Key) -> _Coming:
        coming = _Coming(asyncio.get_running_loop().create_future())
        call.wanted[key] = self._coming[key] = coming
        return coming

    def _close(self, call: _Call) -> None:
        """Whoever asks next shares another one."""
        if self._calls.get(call.store) is call:
            del self._calls[call.store]

    # --- what is asked of the service

    async def _carry_out(self, call: _Call) -> None:
        found: dict[_Key, Preview | None] = {}
        try:
            await _gather(call)
            riding = await self._riding(call)
            self._close(call)
            self._settle(call, riding)
            if call.wanted:
                wanted = tuple(call.wanted)
                locators = [key.locator for key in wanted]
                previews = await call.store.previews(locators, EDGE)
                found = dict(zip(wanted, previews, strict=True))
        except FanlightError as error:
            log.info("previews.not_had", channel=call.store.name, code=error.public_code)
        finally:
            self._close(call)
            for key, coming in call.wanted.items():
                coming.answer.set_result(found.get(key))
                if key not in found:
                    del self._coming[key]
            self._hold(found)

    async def _riding(self, call: _Call) -> list[_Key]:
        """What may come along, of the same store."""
        if call.riders is None or not call.room:
            return []
        places = [one.places[0] for one in await call.riders() if _suits(one)]
        return [
            _Key(store, place.locator, place.version)
            for place, store in places
            if store is call.store
        ]

    def _settle(self, call: _Call, riding: Iterable[_Key]) -> None:
        """Leave out what nobody waits for any more, and take others along if anybody is left."""
        for key, coming in tuple(call.wanted.items()):
            if not coming.waiting:
                del call.wanted[key], self._coming[key]
        if call.wanted:
            for key in riding:
                if call.room and key not in self._coming:
                    self._add(call, key)

    # --- what has come

    def _hold(self, found: Mapping[_Key, Preview | None]) -> None:
        """Have it here for a moment, and no more of it than there is room for."""
        for key, preview in found.items():
            self._held[key] = 0 if preview is None else len(preview.data)
            self._size += self._held[key]
        while self._size > self._room:
            self._drop([next(iter(self._held))])
        if found:
            asyncio.get_running_loop().call_later(HELD, self._drop, tuple(found))

    def _drop(self, keys: Iterable[_Key]) -> None:
        """Have these here no more; what is on its way goes on."""
        for key in keys:
            if key in self._held:
                self._size -= self._held.pop(key)
                del self._coming[key]


async def _wait(coming: _Coming) -> Preview | None:
    coming.waiting += 1
    try:
        return await asyncio.shield(coming.answer)
    finally:
        coming.waiting -= 1


async def _gather(call: _Call) -> None:
    """Wait while there are more and more who ask."""
    until, before = time.monotonic() + LONGEST, 0
    while before < len(call.wanted) and call.room and time.monotonic() < until:
        before = len(call.wanted)
        await asyncio.sleep(GATHERED)


def _suits(source: Bytes) -> bool:
    if not source.settled or source.pinned is not None or not source.places:
        return False
    return source.media_type in SUITED
