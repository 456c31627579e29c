"""Reminders: a gallery that will close soon is noted in its journal, once for each closing day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fanlight.gallery_model import Act, Activity, GalleryState
from fanlight.notices.desk import Desk
from fanlight.notices.preferences import preferences

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.catalogue import Records
    from fanlight.gallery_model import Gallery

REMINDED = "notices.reminded:"
"""Settings that say for which closing time a gallery's reminder has been noted."""


class Reminding(Desk):
    """What time brings."""

    async def remind(self) -> int:
        """Note which galleries close soon; how many were new. May be done twice safely."""
        now = self._clock()

        def unit(records: Records) -> int:
            records.alone(REMINDED)
            soon = now + timedelta(days=preferences(records).days)
            closing = [one for one in records.galleries.all() if _closes(one, now, soon)]
            new = [one for one in closing if _is_news(records, one)]
            records.activities.add(_entry(one, now) for one in new)
            return len(new)

        return await self._catalogue.write(unit)


def _closes(gallery: Gallery, now: datetime, soon: datetime) -> bool:
    if gallery.state is not GalleryState.PUBLISHED or gallery.closes_at is None:
        return False
    return now < gallery.closes_at <= soon


def _is_news(records: Records, gallery: Gallery) -> bool:
    name, closes = f"{REMINDED}{gallery.id}", str(gallery.closes_at)
    if records.settings.get(name) == closes:
        return False
    records.settings.set(name, closes)
    return True


def _entry(gallery: Gallery, now: datetime) -> Activity:
    return Activity(0, gallery.id, now, Act.CLOSING, None, None, "", None, 0, 0)
