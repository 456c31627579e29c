"""How an order is carried out: from which bytes, by a worker, and into which cache."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import structlog

from fanlight.errors import FanlightError, ObjectChanged, ObjectMissing, Overloaded, PictureError
from fanlight.model import Facts
from fanlight.renditions.cache import Cache
from fanlight.renditions.folder import remove
from fanlight.renditions.keys import Key, Rendition, Source
from fanlight.renditions.larger import larger_for
from fanlight.renditions.order import Order, Output
from fanlight.renditions.pool import Pool
from fanlight.renditions.queue import Turn
from fanlight.renditions.shelf import Kept
from fanlight.renditions.weight import ENOUGH, weigh

log = structlog.get_logger(__name__)

FACTS: Literal["facts"] = "facts"
Aim = Key | Literal["facts"]
"""What may be wanted of a source."""
Answer = Rendition | Facts
Pin = tuple[int, int, int, int]
"""What tells one state of a local file from another."""
T = TypeVar("T")

UNWELL = 60.0
"""Seconds in which a folder that took nothing is not tried again."""
_NO_ROOM = "There is no room to make a picture in."


@dataclass(frozen=True, slots=True)
class _Material:
    """What pictures are made from: the original, or a larger rendition of it."""

    path: Path
    media_type: str
    content: str
    first_hand: bool = True


class Maker:
    """Makes what is wanted of sources, and keeps it in `cache`; in `spare` if that takes nothing.

    `made` and `failed` (by error code) count what has been.
    """

    def __init__(
        self, cache: Cache, spare: Cache, pool: Pool, *, disk: Executor, unwell: float = UNWELL
    ) -> None:
        self._cache = cache
        self._spare = spare
        self._pool = pool
        self._disk = disk
        self._unwell = unwell
        self._unwell_until = 0.0
        self.made = 0
        self.failed = Counter[str]()

    async def carry_out(
        self, source: Source, aims: tuple[Aim, ...], turn: Turn
    ) -> Mapping[Aim, Answer]:
        """Answer every aim, or raise what `Renditions.make` says."""
        try:
            return await self._answer(source, aims, turn)
        except FanlightError as error:
            self.failed[error.public_code] += 1
            raise

    async def _answer(self, source: Source, aims: tuple[Aim, ...], turn: Turn) -> dict[Aim, Answer]:
        answers = dict[Aim, Answer]()
        for key in _keys(aims):  # another process may have made it
            found = self._spare.find(key.digest) or await self._cache.look(key.digest)
            if found is not None:
                answers[key] = found
        wanted: tuple[Aim, ...] = tuple([aim for aim in aims if aim not in answers])
        if wanted:
            made = await self._from_larger(wanted, turn)
            answers |= made or await self._from_source(source, wanted, turn)
        return answers

    async def _from_larger(self, aims: tuple[Aim, ...], turn: Turn) -> dict[Aim, Answer]:
        """What a larger rendition that is kept gives; empty if there is none for all of it."""
        if FACTS in aims:
            return {}
        larger = larger_for(_keys(aims), self._cache)
        if larger is None:
            return {}
        material = _Material(larger.path, larger.media_type, larger.path.name, first_hand=False)
        try:
            return await self._order(material, aims, turn)
        except (PictureError, ObjectChanged, ObjectMissing):
            self._cache.forget(larger.digest)
            return {}

    async def _from_source(
        self, source: Source, aims: tuple[Aim, ...], turn: Turn
    ) -> dict[Aim, Answer]:
        async with AsyncExitStack() as stack:
            with turn.aside():
                path = await stack.enter_async_context(source.local())
            material = _Material(path, source.media_type, source.content)
            return await self._order(material, aims, turn)

    async def _order(
        self, material: _Material, aims: tuple[Aim, ...], turn: Turn
    ) -> dict[Aim, Answer]:
        pin = await self._in_thread(_pin, material.path)
        if pin is None:
            raise ObjectMissing
        turn.hold(await self._in_thread(_weigh, material))
        trouble: Exception | None = None
        for cache in self._caches():
            try:
                answers = await self._order_into(cache, material, aims, pin)
            except (OSError, PictureError) as error:
                if isinstance(error, PictureError) and type(error) is not PictureError:
                    raise
                trouble = error
            else:
                await self._note_health(cache, trouble)
                return answers
        raise trouble if isinstance(trouble, PictureError) else Overloaded(_NO_ROOM)

    async def _order_into(
        self, cache: Cache, material: _Material, aims: tuple[Aim, ...], pin: Pin
    ) -> dict[Aim, Answer]:
        keys = _keys(aims)
        targets = await cache.room(len(keys))
        outputs = _outputs(keys, targets)
        order = Order(str(material.path), material.media_type, outputs, facts=FACTS in aims)
        try:
            done = await self._pool.run(order, material.content)
            if await self._in_thread(_pin, material.path) != pin:
                raise ObjectChanged
            answers: dict[Aim, Answer] = {FACTS: done.facts} if done.facts else {}
            for key, made in zip(keys, done.made, strict=True):
                kept = Kept(made.size, made.width, made.height, made.format, material.first_hand)
                where = cache if cache.takes(kept) else self._spare
                answers[key] = await where.keep(key.digest, Path(made.target), kept)
        except BaseException:
            await self._in_thread(remove, list(map(str, targets)))
            raise
        self.made += len(keys)
        return answers

    # --- where it is kept

    def _caches(self) -> tuple[Cache, ...]:
        well = time.monotonic() >= self._unwell_until
        return (self._cache, self._spare) if well else (self._spare,)

    async def _note_health(self, used: Cache, trouble: Exception | None) -> None:
        """Say once that the cache takes nothing, and once that it does again."""
        if used is self._cache and self._unwell_until:
            log.info("pictures.cache_usable_again")
            self._unwell_until = 0.0
        elif trouble is not None:
            if not self._unwell_until:
                log.warning("pictures.cache_unusable", reason=str(trouble))
            self._unwell_until = time.monotonic() + self._unwell
            await self._cache.give_way()

    async def _in_thread(self, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, call, *arguments)


def _keys(aims: tuple[Aim, ...]) -> list[Key]:
    return [aim for aim in aims if isinstance(aim, Key)]


def _outputs(keys: list[Key], targets: list[Path]) -> tuple[Output, ...]:
    pairs = zip(keys, targets, strict=True)
    return tuple(Output(key.recipe, key.format, str(to), key.webp) for key, to in pairs)


def _pin(path: Path) -> Pin | None:
    """`None` if it is not there."""
    with suppress(OSError):
        found = path.stat()
        return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_dev)
    return None


def _weigh(material: _Material) -> int:
    with suppress(OSError), material.path.open("rb") as file:  # then its order fails, not this
        return weigh(file.read(ENOUGH), material.media_type)
    return 0
