"""The face of this package: what is kept is there at once, the rest is made when its turn comes."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

from fanlight.model import Facts
from fanlight.renditions.cache import Cache
from fanlight.renditions.figures import Figures
from fanlight.renditions.keys import Key, Rendition, Source
from fanlight.renditions.limits import Limits
from fanlight.renditions.making import FACTS, Aim, Answer, Maker
from fanlight.renditions.pool import Pool
from fanlight.renditions.queue import Queue, Urgency
from fanlight.renditions.recipes import Format, Recipe
from fanlight.scratch import Scratch

__all__ = ["Key", "Rendition", "Renditions", "Source", "Urgency"]

SPARE_BYTES = 64 << 20
"""Renditions that are held in a temporary folder while the cache's takes none."""
ROOM_SHARE = 16
"""What part of the memory that each worker may take is for heavy originals, if nobody says."""
_TEMPORARY = "fanlight-renditions-"


class Renditions:
    """Makes and keeps renditions, for one event loop; several processes may share `folder`.

    `room` is what originals decoded at the same time may weigh together, 0: what is usual.
    """

    def __init__(
        self, folder: Path, *, cache_bytes: int, workers: int, limits: Limits, room: int = 0
    ) -> None:
        self._hits = 0
        self._disk = ThreadPoolExecutor(2, thread_name_prefix="renditions")
        self._scratch = Scratch(Path(tempfile.gettempdir()), _TEMPORARY)
        self._cache = Cache(folder, cache_bytes, disk=self._disk)
        self._spare = Cache(self._scratch.folder / "spare", SPARE_BYTES, disk=self._disk)
        # one more for what somebody looks at while the background has all places
        self._workers = workers
        self._pool = Pool(workers + 1, limits, self._scratch.new, disk=self._disk)
        self._maker = Maker(self._cache, self._spare, self._pool, disk=self._disk)
        self._queue = Queue[Source, Aim, Answer](
            self._maker.carry_out,
            places=workers,
            room=room or workers * limits.memory // ROOM_SHARE,
            apart=_is_slow,
        )

    async def start(self) -> None:
        """Begin to take in what is in the folder. Never fails for a folder that cannot be used."""
        self._disk.submit(self._scratch.sweep)
        self._cache.start()

    async def close(self) -> None:
        """End all work and all workers; whoever waits gets Overloaded."""
        await self._queue.close()
        await self._pool.close()
        await self._cache.close()
        await self._spare.close()
        await asyncio.get_running_loop().run_in_executor(self._disk, self._scratch.close)
        self._disk.shutdown(wait=False)

    # --- what others ask for

    def kept(self, key: Key) -> Rendition | None:
        """What is known to be there: some microseconds, no system call."""
        digest = key.digest
        found = self._cache.find(digest) or self._spare.find(digest)
        self._hits += found is not None
        return found

    def forget(self, rendition: Rendition) -> None:
        """Say that it was not there when it was to be opened; then ask for it again by `make`."""
        self._cache.forget(rendition.digest)
        self._spare.forget(rendition.digest)

    def expect(self, renditions: int) -> None:
        """Say that so many will be wanted in a moment, so that who makes them is there by then."""
        self._pool.expect(min(renditions, self._workers - self._pool.carried_out))

    async def make(
        self,
        key: Key,
        source: Source,
        *,
        urgency: Urgency = Urgency.SEEN,
        also: tuple[Recipe, ...] = (),
    ) -> Rendition:
        """The rendition, made if it is not kept; however many ask, it is made once.

        `also` are other sizes that will be wanted: made by the same decode, if there is one. Cancel
        it when the viewer has left: work that nobody waits for is dropped.

        Raises PictureError (a plain one, of no subclass, is not about the picture: do not remember
        it), ObjectChanged if the original changed meanwhile, Overloaded, and what
        `source.local()` raises.
        """
        found = self.kept(key) or await self._found_on_disk(key)
        if found is not None:
            return found
        riders = [wanted for size in also if self.kept(wanted := key.for_recipe(size)) is None]
        (rendition,) = await self._queue.ask(source, (key,), urgency=urgency, riders=riders)
        return cast("Rendition", rendition)

    async def take_facts(
        self, source: Source, *, outputs: tuple[Key, ...] = (), urgency: Urgency = Urgency.LATER
    ) -> Facts:
        """All facts, those of the pixels included, and `outputs` by the same decode.

        Raises what `make` does.
        """
        wanted = [key for key in outputs if self.kept(key) is None]
        facts, *_ = await self._queue.ask(source, (FACTS, *wanted), urgency=urgency)
        return cast("Facts", facts)

    async def _found_on_disk(self, key: Key) -> Rendition | None:
        """Only while the cache does not know all it has: later the order looks."""
        return None if self._cache.known else await self._cache.look(key.digest)

    @property
    def figures(self) -> Figures:
        """What has been done, and what there is to do."""
        return Figures(
            made=self._maker.made,
            hits=self._hits,
            failed=self._maker.failed,
            waiting=self._queue.waiting,
            running=self._queue.running,
            workers=len(self._pool.pids),
            kept=len(self._cache),
            kept_bytes=self._cache.bytes,
        )


def _is_slow(aim: Aim) -> bool:
    """AVIF takes many times as long as the rest: nobody shall wait for the rest because of it."""
    return aim != FACTS and aim.format is Format.AVIF
