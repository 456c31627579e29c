"""What every action with pictures needs; `Pictures` is composed of groups of actions over it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import structlog

from fanlight.errors import FanlightError, Forbidden, PictureError
from fanlight.model import Asset, FactSheet, Kind
from fanlight.pictures.copies import straight
from fanlight.pictures.forms import USUAL, Form, Size
from fanlight.pictures.sources import Bytes, Pinned, Sources, Stores
from fanlight.renditions.keys import Key
from fanlight.renditions.order import Failed
from fanlight.renditions.queue import Urgency

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.model import Facts
    from fanlight.pictures.copies import Open
    from fanlight.renditions.figures import Figures
    from fanlight.renditions.keys import Rendition, Source
    from fanlight.renditions.recipes import Recipe

T = TypeVar("T")

AT_ONCE = 25
"""Assets that are offered to the workers side by side, so that a call for previews is full."""
MOST_NOTED = 10_000
PATIENCE = 2.0
"""Seconds for which what is for later lets those pass who look, before each picture."""
PICTURED = frozenset({Kind.PICTURE, Kind.VIDEO})
"""Kinds of assets that pictures are made of."""

log = structlog.get_logger(__name__)


class HasStores(Protocol):
    """`Channels`, as much of it as pictures need."""

    @property
    def stores(self) -> Stores:
        """The stores of all channels."""
        ...


class Maker(Protocol):
    """`renditions.Renditions`, as much of it as pictures need."""

    async def start(self) -> None:
        """Begin to work."""
        ...

    async def close(self) -> None:
        """End it."""
        ...

    def kept(self, key: Key) -> Rendition | None:
        """The rendition, if it is there, within microseconds."""
        ...

    def forget(self, rendition: Rendition) -> None:
        """It was not there when it was to be opened."""
        ...

    def expect(self, renditions: int) -> None:
        """So many will be wanted in a moment."""
        ...

    async def make(
        self,
        key: Key,
        source: Source,
        *,
        urgency: Urgency = Urgency.SEEN,
        also: tuple[Recipe, ...] = (),
    ) -> Rendition:
        """The rendition, made if need be. PictureError, and what `source.local` raises."""
        ...

    async def take_facts(
        self, source: Source, *, outputs: tuple[Key, ...] = (), urgency: Urgency = Urgency.LATER
    ) -> Facts:
        """The facts of bytes; `outputs` are made in the same decode. Raises like `make`."""
        ...

    @property
    def figures(self) -> Figures:
        """What it has done, and what it has to do."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendition of an asset, and what it was made of."""

    rendition: Rendition
    key: Key
    settled: bool
    """Whether it shows the bytes that the catalogue knows."""
    pinned: Pinned | None
    """The local original it shows, to be seen when that changes."""
    better: Key | None = None
    """What takes its place once that is made."""


class Desk:
    """The catalogue, the ways to originals, and who makes renditions."""

    def __init__(
        self,
        catalogue: Catalogue,
        channels: HasStores,
        renditions: Maker | None,
        *,
        scratch: Path,
        sizes: frozenset[Size] = USUAL,
        avif: bool = False,
        open_: Open = straight,
        patience: float = PATIENCE,
    ) -> None:
        """Take values: no `renditions` where they are switched off.

        `scratch` is a folder for copies of originals that lie elsewhere, `sizes` those that may be
        asked for; `avif` lets it be made, in the background, for viewers who take it. `open_` reads
        originals that lie elsewhere. What is for later waits up to `patience` seconds before each
        picture while somebody looks.
        """
        self._catalogue = catalogue
        self._sources = Sources(channels.stores, scratch, open_)
        self._renditions = renditions
        self._sizes = sizes
        self._avif = avif
        self._patience = patience
        self._tasks: set[asyncio.Task[None]] = set()
        self._learned: dict[tuple[str, int], None] = {}
        """Versions whose facts were taken by the way: links in use may not know of it yet."""
        self._bettered: dict[Key, None] = {}
        """Renditions that are to take the place of others, tried once."""
        self._refused: dict[tuple[str, int], PictureError] = {}
        """Versions whose problem is being written down."""
        self._unseen: dict[str, None] = {}
        """Contents that no asset has, and that no picture can be made of."""
        self._looking = 0
        """How many wait for a picture where they look."""
        self._calm = asyncio.Event()
        """Nobody does."""
        self._calm.set()

    # --- for the groups of actions ----------------------------------------------------------------

    def _maker(self) -> Maker:
        """Who makes renditions. Forbidden (`forbidden.pictures`) where they are switched off."""
        if self._renditions is None:
            raise Forbidden(
                "Pictures in other sizes are switched off here.",
                remedy="The original can be had without a size.",
                code="forbidden.pictures",
            )
        return self._renditions

    def _key(self, source: Bytes, form: Form) -> Key:
        return Key(source.content, form.recipe, form.format, form.taken.webp)

    async def _keep_facts(self, asset: Asset, facts: Facts) -> None:
        await self._catalogue.write(
            lambda records: records.facts.keep(asset.id, asset.version, facts)
        )

    async def _keep_problem(self, asset: Asset, error: PictureError) -> None:
        log.info("picture.refused", asset=asset.id, version=asset.version, code=error.code)
        await self._catalogue.write(
            lambda records: records.facts.keep_problem(asset.id, asset.version, error)
        )

    @contextmanager
    def _looked_at(self) -> Generator[None]:
        """While somebody waits for a picture where they look."""
        self._looking += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._looking -= 1
            if not self._looking:
                self._calm.set()

    async def _let_pass(self) -> None:
        """What is for later waits while somebody looks, but not for ever."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._calm.wait(), self._patience)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something to its end, whatever becomes of who asked for it."""
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _end_tasks(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


def error_of(sheet: FactSheet) -> PictureError:
    """Why no picture can be made of a version, as it was said the first time."""
    return Failed(sheet.problem, sheet.message, sheet.remedy).error()


def note(noted: dict[T, None], one: T) -> None:
    """Put one more among what was noted, and let the oldest go when there are very many."""
    noted[one] = None
    if len(noted) > MOST_NOTED:
        del noted[next(iter(noted))]


async def side_by_side(items: Iterable[T], work: Callable[[T], Awaitable[None]]) -> None:
    """Do the work for all, some at a time. What the first one raises ends the others."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    workers = [asyncio.create_task(worker()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*workers)
    finally:
        for one in workers:
            one.cancel()
        await asyncio.wait(workers)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except FanlightError as error:
        log.info("picture.work_failed", code=error.public_code)
    except Exception:
        log.exception("picture.work_failed")
