"""Glancing: small pictures of objects that are no assets yet.

Of a preview that the service made, or of an original on this machine. No original is ever fetched
for it, and nothing is written into the catalogue.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fanlight.errors import PictureError, UnreadablePicture
from fanlight.pictures.desk import Desk, note
from fanlight.pictures.forms import Form, taken
from fanlight.renditions.keys import Key
from fanlight.renditions.recipes import PRESETS

if TYPE_CHECKING:
    from fanlight.renditions.keys import Rendition
    from fanlight.storage.base import Entry


@dataclass(frozen=True, slots=True)
class Seen:
    """A small picture, and the form of its bytes."""

    media_type: str
    data: bytes


class Glancing(Desk):
    """See what lies in a channel before it is known."""

    def small(self, accept: bytes) -> Form:
        """What stands on tiles, in a form that an `Accept` header takes.

        Raises Forbidden (`forbidden.pictures`) if pictures are switched off.
        """
        self._maker()
        return Form(PRESETS["thumb"], taken=taken(accept))

    async def glance(self, channel_id: str, entry: Entry, media_type: str, form: Form) -> Seen:
        """A small picture of an object, as its listing describes it. `media_type` is a hint.

        Raises PictureError where there is none to be had, NotFound, StorageError, and Forbidden if
        pictures are switched off.
        """
        rendition = await self._glimpse(channel_id, entry, media_type, form)
        try:
            data = await asyncio.to_thread(rendition.path.read_bytes)
        except OSError:  # somebody has emptied the cache
            self._maker().forget(rendition)
            rendition = await self._glimpse(channel_id, entry, media_type, form)
            data = await asyncio.to_thread(rendition.path.read_bytes)
        return Seen(rendition.media_type, data)

    async def _glimpse(
        self, channel_id: str, entry: Entry, media_type: str, form: Form
    ) -> Rendition:
        maker = self._maker()
        glance = await self._sources.glance(channel_id, entry, media_type)
        key = Key(glance.content, form.recipe, form.format, form.taken.webp)
        if (kept := maker.kept(key)) is not None:
            return kept
        if glance.content in self._unseen:
            raise UnreadablePicture
        source = glance.here or await self._sources.preview(glance, form.recipe)
        if source is None:
            raise UnreadablePicture
        try:
            return await maker.make(key, source)
        except PictureError as error:
            if type(error) is not PictureError:  # a plain one is not about the picture
                note(self._unseen, glance.content)
            raise
