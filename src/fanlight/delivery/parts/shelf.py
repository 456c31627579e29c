"""Which parts are kept, in the order of their last use, within a number of bytes.

Parts are few (a terabyte has a quarter of a million), so a dictionary will do. Several processes
may share the folder: each bounds what it knows of, and looks again at what the others did after
every sixteenth of the bound that it has written itself.
"""

from __future__ import annotations

import asyncio
import time
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from fanlight.delivery.parts import files

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from fanlight.delivery.parts.files import Draft, Growing, Kept, Wanted
    from fanlight.delivery.parts.source import Source

T = TypeVar("T")

HOT_SHARE = 4
"""Hot parts may take a quarter of the bytes before they are treated like all others."""
NOTED = 3600.0
"""Seconds: how exactly a use survives a restart."""
PAUSE = 30.0
"""Seconds after which a disk that took nothing is tried again."""

log = structlog.get_logger(__name__)


class Shelf:
    """The parts in one folder, up to `most_bytes`. Used from one event loop."""

    def __init__(
        self,
        top: Path,
        most_bytes: int,
        disk: Executor,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._top = str(top)
        self._most = most_bytes
        self._disk = disk
        self._monotonic = monotonic
        self._sizes: dict[str, int] = {}
        self._hot: dict[str, int] = {}
        self._brief: dict[str, int] = {}
        self._sure: dict[str, float] = {}
        """Parts that were written or read whole by this process, and when their use was noted."""
        self._bytes = 0
        self._written = 0
        self._looking: asyncio.Task[None] | None = None
        self._refused_until = 0.0
        self._complained = False
        self._pending: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def bytes(self) -> int:
        """Of all parts that are known."""
        return self._bytes

    def start(self) -> None:
        """Begin to look at what is there."""
        self._looking = asyncio.create_task(self._look(sweep=True))

    async def close(self) -> None:
        """Look no more, and come to the end of what must not be left half done."""
        self._closed = True
        while self._pending:
            await asyncio.wait(set(self._pending))
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    async def surely(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something to its end, also when whoever waits for it here waits no more."""
        task = asyncio.create_task(work)
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)
        await asyncio.shield(task)

    async def run(self, call: Callable[..., T], *arguments: object) -> T:
        """Call something that blocks, in a thread for the disk."""
        return await asyncio.get_running_loop().run_in_executor(self._disk, call, *arguments)

    # --- what is there

    def has(self, name: str) -> bool:
        """Whether a part is there, as far as is known."""
        return name in self._sizes or name in self._hot or name in self._brief

    async def take(self, source: Source, indexes: Iterable[int]) -> Kept | Growing | list[Draft]:
        """The first of some parts: kept, on its way, or ours to write, with what may follow it.

        A kept one counts as used, a lesser use if the source is brief. While the disk takes nothing
        no part is ours: the list is empty. Raises OSError.
        """
        now = self._monotonic()
        wanted = [self._wanted(source, index, now) for index in indexes]
        claiming = self._most > 0 and now >= self._refused_until
        taken = await self.run(lambda: files.take(self._top, wanted, claiming=claiming))
        first = wanted[0]
        if not isinstance(taken, files.Kept):
            self._forget(first.name)
        else:
            self._take_in(first.name, first.length, brief=source.brief)
            if not first.noted:
                self._sure[first.name] = now
        return taken

    def _wanted(self, source: Source, index: int, now: float) -> Wanted:
        name = source.part(index)
        noted = self._sure.get(name)
        recently = noted is not None and now - noted <= NOTED
        return files.Wanted(name, source.length(index), sure=noted is not None, noted=recently)

    async def keep(self, source: Source, index: int, draft: Draft, rest: Sequence[bytes]) -> None:
        """Write the rest of a part, and take it in. Raises OSError."""
        await self.run(draft.finish, rest)
        self._complained = False
        self.kept(source, index)
        await self._bound()
        self._written += source.length(index)
        looks = self._looking is not None and not self._looking.done()
        if self._written > self._most // 16 and not looks and not self._closed:
            self._looking = asyncio.create_task(self._look())

    def kept(self, source: Source, index: int) -> None:
        """A part was put in its place, by us or by another process."""
        name = source.part(index)
        self._sure[name] = self._monotonic()
        self._take_in(name, source.length(index), brief=source.brief)

    async def drop(self, drafts: Sequence[Draft]) -> None:
        """Give up what is not finished: who else wants it may have it."""
        await self.run(files.let_go, drafts)

    def refused(self, error: OSError) -> None:
        """The disk takes nothing: leave it alone for a while. The log says it once."""
        self._refused_until = self._monotonic() + PAUSE
        if not self._complained:
            self._complained = True
            log.warning("parts.not_kept", folder=self._top, reason=error.strerror)

    # --- what is known

    def _take_in(self, name: str, size: int, *, brief: bool = False) -> None:
        brief = brief and name not in self._sizes
        self._forget(name, unsure=False)
        shelf = self._hot if name.endswith("h") else self._brief if brief else self._sizes
        shelf[name] = size
        self._bytes += size

    def _forget(self, name: str, *, unsure: bool = True) -> None:
        for shelf in (self._sizes, self._hot, self._brief):
            self._bytes -= shelf.pop(name, 0)
        if unsure:
            self._sure.pop(name, None)

    async def _bound(self) -> None:
        gone: list[str] = []
        while self._bytes > self._most and (name := self._next_out()) is not None:
            self._forget(name)
            gone.append(files.place(self._top, name))
        if gone:
            await self.run(files.remove, gone)

    def _next_out(self) -> str | None:
        hot = sum(self._hot.values()) > self._most // HOT_SHARE
        first, second = (self._hot, self._sizes) if hot else (self._sizes, self._hot)
        return next(chain(self._brief, first, second), None)

    async def _look(self, *, sweep: bool = False) -> None:
        """Learn what is there: at the start, and what other processes have done since."""
        if sweep:
            await self.run(files.sweep, self._top)
        self._written = 0
        before = {*self._sizes, *self._hot, *self._brief}
        found = await self.run(files.listed, self._top)
        for name in before - {one.name for one in found}:
            self._forget(name)
        ordinary, hot, brief = self._sizes, self._hot, self._brief
        older = [one for one in found if not self.has(one.name)]
        self._sizes, self._hot, self._brief, self._bytes = {}, {}, {}, 0
        for one in older:
            self._take_in(one.name, one.size)
        for name, size in (*ordinary.items(), *hot.items()):
            self._take_in(name, size)
        for name, size in brief.items():
            self._take_in(name, size, brief=True)
        await self._bound()
