"""Picking: a heart, stars, a colour, a note, each photo by itself.

What two devices do to different photos of one list is both kept; to the same photo, the later one
wins. The list's version tells the first device that there is more than it knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import Conflict, Invalid
from fanlight.gallery_model import Act, Flag, Pick, Proofing, Right, Selection, SelectionState
from fanlight.proofing.desk import Desk, new_id, own_open, viewer_of
from fanlight.words import page_words

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Viewer
    from fanlight.sharing.passes import Pass

LONGEST_NOTE = 2000
"""Characters."""
MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """What a viewer says about one photo in one list. An empty one takes the pick away."""

    heart: bool = False
    stars: int = 0
    flag: Flag | None = None
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.heart or self.stars or self.flag or self.note)


@dataclass(frozen=True, slots=True)
class Marked:
    """A list with what is in it."""

    selection: Selection
    picks: tuple[Pick, ...]

    @property
    def hearts(self) -> int:
        """How many photos are picked."""
        return sum(pick.heart for pick in self.picks)


class Picking(Desk):
    """A viewer and their own lists."""

    async def mine(self, pass_: Pass) -> tuple[Marked, ...]:
        """The lists of who holds this pass, oldest first; none for whom we do not know.

        Raises Forbidden without the right to pick.
        """
        pass_.require(Right.PICK)
        if pass_.viewer is None:
            return ()
        viewer = pass_.viewer

        def unit(records: Records) -> tuple[Marked, ...]:
            lists = records.selections.of_viewer(viewer.id)
            return tuple(Marked(one, records.picks.of(one.id)) for one in lists)

        return await self._catalogue.read(unit)

    async def pick(
        self, pass_: Pass, selection_id: str | None, asset_id: str, mark: Mark
    ) -> tuple[Selection, Pick | None]:
        """Say something about a photo; without a list, in the first open one, made if need be.

        The same again changes nothing, not even the version. Raises Forbidden, NotFound (list or
        photo), Invalid (`invalid.pick`), Conflict (`conflict.submitted`, `conflict.limit`).
        """
        pass_.require(Right.PICK)
        viewer = viewer_of(pass_)
        rules = pass_.gallery.rules.proofing
        mark = _allowed(mark, rules)
        await self._galleries.item(pass_, asset_id)
        now = self._clock()

        def unit(records: Records) -> tuple[Selection, Pick | None, bool]:
            if selection_id is None:
                selection = _first_open(records, viewer, now)
            else:
                selection = own_open(records, viewer, selection_id)
            before = records.picks.find(selection.id, asset_id)
            if before is not None and _mark(before) == mark:
                return selection, before, False
            if before is None and mark.empty:
                return selection, None, False
            pick = _write(records, selection, asset_id, mark, now)
            _check_limits(records, selection, asset_id, rules, before)
            return records.selections.changed(selection.id, now), pick, True

        selection, pick, changed = await self._catalogue.write(unit)
        if changed:
            act = Act.UNPICKED if mark.empty else Act.PICKED
            self._noticed(act, pass_, asset_id=asset_id)
        return selection, pick


def new_selection(records: Records, viewer: Viewer, name: str, now: datetime) -> Selection:
    """Write a new, empty list."""
    selection = Selection(
        id=new_id(),
        gallery_id=viewer.gallery_id,
        viewer_id=viewer.id,
        name=name,
        state=SelectionState.OPEN,
        version=1,
        created_at=now,
        updated_at=now,
    )
    return records.selections.add(selection)


def _first_open(records: Records, viewer: Viewer, now: datetime) -> Selection:
    records.alone(f"lists of {viewer.id}")
    for selection in records.selections.of_viewer(viewer.id):
        if selection.state is SelectionState.OPEN:
            return own_open(records, viewer, selection.id)
    language = records.galleries.get(viewer.gallery_id).look.language
    return new_selection(records, viewer, page_words(language).my_picks, now)


def _allowed(mark: Mark, rules: Proofing) -> Mark:
    """The mark without what this gallery does not ask for. Raises Invalid."""
    if not 0 <= mark.stars <= MOST_STARS or len(mark.note) > LONGEST_NOTE:
        raise Invalid(
            f"A pick has 0 to {MOST_STARS} stars and a note of at most {LONGEST_NOTE} characters.",
            code="invalid.pick",
        )
    return Mark(
        mark.heart,
        mark.stars if rules.stars else 0,
        mark.flag if rules.flags else None,
        mark.note.strip(),
    )


def _mark(pick: Pick) -> Mark:
    return Mark(pick.heart, pick.stars, pick.flag, pick.note)


def _write(
    records: Records, selection: Selection, asset_id: str, mark: Mark, now: datetime
) -> Pick | None:
    if mark.empty:
        records.picks.take_away(selection.id, asset_id)
        return None
    pick = Pick(selection.id, asset_id, mark.heart, mark.stars, mark.flag, mark.note, now, now)
    records.picks.put(pick)
    return records.picks.find(selection.id, asset_id)


def _check_limits(
    records: Records, selection: Selection, asset_id: str, rules: Proofing, before: Pick | None
) -> None:
    """Raise Conflict if a heart that is new is one too many. What is there already may stay."""
    after = records.picks.find(selection.id, asset_id)
    if after is None or not after.heart or (before is not None and before.heart):
        return
    if rules.most and records.picks.hearts(selection.id) > rules.most:
        raise _too_many(f"You may pick {rules.most}, and you have.")
    most = rules.most_in_section
    if most and records.picks.hearts(selection.id, beside=asset_id) > most:
        raise _too_many(f"You may pick {most} of each part, and you have.")


def _too_many(message: str) -> Conflict:
    return Conflict(message, remedy="Take one back first.", code="conflict.limit")
