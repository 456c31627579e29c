"""Comments: what viewers and the owner say about one photo, and answers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.catalogue import cursors
from fanlight.errors import Forbidden, Invalid, NotFound
from fanlight.gallery_model import Act, Activity, Comment, Right
from fanlight.guard.throttle import network
from fanlight.model import Page, Scope
from fanlight.proofing.desk import Desk, new_id, viewer_of
from fanlight.words import page_words

if TYPE_CHECKING:
    from fanlight.catalogue import Records
    from fanlight.model import Actor
    from fanlight.sharing.passes import Pass

LONGEST = 4000
"""Characters of a comment."""


class Commenting(Desk):
    """Sentences about photos. Who may comment sees what others said."""

    async def comments(self, pass_: Pass, asset_id: str) -> tuple[Comment, ...]:
        """What was said about a photo, oldest first. Raises Forbidden, NotFound."""
        pass_.require(Right.COMMENT)
        await self._galleries.item(pass_, asset_id)
        return await self._catalogue.read(
            lambda records: records.comments.about(pass_.gallery.id, asset_id)
        )

    async def counts(self, pass_: Pass) -> dict[str, int]:
        """How many comments there are about each photo that has any; none without the right."""
        if Right.COMMENT not in pass_.rights:
            return {}
        return await self._catalogue.read(lambda records: records.comments.counts(pass_.gallery.id))

    async def comment(
        self, pass_: Pass, asset_id: str, text: str, *, address: str, parent_id: str | None = None
    ) -> Comment:
        """Say something about a photo, or answer what was said about it, from an address.

        Raises Forbidden, NotFound (photo, or what is answered), Invalid (`invalid.comment`), and
        Throttled for who says very much in a short time.
        """
        pass_.require(Right.COMMENT)
        viewer, text, now = viewer_of(pass_), _text(text), self._clock()
        await self._galleries.item(pass_, asset_id)
        self._sayers.take(network(address), now)
        comment = Comment(
            id=new_id(),
            gallery_id=pass_.gallery.id,
            asset_id=asset_id,
            viewer_id=viewer.id,
            author=viewer.name or page_words(pass_.gallery.look.language).guest,
            parent_id=parent_id,
            text=text,
            created_at=now,
        )
        added = await self._catalogue.write(lambda records: _add(records, comment))
        self._noticed(Act.COMMENTED, pass_, asset_id=asset_id)
        return added

    async def take_back(self, pass_: Pass, comment_id: str) -> None:
        """Remove a comment of one's own, with the answers to it. Raises Forbidden, NotFound."""
        pass_.require(Right.COMMENT)
        viewer = viewer_of(pass_)

        def unit(records: Records) -> None:
            if records.comments.get(comment_id).viewer_id != viewer.id:
                raise Forbidden("This was said by somebody else.", code="forbidden.comment")
            records.comments.remove(comment_id)

        await self._catalogue.write(unit)

    # --- the owner -----------------------------------------------------------------------------

    async def all_comments(
        self, actor: Actor, gallery_id: str, *, after: str | None = None, limit: int = 200
    ) -> Page[Comment]:
        """What was said in a gallery, oldest first. Raises Forbidden, NotFound, BadCursor."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> Page[Comment]:
            said = records.comments.of(records.galleries.get(gallery_id).id)
            part, more = cursors.part("comments", [one.id for one in said], after, limit)
            return Page(said[part], more)

        return await self._catalogue.read(unit)

    async def answer(
        self, actor: Actor, gallery_id: str, asset_id: str, text: str, *, parent_id: str | None
    ) -> Comment:
        """Say something as the owner; whose comment it answers is told, if they want to be.

        Raises Forbidden, NotFound (gallery, photo, or what is answered), Invalid
        (`invalid.comment`).
        """
        actor.require_everywhere(Scope.MANAGE)
        comment = Comment(
            id=new_id(),
            gallery_id=gallery_id,
            asset_id=asset_id,
            viewer_id=None,
            author=actor.name,
            parent_id=parent_id,
            text=_text(text),
            created_at=self._clock(),
        )

        def unit(records: Records) -> Comment:
            records.galleries.get(gallery_id)
            if parent_id is None:  # what was said about a photo that left can be answered
                records.items.get(gallery_id, asset_id)
            added = _add(records, comment)
            if answered := _answered(records, comment):
                records.activities.add([answered])
            return added

        return await self._catalogue.write(unit)

    async def remove_comment(self, actor: Actor, comment_id: str) -> None:
        """Remove anybody's comment, with the answers to it. Raises Forbidden, NotFound."""
        actor.require_everywhere(Scope.MANAGE)
        await self._catalogue.write(lambda records: records.comments.remove(comment_id))


def _add(records: Records, comment: Comment) -> Comment:
    if comment.parent_id is not None:
        parent = records.comments.get(comment.parent_id)
        if (parent.gallery_id, parent.asset_id) != (comment.gallery_id, comment.asset_id):
            raise NotFound("There is no such comment.", code="not-found.comment")
    return records.comments.add(comment)


def _answered(records: Records, comment: Comment) -> Activity | None:
    """That a viewer was answered, for the journal."""
    parent = records.comments.get(comment.parent_id) if comment.parent_id else None
    if parent is None or parent.viewer_id is None:
        return None
    return Activity(
        id=0,
        gallery_id=comment.gallery_id,
        at=comment.created_at,
        act=Act.ANSWERED,
        link_id=None,
        viewer_id=parent.viewer_id,
        visit="",
        asset_id=comment.asset_id,
        count=0,
        size=0,
    )


def _text(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise Invalid(
            f"A comment has 1 to {LONGEST} characters.", code="invalid.comment", about="text"
        )
    return text
