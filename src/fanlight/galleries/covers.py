"""Pictures of folders that nobody has read yet, for who looks for photos to show.

A page names an address for each folder and is there at once; what is asked for by those that come
into view is little, and kept: a listing that is remembered, and a small picture.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from fanlight.errors import NotFound, PictureError
from fanlight.galleries.folders import AT_ONCE
from fanlight.library.sniff import by_name

if TYPE_CHECKING:
    from fanlight.model import Actor
    from fanlight.pictures.forms import Form
    from fanlight.pictures.glancing import Seen
    from fanlight.storage.base import Entry


class Folders(Protocol):
    """`Galleries`, as much of it as covers need."""

    async def first_photos(self, actor: Actor, channel_id: str, path: str, /) -> tuple[Entry, ...]:
        """Some photos that show what is in a folder."""
        ...


class Glances(Protocol):
    """`Pictures`, as much of it as covers need."""

    def small(self, accept: bytes, /) -> Form:
        """What stands on tiles, in a form that a header takes. Forbidden."""
        ...

    async def glance(self, channel_id: str, entry: Entry, media_type: str, form: Form, /) -> Seen:
        """A small picture of an object that is no asset yet."""
        ...


class Covers:
    """Small pictures of what lies in folders."""

    def __init__(self, folders: Folders, pictures: Glances) -> None:
        self._folders = folders
        self._pictures = pictures
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def of_folder(self, actor: Actor, channel_id: str, path: str, accept: bytes) -> Seen:
        """A picture of what is in a folder, in a form that `accept` (a header) takes.

        Raises NotFound (`not-found.cover` where no photo can be shown), Forbidden, StorageError.
        """
        form = self._pictures.small(accept)
        async with self._turns:
            photos = await self._folders.first_photos(actor, channel_id, path)
        for entry in photos:
            media_type = by_name(entry.name).media_type
            try:
                return await self._pictures.glance(channel_id, entry, media_type, form)
            except PictureError:
                continue  # the next one may be readable
        raise NotFound("There is no picture of this folder.", code="not-found.cover")
