"""Renditions on the disk, bounded by their bytes, the least recently used removed first.

What is there is known in memory, filled by one walk through the folder at the start; further walks,
slow ones, notice what others did: several servers may share a folder, and anybody may empty it. A
rendition is written aside and renamed into place, so nothing half is ever seen. Its last use is
written down (as its modification time) once an hour at most.

Used from one event loop; the disk is touched in the threads of the executor alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from itertools import islice
from pathlib import Path
from typing import TypeVar

import structlog

from fanlight.renditions import folder
from fanlight.renditions.folder import Found
from fanlight.renditions.keys import Rendition
from fanlight.renditions.shelf import LARGEST, LONGEST_SIDE, Kept
from fanlight.renditions.shelves import Shelves, part_of
from fanlight.scratch import Scratch

log = structlog.get_logger(__name__)

T = TypeVar("T")

NOTED = 3600.0
"""Seconds: how exactly a use survives a restart."""
PAUSE = 15.0
"""Seconds between two steps of a slow walk."""
STEP = 64
"""Folders in a step: a slow walk takes a quarter of an hour."""
FEW = 250
"""Renditions after which a step ends early, so that the loop is never held for long."""
STAYS = 0.9
"""Share that stays when the disk is full."""
HOT = 1000
"""Renditions whose records are held ready."""
_UNFINISHED = "unfinished"


class Cache:
    """The renditions in one folder, up to `most_bytes`."""

    def __init__(
        self,
        top: Path,
        most_bytes: int,
        *,
        disk: Executor,
        clock: Callable[[], float] = time.time,
        pause: float = PAUSE,
    ) -> None:
        self._top = str(top)
        self._most = most_bytes
        self._disk = disk
        self._clock = clock
        self._pause = pause
        self._shelves = Shelves()
        self._hot: dict[bytes, Rendition] = {}
        self._worn: set[bytes] = set()
        self._scratch = Scratch(top / _UNFINISHED)
        self._walking: asyncio.Task[None] | None = None
        self.known = False
        """Whether the first walk is done: until then what is there may have to be looked for."""

    @property
    def bytes(self) -> int:
        """Of all renditions that are known."""
        return self._shelves.bytes

    def __len__(self) -> int:
        return len(self._shelves)

    def start(self) -> None:
        """Begin to walk."""
        self._walking = asyncio.create_task(self._walk())

    async def close(self) -> None:
        """End, and write down what was used."""
        if self._walking is not None:
            self._walking.cancel()
            await asyncio.wait({self._walking})
        await self._note_uses()
        await self._in_thread(self._scratch.close)

    # --- what is there

    def find(self, digest: bytes) -> Rendition | None:
        """What is known under that digest, without a look at the disk. Counts as a use."""
        now = self._clock()
        before = self._shelves.use(digest, now)
        if before is None:
            return None
        if before // NOTED != now // NOTED:
            self._worn.add(digest)
        if (shown := self._hot.get(digest)) is not None:
            return shown
        kept = self._shelves.get(digest)
        return self._show(digest, kept) if kept else None

    def get(self, digest: bytes) -> Kept | None:
        """The same with what only the cache cares for, and no use."""
        return self._shelves.get(digest)

    async def look(self, digest: bytes) -> Rendition | None:
        """`find`, and if that finds nothing a look at the disk."""
        found = self.find(digest)
        if found is None:
            await self._look_at(part_of(digest))
            found = self.find(digest)
        return found

    def forget(self, digest: bytes) -> None:
        """Do not believe any more that it is there."""
        self._shelves.drop(digest)
        self._hot.pop(digest, None)

    def _show(self, digest: bytes, kept: Kept) -> Rendition:
        path = Path(folder.path_of(self._top, digest, kept))
        media_type = kept.format.media_type
        key = f"{digest.hex()}-{kept.size:x}{'' if kept.first_hand else '-2'}"
        shown = Rendition(path, media_type, kept.size, key, kept.width, kept.height)
        if len(self._hot) >= HOT:
            self._hot.clear()
        self._hot[digest] = shown
        return shown

    # --- what comes in, and what goes for it

    async def room(self, number: int = 1) -> list[Path]:
        """Paths to write renditions to. Raises OSError if the folder takes nothing."""
        return await self._in_thread(lambda: [self._scratch.new() for _ in range(number)])

    def takes(self, kept: Kept) -> bool:
        """Whether it is not too large for this cache."""
        edge = max(kept.width, kept.height)
        return kept.size <= min(self._most, LARGEST) and edge <= LONGEST_SIDE

    async def keep(self, digest: bytes, path: Path, kept: Kept) -> Rendition:
        """Take in a rendition that is complete at `path`, which is free then. Raises OSError."""
        await self._in_thread(folder.put, str(path), folder.path_of(self._top, digest, kept))
        before = self._shelves.get(digest)
        self._hot.pop(digest, None)
        self._shelves.put(digest, kept, self._clock())
        shown = self._show(digest, kept)
        if before is not None and before != kept:
            await self._in_thread(folder.remove, [folder.path_of(self._top, digest, before)])
        await self._bound(self._most, digest)
        return shown

    async def give_way(self) -> None:
        """Become smaller if the disk is full: a cache shall not be what fills it."""
        if await self._in_thread(folder.is_full, self._top):
            await self._bound(int(self.bytes * STAYS))

    async def _bound(self, most: int, new: bytes | None = None) -> None:
        """Remove what was least recently used until the rest fits; but what is new stays."""
        gone: list[str] = []
        while self.bytes > most and (digest := self._shelves.least_used()) not in (None, new):
            kept = self._shelves.drop(digest)
            self._hot.pop(digest, None)
            if kept is not None:
                gone.append(folder.path_of(self._top, digest, kept))
        if gone:
            await self._in_thread(folder.remove, gone)

    # --- walking

    async def _walk(self) -> None:
        await self._in_thread(self._scratch.sweep)
        while True:
            try:
                await self._walk_once()
            except Exception:
                log.exception("pictures.walk_failed")
            self.known = True
            await self._rest()

    async def _walk_once(self) -> None:
        steps = iter(await self._in_thread(self._parts))
        while step := await self._in_thread(self._step, steps):
            for part, began, found in step:
                self._merge(part, began, found)
            await self._bound(self._most)
            if self.known:
                await self._rest()

    async def _rest(self) -> None:
        await asyncio.sleep(self._pause)
        await self._note_uses()

    def _parts(self) -> list[int]:
        return sorted({*folder.parts(self._top), *self._shelves.parts()})

    def _step(self, parts: Iterator[int]) -> list[tuple[int, float, list[Found]]]:
        step: list[tuple[int, float, list[Found]]] = []
        seen = 0
        for part in islice(parts, STEP):
            step.append((part, self._clock(), folder.listed(self._top, part)))
            seen += len(step[-1][2])
            if seen >= FEW:
                break
        return step

    async def _look_at(self, part: int) -> None:
        began = self._clock()
        self._merge(part, began, await self._in_thread(folder.listed, self._top, part))

    def _merge(self, part: int, began: float, found: list[Found]) -> None:
        for one in found:
            if self._shelves.get(one.digest) != one.kept:
                self._hot.pop(one.digest, None)
            self._shelves.put(one.digest, one.kept, min(one.used, began))
        there = {one.digest for one in found}
        for digest in list(self._shelves.unused_since(part, began)):
            if digest not in there:
                self.forget(digest)

    async def _note_uses(self) -> None:
        worn, self._worn = self._worn, set()
        known = ((digest, self._shelves.get(digest)) for digest in worn)
        paths = [folder.path_of(self._top, digest, kept) for digest, kept in known if kept]
        if paths:
            await self._in_thread(folder.touch, paths, self._clock())

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, call, *arguments)
