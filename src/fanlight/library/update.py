"""Change what is known of an asset: tags, visibility, expiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.errors import Invalid
from fanlight.library.desk import Desk
from fanlight.library.labels import clean_tags
from fanlight.library.requests import KEEP, Keep
from fanlight.library.rights import require_for
from fanlight.model import Actor, Asset, Scope, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from fanlight.catalogue import Records


class Updating(Desk):
    """Change an asset's record; its bytes and names stay."""

    async def update(
        self,
        actor: Actor,
        asset_id: str,
        *,
        tags: Iterable[str] | None = None,
        visibility: Visibility | None = None,
        expires_at: datetime | Keep | None = KEEP,
        taken_at: datetime | Keep | None = KEEP,
    ) -> Asset:
        """Change what is given; links follow within a second in every process.

        `tags` replace those there were. `expires_at=None` takes the expiry away.
        Raises NotFound, Forbidden, BadName (a tag), Invalid (`invalid.time`).
        """
        moments = {"expires_at": expires_at, "taken_at": taken_at}
        fields: dict[str, object] = {
            name: value for name, value in moments.items() if not isinstance(value, Keep)
        }
        for moment in (expires_at, taken_at):
            if not isinstance(moment, Keep | None) and moment.tzinfo is None:
                raise Invalid("A time must say its zone.", code="invalid.time")
        if visibility is not None:
            fields["visibility"] = visibility
        labels = None if tags is None else clean_tags(tags)
        now = self._clock()

        def unit(records: Records) -> Asset:
            asset = records.assets.get(asset_id)
            require_for(records, actor, Scope.MANAGE, asset)
            if not fields and labels is None:
                return asset
            changed = sorted(fields) + ["tags"] * (labels is not None)
            _note(records, now, actor, asset_id, changed)
            return records.assets.update(asset_id, tags=labels, **fields)

        return await self._catalogue.write(unit)

    async def retag(
        self, actor: Actor, asset_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Asset:
        """Add tags and take tags away; the others stay as they are, whoever changes them meanwhile.

        Raises NotFound, Forbidden, BadName.
        """
        more, less, now = clean_tags(add), set(clean_tags(remove)), self._clock()

        def unit(records: Records) -> Asset:
            asset = records.assets.get(asset_id)
            require_for(records, actor, Scope.MANAGE, asset)
            kept = (tag for tag in (*asset.tags, *more) if tag not in less)
            labels = clean_tags(kept)
            if labels == asset.tags:
                return asset
            _note(records, now, actor, asset_id, ["tags"])
            return records.assets.update(asset_id, tags=labels)

        return await self._catalogue.write(unit)


def _note(records: Records, now: datetime, actor: Actor, asset_id: str, fields: list[str]) -> None:
    records.events.add(
        at=now,
        action="asset.changed",
        actor=actor.name,
        subject=asset_id,
        data={"fields": fields},
    )
