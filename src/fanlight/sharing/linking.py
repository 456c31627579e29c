"""Share links: the owner makes them, says what they allow, and takes them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fanlight.errors import Invalid
from fanlight.gallery_model import Party, Right, ShareLink
from fanlight.guard.secret import digest
from fanlight.model import Scope
from fanlight.sharing.desk import Desk, new_id, new_token

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.model import Actor

LONGEST_NAME = 100
MOST_VISITORS = 1_000_000
USUAL = {
    Party.CLIENT: frozenset(
        {Right.VIEW, Right.PICK, Right.COMMENT, Right.WEB, Right.ORIGINAL, Right.HIDE}
    ),
    Party.GUEST: frozenset({Right.VIEW, Right.WEB}),
}
"""What each party may do, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a share link begins with."""

    name: str
    party: Party = Party.GUEST
    rights: Collection[Right] | None = None
    """`None`: what is usual for the party. The right to view belongs to every link."""
    password: str = ""
    expires_at: datetime | None = None
    most: int = 0
    """How many visitors may come in by it; 0 for no limit."""


class Linking(Desk):
    """A share link's life."""

    async def links(self, actor: Actor, gallery_id: str) -> tuple[ShareLink, ...]:
        """A gallery's links, revoked ones too, oldest first. Raises NotFound, Forbidden."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> tuple[ShareLink, ...]:
            return records.share_links.of(records.galleries.get(gallery_id).id)

        return await self._catalogue.read(unit)

    async def link(self, actor: Actor, link_id: str) -> ShareLink:
        """One. Raises NotFound (`not-found.share-link`), Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._catalogue.read(lambda records: records.share_links.get(link_id))

    async def make_link(self, actor: Actor, gallery_id: str, new: NewLink) -> ShareLink:
        """Make one. Raises NotFound, Forbidden, Invalid (`invalid.name`, ...)."""
        actor.require_everywhere(Scope.MANAGE)
        now, token = self._clock(), new_token()
        rights = USUAL[new.party] if new.rights is None else new.rights
        fields = _checked(
            {"name": new.name, "rights": rights, "most": new.most, "expires_at": new.expires_at}
        )
        link = ShareLink(
            id=new_id(),
            gallery_id=gallery_id,
            party=new.party,
            token=token,
            token_hash=digest(token),
            created_at=now,
            password_hash=await self.hashed(new.password) if new.password else "",
            **fields,
        )

        def unit(records: Records) -> ShareLink:
            records.galleries.get(gallery_id)
            self._noted(records, actor, "share-link.made", link)
            return records.share_links.add(link)

        return await self._catalogue.write(unit)

    async def change_link(
        self, actor: Actor, link_id: str, *, password: str | None = None, **fields: Any
    ) -> ShareLink:
        """Change what a link allows, and its password (`""`: none any more).

        Fields are `name`, `party`, `rights`, `expires_at`, `most`. Raises NotFound, Forbidden,
        Invalid.
        """
        actor.require_everywhere(Scope.MANAGE)
        changes = _checked(fields)
        if password is not None:
            changes["password_hash"] = await self.hashed(password) if password else ""
        return await self._change(actor, link_id, "share-link.changed", **changes)

    async def revoke_link(self, actor: Actor, link_id: str) -> ShareLink:
        """End it for everybody, at once. It stays in the list. Raises NotFound, Forbidden."""
        actor.require_everywhere(Scope.MANAGE)
        return await self._change(actor, link_id, "share-link.revoked", revoked_at=self._clock())

    async def renew_link(self, actor: Actor, link_id: str) -> ShareLink:
        """Give it a new address; the old one ends, and counting begins anew.

        A revoked link works again, by the new address alone. Raises NotFound, Forbidden.
        """
        actor.require_everywhere(Scope.MANAGE)
        token = new_token()
        return await self._change(
            actor,
            link_id,
            "share-link.renewed",
            token=token,
            token_hash=digest(token),
            revoked_at=None,
            opened=0,
        )

    async def remove_link(self, actor: Actor, link_id: str) -> None:
        """Remove it from the list, too; what came by it stays. Raises NotFound, Forbidden."""
        actor.require_everywhere(Scope.MANAGE)

        def unit(records: Records) -> None:
            self._noted(records, actor, "share-link.removed", records.share_links.get(link_id))
            records.share_links.remove(link_id)

        await self._catalogue.write(unit)
        self._leads.forget()

    async def _change(
        self, actor: Actor, link_id: str, action: str, **changes: object
    ) -> ShareLink:
        def unit(records: Records) -> ShareLink:
            link = records.share_links.update(link_id, **changes)
            self._noted(records, actor, action, link)
            return link

        changed = await self._catalogue.write(unit)
        self._leads.forget()
        return changed

    def _noted(self, records: Records, actor: Actor, action: str, link: ShareLink) -> None:
        records.events.add(
            at=self._clock(),
            action=action,
            actor=actor.name,
            subject=link.gallery_id,
            data={"link": link.id, "name": link.name},
        )


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    checks = {"name": _name, "party": Party, "rights": _rights, "most": _most}
    if unknown := fields.keys() - checks.keys() - {"expires_at"}:
        raise TypeError(f"not a field of a share link: {', '.join(sorted(unknown))}")
    return {
        name: checks[name](value) if name in checks else value for name, value in fields.items()
    }


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            f"A link has a name of 1 to {LONGEST_NAME} characters.",
            remedy="Say who it is for.",
            code="invalid.name",
            about="name",
        )
    return name


def _rights(rights: Collection[Right]) -> frozenset[Right]:
    return frozenset(rights) | {Right.VIEW}


def _most(most: int) -> int:
    if not 0 <= most <= MOST_VISITORS:
        raise Invalid(
            "This many cannot be counted; 0 is for no limit.", code="invalid.most", about="most"
        )
    return most
