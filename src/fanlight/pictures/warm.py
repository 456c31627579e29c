"""Make pictures before they are asked for, look how much there is, and begin anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError, PictureError
from fanlight.model import Actor, Scope, Sort
from fanlight.pictures.desk import PICTURED, side_by_side
from fanlight.pictures.forms import Form, Taken
from fanlight.pictures.making import Making
from fanlight.pictures.prepare import BATCH
from fanlight.renditions.queue import Urgency
from fanlight.renditions.recipes import PRESETS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.catalogue import Records
    from fanlight.model import Link

    Progress = Callable[[int, int | None, str], Awaitable[None]]

ALL = ("thumb", "small", "medium", "large")
"""Presets that are made ahead, the largest last; with those for two pixels a point, but one."""


@dataclass(slots=True)
class Warmed:
    """What came of it."""

    done: int = 0
    """Assets of which all presets are there."""
    refused: int = 0
    """Assets that no picture can be made of."""
    later: int = 0
    """Assets whose bytes could not be had."""
    after: str | None = None
    """Where a run that was broken off goes on."""

    @property
    def all(self) -> int:
        """How many were looked at."""
        return self.done + self.refused + self.later


@dataclass(frozen=True, slots=True)
class Status:
    """How much there is."""

    on: bool
    unprepared: int
    """Pictures and videos whose facts are not known yet."""
    problems: int
    """Assets that no picture can be made of."""


class Warming(Making):
    """What an owner does with all pictures of a folder, or of the library."""

    async def warm(
        self,
        actor: Actor,
        folder: str | None = None,
        progress: Progress | None = None,
        *,
        report: Warmed | None = None,
        passed: Callable[[Warmed], Awaitable[None]] | None = None,
    ) -> Warmed:
        """Make all presets of what is in a folder and below it, or of everything.

        `passed(report)` is awaited now and then; a later run that is given what it was told goes on
        from there. Raises Forbidden, and whatever `progress(done, total, message)` raises, which
        ends the run there.
        """
        self.admit(actor, folder)
        report = report or Warmed()
        total = await self._catalogue.read(_counter(folder))
        while True:
            links, following = await self._catalogue.read(_reader(folder, report.after))

            async def one(link: Link) -> None:
                await self._warm_one(link, report)
                if progress is not None:
                    await progress(report.all, total, link.asset.name)

            await side_by_side(links, one)
            report.after = following
            if following is None:
                return report
            if passed is not None:
                await passed(report)

    def admit(self, actor: Actor, folder: str | None) -> None:
        """Raise Forbidden unless the actor may have a folder, or everything, warmed."""
        if folder is None or actor.channel_id is not None:
            actor.require_everywhere(Scope.MANAGE)
        else:
            actor.require(Scope.MANAGE, folder=folder)
        self._maker()

    async def status(self, actor: Actor) -> Status:
        """How much there is to do, and of what nothing can be made. Raises Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        unprepared, problems = await self._catalogue.read(
            lambda records: (records.facts.count_unprepared(), records.facts.count_problems())
        )
        return Status(self._renditions is not None, unprepared, problems)

    async def retry(self, actor: Actor) -> int:
        """Forget of what no picture could be made, so that it is tried again; how many.

        For after a reader of more kinds was installed, or a limit raised. Raises Forbidden.
        """
        actor.require_everywhere(Scope.MANAGE)
        forgotten = 0
        while more := await self._catalogue.write(lambda records: records.facts.forget_problems()):
            forgotten += more
        return forgotten

    async def _warm_one(self, link: Link, report: Warmed) -> None:
        largest, *smaller = (PRESETS[name] for name in reversed(ALL))
        taken = Taken(webp=True)
        await self._let_pass()
        try:
            form = Form(largest, taken=taken)
            await self.rendition(link, form, urgency=Urgency.LATER, also=tuple(smaller))
            for recipe in smaller:  # there by now, unless the largest was already
                await self.rendition(link, Form(recipe, taken=taken), urgency=Urgency.LATER)
        except PictureError:
            report.refused += 1
        except FanlightError:
            report.later += 1
        else:
            report.done += 1


def _counter(folder: str | None) -> Callable[[Records], int]:
    def unit(records: Records) -> int:
        wanted = [records.assets.count(folder=folder, deep=True, kind=kind) for kind in PICTURED]
        return sum(wanted)

    return unit


def _reader(
    folder: str | None, after: str | None
) -> Callable[[Records], tuple[list[Link], str | None]]:
    def unit(records: Records) -> tuple[list[Link], str | None]:
        page = records.assets.page(
            folder=folder, deep=True, sort=Sort.OLDEST, after=after, limit=BATCH
        )
        pictures = [one for one in page.items if one.kind in PICTURED]
        links = [records.links.by_asset(asset.id) for asset in pictures]
        return [link for link in links if link is not None], page.next

    return unit
