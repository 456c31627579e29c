"""Prepare what is new: take the facts, and make the small presets in the same decode."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError, PictureError
from fanlight.pictures.desk import Desk, side_by_side
from fanlight.renditions.facts.reading import read_facts
from fanlight.renditions.keys import Key
from fanlight.renditions.queue import Urgency
from fanlight.renditions.recipes import PRESETS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fanlight.catalogue import Records
    from fanlight.model import Asset, Facts, Link
    from fanlight.pictures.sources import Bytes

    Progress = Callable[[int, int | None, str], Awaitable[None]]

BATCH, AHEAD = 25, 1000
SMALL = ("thumb", "thumb@2x")
"""Presets that are made for every picture as soon as it is there."""


@dataclass(slots=True)
class Prepared:
    """What came of it."""

    taken: int = 0
    """Assets whose facts are known now."""
    refused: int = 0
    """Assets that no picture can be made of; their problem is known now."""
    later: int = 0
    """Assets whose bytes could not be had."""

    @property
    def all(self) -> int:
        """How many were looked at."""
        return self.taken + self.refused + self.later


class Preparing(Desk):
    """What is done for every picture before anybody asks."""

    async def anything_unprepared(self) -> bool:
        """Whether there is a picture or video whose facts are not known: an index look-up."""
        page = await self._catalogue.read(lambda records: records.facts.unprepared(1))
        return bool(page.items)

    async def prepare(self, progress: Progress | None = None) -> Prepared:
        """Take the facts of all that lack them; go on when one fails.

        What galleries show comes first, in the order in which it is seen there; of the rest what
        was added last, also meanwhile. What is prepared is so for good, so a run may stop anywhere
        and the next one does the rest. Whatever `progress(done, total, message)` raises ends the
        run there.
        """
        done = Prepared()
        if self._renditions is None:
            return done
        hung, ways = _Hung(), [_Way()]
        mark = await self._catalogue.read(lambda records: records.facts.mark())
        while ways:
            links, left = await self._catalogue.read(hung.look)
            if not links:
                links, left, ways[-1].after = await self._catalogue.read(ways[-1].look)
                links = [link for link in links if link.asset.id not in hung.tried]
                if ways[-1].after is None:
                    ways.pop()
            await self._prepare_all(links, done, done.all + left - done.later, progress)
            newest = await self._catalogue.read(lambda records: records.facts.mark())
            if newest != mark:
                ways.append(_Way(until=mark))
                mark = newest
        return done

    async def _prepare_all(
        self, links: list[Link], done: Prepared, total: int, progress: Progress | None
    ) -> None:
        async def one(link: Link) -> None:
            await self._prepare_one(link, done)
            if progress is not None:
                await progress(done.all, total, link.asset.name)

        await side_by_side(links, one)

    async def _prepare_one(self, link: Link, done: Prepared) -> None:
        await self._let_pass()
        source = await self._sources.find(link)
        if not source.settled:
            done.later += 1  # the next index run finds the new bytes
            return
        try:
            await self._take(link.asset, source)
        except FanlightError as error:
            if isinstance(error, PictureError) and type(error) is not PictureError:
                await self._keep_problem(link.asset, error)
                done.refused += 1
            else:
                done.later += 1
        else:
            done.taken += 1

    async def _take(self, asset: Asset, source: Bytes) -> None:
        keys = tuple(Key(source.content, PRESETS[name], webp=True) for name in SMALL)
        facts = await self._of_preview(source, keys) or await self._maker().take_facts(
            source, outputs=keys, urgency=Urgency.LATER
        )
        await self._keep_facts(asset, facts)

    async def _of_preview(self, source: Bytes, keys: tuple[Key, ...]) -> Facts | None:
        """The facts of the first bytes, the pixels' of a preview: the rest need not be fetched.

        `None` where there is no preview, or the first bytes do not tell enough.
        """
        small = await self._sources.previews.find(source, keys[-1].recipe)
        if small is None:
            return None
        await self._let_pass()  # who looks may have waited for the same call
        head = await source.head()
        said = read_facts(head, source.places[0][0].size, source.media_type)
        if said.width is None or said.height is None:
            return None
        try:
            seen = await self._maker().take_facts(small, outputs=keys, urgency=Urgency.LATER)
        except PictureError:
            return None
        return replace(said, colour=seen.colour, placeholder=seen.placeholder)


@dataclass(slots=True)
class _Hung:
    """A walk over what is unprepared in galleries, which may change meanwhile."""

    mark: str = ""
    """Of the galleries when they were last looked at."""
    next: list[str] = field(default_factory=list[str])
    more: bool = True
    """Whether there may be others that are not in `next`."""
    tried: set[str] = field(default_factory=set[str])

    def look(self, records: Records) -> tuple[list[Link], int]:
        """What comes next, and how many are left in all, those outside galleries too."""
        mark = records.galleries.mark()
        if mark != self.mark or (self.more and not self.next):
            found = records.facts.unprepared_in_galleries(AHEAD)
            self.next = [one for one in found if one not in self.tried]
            self.mark, self.more = mark, len(found) == AHEAD and bool(self.next)
        now, self.next = self.next[:BATCH], self.next[BATCH:]
        self.tried.update(now)
        links = [records.links.by_asset(asset_id) for asset_id in now]
        return [link for link in links if link is not None], records.facts.count_unprepared()


@dataclass(slots=True)
class _Way:
    """A walk over what is unprepared, from the last added down to where another one began."""

    until: str | None = None
    after: str | None = None
    """Where it has come to; `None` before it began, and when it has come to its end."""

    def look(self, records: Records) -> tuple[list[Link], int, str | None]:
        """What comes next, how many are left in all, and where this page ends."""
        page = records.facts.unprepared(BATCH, self.after, self.until)
        links = [records.links.by_asset(asset.id) for asset in page.items]
        left = records.facts.count_unprepared()
        return [link for link in links if link is not None], left, page.next
