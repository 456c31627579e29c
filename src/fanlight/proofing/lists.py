"""Lists: several of a viewer, each with a name; sent once, then locked until opened again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fanlight.errors import Conflict, Forbidden, Invalid
from fanlight.gallery_model import Act, Right, SelectionState
from fanlight.model import Scope
from fanlight.proofing.desk import Desk, own, own_open, viewer_of
from fanlight.proofing.picking import new_selection

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Proofing, Selection, Viewer
    from fanlight.model import Actor
    from fanlight.sharing.passes import Pass

LONGEST_NAME = 100
LONGEST_MESSAGE = 4000
MOST_LISTS = 50
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Listing(Desk):
    """What is done with whole lists."""

    async def make_list(self, pass_: Pass, name: str) -> Selection:
        """Begin another list.

        Raises Forbidden (`forbidden.lists` where one is all there may be), Invalid
        (`invalid.list`), Conflict (`conflict.lists`: too many).
        """
        pass_.require(Right.PICK)
        viewer, name, now = viewer_of(pass_), _line(name, "list"), self._clock()
        one_only = not pass_.gallery.rules.proofing.lists

        def unit(records: Records) -> Selection:
            records.alone(f"lists of {viewer.id}")
            lists = records.selections.of_viewer(viewer.id)
            if lists and one_only:
                raise Forbidden("There is one list here.", code="forbidden.lists")
            if len(lists) >= MOST_LISTS:
                raise Conflict(
                    f"You may have {MOST_LISTS} lists.",
                    remedy="Remove one that you do not need.",
                    code="conflict.lists",
                )
            return new_selection(records, viewer, name, now)

        return await self._catalogue.write(unit)

    async def rename_list(self, pass_: Pass, selection_id: str, name: str) -> Selection:
        """Call a list something else. Raises Forbidden, NotFound, Invalid, Conflict (locked)."""
        pass_.require(Right.PICK)
        viewer, name, now = viewer_of(pass_), _line(name, "list"), self._clock()

        def unit(records: Records) -> Selection:
            own_open(records, viewer, selection_id)
            records.selections.update(selection_id, name=name)
            return records.selections.changed(selection_id, now)

        return await self._catalogue.write(unit)

    async def remove_list(self, pass_: Pass, selection_id: str) -> None:
        """Throw a list away, with its picks. Raises Forbidden, NotFound, Conflict (locked)."""
        pass_.require(Right.PICK)
        viewer = viewer_of(pass_)

        def unit(records: Records) -> None:
            own_open(records, viewer, selection_id)
            records.selections.remove(selection_id)

        await self._catalogue.write(unit)

    async def submit(
        self,
        pass_: Pass,
        selection_id: str,
        *,
        version: int,
        name: str,
        email: str = "",
        message: str = "",
    ) -> Selection:
        """Send a list to the owner; it is locked from then on. The same again is the same.

        `version` is what the viewer saw. Raises Forbidden, NotFound, Invalid (`invalid.name`,
        `invalid.email`, `invalid.message`), Conflict (`conflict.version` when it has changed
        since, `conflict.limit` for fewer or more picks than asked for).
        """
        pass_.require(Right.PICK)
        viewer, name, now = viewer_of(pass_), _line(name, "name"), self._clock()
        email, message = _email(email), _message(message)
        rules = pass_.gallery.rules.proofing

        def unit(records: Records) -> tuple[Selection, int]:
            records.alone(f"selection {selection_id}")
            selection = own(records, viewer, selection_id)
            if selection.state is SelectionState.SUBMITTED:
                return selection, 0
            if selection.version != version:
                raise Conflict(
                    "This list has changed on another device.",
                    remedy="Look at it once more, then send it.",
                    code="conflict.version",
                )
            hearts = _enough(records, selection, rules)
            _introduce(records, viewer, name, email)
            return _lock(records, selection, message, now), hearts

        selection, hearts = await self._catalogue.write(unit)
        if hearts:
            self._noticed(Act.SUBMITTED, pass_, count=hearts)
        return selection

    async def reopen(self, actor: Actor, selection_id: str) -> Selection:
        """Let the viewer change a list that was sent. One that is open stays so.

        Raises Forbidden, NotFound.
        """
        actor.require_everywhere(Scope.MANAGE)
        now = self._clock()

        def unit(records: Records) -> Selection:
            records.selections.update(selection_id, state=SelectionState.OPEN, submitted_at=None)
            return records.selections.changed(selection_id, now)

        return await self._catalogue.write(unit)


def _lock(records: Records, selection: Selection, message: str, now: datetime) -> Selection:
    records.selections.update(
        selection.id, state=SelectionState.SUBMITTED, message=message, submitted_at=now
    )
    return records.selections.changed(selection.id, now)


def _introduce(records: Records, viewer: Viewer, name: str, email: str) -> None:
    known = {"name": name} | ({"email": email} if email else {})
    records.viewers.update(viewer.id, **known)
    records.comments.sign(viewer.id, name)


def _enough(records: Records, selection: Selection, rules: Proofing) -> int:
    """How many picks there are. Raises Conflict (`conflict.limit`)."""
    hearts = records.picks.hearts(selection.id)
    if hearts < max(1, rules.least):
        wanted = max(1, rules.least)
        raise Conflict(
            f"There are {hearts} picks in this list, and at least {wanted} are needed.",
            remedy="Pick some more, then send it.",
            code="conflict.limit",
        )
    if rules.most and hearts > rules.most:
        raise Conflict(
            f"There are {hearts} picks in this list, and at most {rules.most} are wanted.",
            remedy="Take some back, then send it.",
            code="conflict.limit",
        )
    return hearts


def _line(text: str, what: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_NAME or _CONTROL.search(text):
        raise Invalid(
            f"A name has 1 to {LONGEST_NAME} visible characters.",
            code=f"invalid.{what}",
            about=what,
        )
    return text


def _email(text: str) -> str:
    text = text.strip()
    if text and (len(text) > 254 or not _EMAIL.fullmatch(text)):
        raise Invalid(
            "This is no e-mail address.",
            remedy="Correct it, or leave it out.",
            code="invalid.email",
            about="email",
        )
    return text


def _message(text: str) -> str:
    if len(text) > LONGEST_MESSAGE:
        raise Invalid(
            f"A message has at most {LONGEST_MESSAGE} characters.",
            code="invalid.message",
            about="message",
        )
    return text.strip()
