"""The picture of an asset as the bytes that are sent: a local file in the cache of renditions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fanlight.delivery.originals import Local
from fanlight.delivery.representation import represent_picture
from fanlight.errors import (
    Forbidden,
    ObjectChanged,
    ObjectMissing,
    PictureError,
    StorageUnavailable,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from fanlight.delivery.known import Known
    from fanlight.delivery.originals import Original
    from fanlight.delivery.ranges import Piece
    from fanlight.delivery.representation import Representation, Rules
    from fanlight.delivery.search import Search
    from fanlight.errors import StorageError
    from fanlight.model import Placement
    from fanlight.pictures import Pictures
    from fanlight.pictures.desk import Picture
    from fanlight.pictures.forms import Form
    from fanlight.pictures.making import Beside


class Rendered(Local):
    """A rendition, as long as it is the one to show."""

    __slots__ = ("_picture", "_pictures")

    def __init__(
        self,
        placement: Placement,
        picture: Picture,
        pictures: Pictures,
        shown: Representation,
        pool: Executor,
    ) -> None:
        """Raises OSError when it is not there."""
        path = str(picture.rendition.path)
        super().__init__(placement, path, os.stat(path), shown, pool)  # noqa: PTH116
        self._picture = picture
        self._pictures = pictures

    def current(self) -> bool:
        """Whether it is still there, and still the one to show."""
        return self._pictures.used(self._picture) and super().current()

    def read(self, piece: Piece) -> bytes:
        """A small piece at once. ObjectMissing, ObjectChanged."""
        if not self._pictures.used(self._picture):
            raise ObjectChanged
        return super().read(piece)


class PictureSearch:
    """One request's way to a rendition: kept, or made now. The `Search` of a picture."""

    def __init__(
        self,
        known: Known,
        pictures: Pictures,
        search: Search,
        rules: Rules,
        pool: Executor,
        beside: Beside | None = None,
    ) -> None:
        """`search` leads to the original, for where that will do; `beside` as for a rendition."""
        self._known = known
        self._pictures = pictures
        self._search = search
        self._rules = rules
        self._pool = pool
        self._beside = beside
        self._left = 2

    async def first(self) -> Original:
        """The rendition; or the original, if none can be made and the original will do.

        Raises PictureError, ObjectMissing, StorageError, Forbidden. When it is cancelled, the work
        is dropped unless somebody else waits for it.
        """
        form = self._known.form
        assert form is not None  # noqa: S101 -- else nobody would search for a picture
        try:
            return await self._rendered(form)
        except (PictureError, Forbidden):
            if not form.fallback:
                raise
            return await self._search.first()

    async def instead_of(self, original: Original, error: StorageError) -> Original:
        """Another one after one that could not be read: the cache may have been emptied."""
        if not isinstance(original, Rendered):
            return await self._search.instead_of(original, error)
        return await self.first()

    async def _rendered(self, form: Form) -> Original:
        link = self._known.link
        if not link.placements:
            raise ObjectMissing
        while self._left:
            self._left -= 1
            picture = await self._pictures.rendition(link, form, beside=self._beside)
            shown = represent_picture(
                link.asset,
                self._rules,
                picture.rendition,
                settled=picture.settled,
                chosen=form.format is None,
            )
            try:
                found = Rendered(link.placements[0], picture, self._pictures, shown, self._pool)
            except OSError:
                self._pictures.forget(picture)
                continue
            self._known.moved_to(found)
            return found
        raise StorageUnavailable(retry_after=1)
