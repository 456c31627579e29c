"""Much of a gallery at once, as one ZIP: what may be had of it, and in which sizes."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from fanlight.delivery.archives import Asked
from fanlight.errors import Forbidden, NotFound
from fanlight.gallery_model import Act, Count, Right
from fanlight.model import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from fanlight.catalogue import Catalogue
    from fanlight.delivery.archives import Archives
    from fanlight.delivery.archives.contents import Allowed
    from fanlight.galleries.viewing import Viewing
    from fanlight.gallery_model import Shown
    from fanlight.model import ArchivePlan, Asset
    from fanlight.sharing.passes import Pass

ORIGINAL = 0
WEB = (2048, 1024)
"""Longest edges of what is made for screens."""


class Noted(Protocol):
    """`notices.Journal.note`."""

    def __call__(
        self, act: Act, pass_: Pass, *, asset_id: str | None = None, count: int = 1, size: int = 0
    ) -> None:
        """Note that the holder of a pass did something."""
        ...


def _nowhere(
    act: Act, pass_: Pass, *, asset_id: str | None = None, count: int = 1, size: int = 0
) -> None:
    del act, pass_, asset_id, count, size


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a gallery somebody would have."""

    section: str | None = None
    """The id of a section; `None` for all."""
    only: frozenset[str] | None = None
    """These assets alone, such as those that were picked."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is of it, before anything is prepared."""

    count: Count
    edges: tuple[int, ...]
    """Sizes in which it may be had: longest edges, `ORIGINAL` for the originals."""
    name: str
    """What it is saved as."""


class Downloads:
    """Downloads of many, for whoever has a pass. The door asks for the pin."""

    def __init__(
        self,
        catalogue: Catalogue,
        galleries: Viewing,
        archives: Archives,
        *,
        noted: Noted = _nowhere,
    ) -> None:
        self._catalogue = catalogue
        self._galleries = galleries
        self._archives = archives
        self._noted = noted

    async def offer(self, pass_: Pass, wanted: Wanted) -> Offer:
        """How much it is, and in which sizes it may be had.

        Raises Forbidden (`forbidden.web`; `forbidden.used-up` when there were as many downloads as
        there may be), NotFound (`not-found.archive-contents`) if nothing of it may be had.
        """
        edges = self._edges(pass_)
        await self.check(pass_)
        found = await self._found(pass_, wanted)
        return Offer(_counted(found), edges, await self._name(pass_, wanted))

    async def last(self, pass_: Pass, wanted: Wanted, edge: int) -> ArchivePlan | None:
        """The archive that was given last for the same, whatever has changed since.

        It is for whoever has some of its bytes already, and goes on. Raises Forbidden.
        """
        self._require(pass_, edge)
        return await self._archives.last(_subject(pass_, wanted, edge))

    async def plan(self, pass_: Pass, wanted: Wanted, edge: int) -> ArchivePlan:
        """The archive that is asked for; the last one, if it would be the same.

        Sections become folders, unless it is of one. Of what no picture can be made, such as
        videos, smaller sizes have the original, if that may be had. Raises like `offer`.
        """
        self._require(pass_, edge)
        await self.check(pass_)
        found = await self._found(pass_, wanted)
        titles = {one.id: one.title for one in await self._galleries.sections(pass_)}
        folders = titles if wanted.section is None and wanted.only is None else {}
        return await self._archives.plan(
            [Asked(one.asset.id, folders.get(one.item.section_id or "", "")) for one in found],
            subject=_subject(pass_, wanted, edge),
            name=await self._name(pass_, wanted),
            edge=edge,
            others=Right.ORIGINAL in pass_.rights,
            again=True,
            language=pass_.gallery.look.language,
        )

    async def prepare(self, plan: ArchivePlan) -> ArchivePlan:
        """Some more work on what is missing of a plan. Raises StorageError, Forbidden."""
        return await self._archives.prepare(plan)

    def count(self, pass_: Pass, plan: ArchivePlan) -> None:
        """Count a download that begins."""
        self._noted(Act.DOWNLOADED, pass_, count=len(plan.items), size=plan.size)

    def allowed(self, pass_: Pass) -> Allowed:
        """Asked for each asset as its turn comes: whether this viewer still may have it."""

        async def allowed(asset: Asset) -> bool:
            return await self._galleries.may_download(pass_, asset.id)

        return allowed

    async def check(self, pass_: Pass) -> None:
        """Raise Forbidden (`forbidden.used-up`) when there were as many downloads as there may be.

        What was begun in the last half second may not be counted yet.
        """
        most = pass_.gallery.rules.downloads
        if not most or pass_.owner:
            return
        tallies = await self._catalogue.read(
            lambda records: records.activities.tallies(pass_.gallery.id)
        )
        tally = tallies.get(Act.DOWNLOADED)
        if tally is not None and tally.times >= most:
            raise Forbidden(
                "There have been as many downloads of this gallery as were allowed.",
                remedy="Ask whoever sent you the link.",
                code="forbidden.used-up",
            )

    def _require(self, pass_: Pass, edge: int) -> None:
        if edge not in self._edges(pass_):
            pass_.require(Right.ORIGINAL if edge == ORIGINAL else Right.WEB)
            raise Forbidden("It cannot be had in this size.", code="forbidden.size")

    def _edges(self, pass_: Pass) -> tuple[int, ...]:
        pass_.require(Right.VIEW)
        if Right.ORIGINAL in pass_.rights:
            return (ORIGINAL, *WEB)
        pass_.require(Right.WEB)
        return WEB

    async def _found(self, pass_: Pass, wanted: Wanted) -> list[Shown]:
        if wanted.only is None:
            seen = await self._galleries.every(pass_, section=wanted.section)
        else:
            seen = await self._galleries.some(pass_, wanted.only)
        originals = Right.ORIGINAL in pass_.rights
        found = [
            one
            for one in seen
            if (originals or one.asset.kind is Kind.PICTURE)
            and await self._galleries.may_download(pass_, one.asset.id)
        ]
        if not found:
            raise NotFound("Nothing of this can be had.", code="not-found.archive-contents")
        return found

    async def _name(self, pass_: Pass, wanted: Wanted) -> str:
        title = pass_.gallery.title
        for one in await self._galleries.sections(pass_) if wanted.section else ():
            if one.id == wanted.section:
                title = f"{title}, {one.title}"
        return f"{title}.zip"


def _subject(pass_: Pass, wanted: Wanted, edge: int) -> str:
    """Equal for those who are given the same: nobody else finds the plan again."""
    link = pass_.link.id if pass_.link else ""
    originals = Right.ORIGINAL in pass_.rights
    kept = (pass_.gallery.id, link, pass_.party.value, pass_.owner, originals, edge)
    only = None if wanted.only is None else sorted(wanted.only)
    named = blake2b(repr((kept, wanted.section, only)).encode(), digest_size=16).hexdigest()
    return f"gallery {pass_.gallery.id} {named}"


def _counted(found: Collection[Shown]) -> Count:
    videos = sum(one.asset.kind is Kind.VIDEO for one in found)
    return Count(len(found) - videos, videos, sum(one.asset.size for one in found))
