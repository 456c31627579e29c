"""The face of archives: plan, prepare, find again, open."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from fanlight.delivery import signing
from fanlight.delivery.archives.opened import OpenArchive
from fanlight.delivery.archives.planning import Planner
from fanlight.delivery.archives.preparing import Preparer
from fanlight.delivery.archives.turns import Turns
from fanlight.errors import Conflict, Expired, Forbidden, NotFound
from fanlight.model import ArchiveItem, ArchivePlan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fanlight.catalogue import Catalogue, Records
    from fanlight.delivery.archives.planning import Asked, Planned
    from fanlight.delivery.delivery import Delivery
    from fanlight.pictures import Pictures

LASTS = timedelta(days=1)
"""How long an archive can be had after it was planned."""
_OPEN = 8
"""Archives whose layout is kept for whoever goes on."""
_OPEN_ITEMS = 50_000
"""Items of all of these together; each takes half a kilobyte."""
_THREADS = 2


def _now() -> datetime:
    return datetime.now(UTC)


def _stands_for(item: ArchiveItem, wanted: ArchiveItem | None) -> bool:
    """Whether an item is what is wanted; a rendition may have been made meanwhile."""
    if wanted is None or wanted.edge != item.edge or wanted.asset_id != item.asset_id:
        return False
    return wanted.content in ("", item.content)


class Archives:
    """Archives of assets. Who may have which assets is for the caller to say."""

    def __init__(
        self,
        catalogue: Catalogue,
        delivery: Delivery,
        *,
        sign_key: bytes,
        pictures: Pictures | None = None,
        at_once: int = 4,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.turns = Turns(at_once)
        self._catalogue = catalogue
        self._delivery = delivery
        self._sign_key = sign_key
        self._preparer = Preparer(catalogue, pictures)
        self._clock = clock
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="fanlight-archive")
        self._opened: OrderedDict[str, OpenArchive] = OrderedDict()

    def close(self) -> None:
        """Let go of threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def plan(
        self,
        asked: Sequence[Asked],
        *,
        subject: str,
        name: str,
        edge: int = 0,
        others: bool = True,
        lasts: timedelta = LASTS,
        again: bool = False,
        language: str = "en",
    ) -> ArchivePlan:
        """Write down what an archive is made of; it is ready at once if it is of originals.

        `subject` says for what it is, and `find` must name it again. `edge`: renditions whose
        longest edge has so many pixels; then `others` says whether originals of what no picture is
        made of may be in it. `again`: the last plan for this subject will do, if it would be the
        same: then a download that is begun anew is of the same archive. `language`: of what the
        archive says about itself.

        Raises NotFound (`not-found.archive-contents`) if nothing can be had, CatalogueError.
        """
        planned = await Planner(self._catalogue, self._delivery, edge, others).plan(asked)
        if not planned.items:
            raise NotFound("Nothing of this can be had now.", code="not-found.archive-contents")
        last = await self.last(subject) if again else None
        if last and last.language == language and await self._is_same(last, planned):
            return last
        now = self._clock()
        plan = ArchivePlan(
            id=secrets.token_urlsafe(16),
            subject=subject,
            name=name,
            items=tuple(planned.items),
            left_out=tuple(planned.left_out),
            created_at=now,
            expires_at=now + lasts,
            language=language,
        )

        def unit(records: Records) -> None:
            records.archives.prune(now)
            records.archives.add(plan)

        await self._catalogue.write(unit)
        return plan

    async def find(self, plan_id: str, subject: str) -> ArchivePlan:
        """A plan that was made for this. Raises NotFound, Expired."""
        kept = self._opened.get(plan_id)
        if kept is None:
            plan = await self._catalogue.read(lambda records: records.archives.get(plan_id))
        else:
            plan = kept.plan
        if plan.subject != subject:
            raise NotFound("There is no such archive.", code="not-found.archive")
        if plan.expires_at <= self._clock():
            raise Expired("This download has expired.", remedy="Start it again from its page.")
        return plan

    async def last(self, subject: str) -> ArchivePlan | None:
        """The last plan that was made for this, if it has not expired. CatalogueError."""
        plan = await self._catalogue.read(lambda records: records.archives.last(subject))
        return plan if plan is not None and plan.expires_at > self._clock() else None

    async def _is_same(self, last: ArchivePlan, planned: Planned) -> bool:
        """Whether a plan has all that was planned now, and nothing of it was lost."""
        lost = await self._catalogue.read(lambda records: records.archives.lost(last.id))
        wanted = {item.name: item for item in planned.items}
        if lost or len(last.items) + len(last.left_out) != len(wanted) + len(planned.left_out):
            return False
        return all(_stands_for(item, wanted.get(item.name)) for item in last.items)

    async def prepare(self, plan: ArchivePlan) -> ArchivePlan:
        """Work on what is missing for some seconds: call it until the plan is `ready`.

        Whoever wants the archive drives it on; when they leave, the work ends. Raises StorageError
        that may pass, Forbidden if pictures are switched off, NotFound.
        """
        return plan if plan.ready else await self._preparer.prepare(plan)

    async def open(self, plan: ArchivePlan) -> OpenArchive:
        """The archive of a plan.

        Raises Conflict (`conflict.archive`) if it is not ready, NotFound if nothing is left of it.
        """
        if not plan.ready:
            raise Conflict(
                "This is still being prepared.", remedy="Wait a moment.", code="conflict.archive"
            )
        if not plan.items:
            raise NotFound("Nothing of this can be had now.", code="not-found.archive-contents")
        opened = self._opened.get(plan.id)
        if opened is None:
            make = partial(OpenArchive, plan, self._catalogue, self._delivery, self._pool)
            made = await asyncio.get_running_loop().run_in_executor(self._pool, make)
            opened = self._opened.setdefault(plan.id, made)
        self._opened.move_to_end(plan.id)
        while len(self._opened) > 1 and self._are_too_many():
            self._opened.popitem(last=False)
        return opened

    def _are_too_many(self) -> bool:
        items = sum(len(one.plan.items) for one in self._opened.values())
        return len(self._opened) > _OPEN or items > _OPEN_ITEMS

    # --- addresses that prove themselves ------------------------------------------------------

    def address(self, plan: ArchivePlan) -> str:
        """Path and query by which whoever has them may download it, as long as it lasts."""
        until = int(plan.expires_at.timestamp())
        signature = signing.sign(self._sign_key, plan.id, until)
        return f"/archives/{plan.id}/{quote(plan.name)}?expires={until}&signature={signature}"

    def admit(self, plan_id: str, expires: str, signature: str) -> None:
        """Judge what came with such an address. Raises Forbidden, Expired."""
        proof = signing.prove(self._sign_key, plan_id, expires, signature, self._clock())
        if proof is signing.Proof.EXPIRED:
            raise Expired("This download has expired.", remedy="Start it again from its page.")
        if proof is not signing.Proof.VALID:
            raise Forbidden("The signature in this address is wrong.", code="forbidden.signature")
