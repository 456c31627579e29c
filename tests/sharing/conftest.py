"""A published gallery, and who stands at its door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from fanlight.gallery_model import Gallery, GalleryState
from fanlight.model import SERVER
from fanlight.sharing import Sharing
from fanlight.sharing.keys import Key, Proofs
from fanlight.sharing.linking import NewLink
from tests.support.gallery_records import a_gallery
from tests.support.records import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fanlight.catalogue import Catalogue
    from fanlight.gallery_model import ShareLink

OWNER = Proofs(actor=SERVER)


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Stage:
    """The use cases and a gallery, `g-1`, at `/g/<slug>`."""

    catalogue: Catalogue
    clock: Clock
    sharing: Sharing
    gallery: Gallery

    @property
    def key(self) -> Key:
        return Key(slug=self.gallery.slug)

    async def change(self, **fields: Any) -> None:
        """Change the gallery as its owner does."""
        await self.catalogue.write(
            lambda records: records.galleries.update(self.gallery.id, **fields)
        )
        self.sharing.changed(self.gallery.id)

    async def ask_for(self, password: str) -> None:
        """Give the gallery a password."""
        await self.change(password_hash=await self.sharing.hashed(password))

    async def link(self, **fields: Any) -> tuple[ShareLink, Key]:
        """A share link and its key."""
        made: dict[str, Any] = {"name": "Anna", **fields}
        new = NewLink(**made)
        link = await self.sharing.make_link(SERVER, self.gallery.id, new)
        return link, Key(token=link.token)


async def make_stage(catalogue: Catalogue) -> AsyncGenerator[Stage]:
    gallery = a_gallery(state=GalleryState.PUBLISHED)
    await catalogue.write(lambda records: records.galleries.add(gallery))
    clock = Clock()
    sharing = Sharing(catalogue, clock=clock, sign_key=b"k" * 32)
    yield Stage(catalogue, clock, sharing, gallery)
    await sharing.close()


@pytest.fixture
async def stage(sqlite_catalogue: Catalogue) -> AsyncGenerator[Stage]:
    """A stage on SQLite."""
    async for stage in make_stage(sqlite_catalogue):
        yield stage


@pytest.fixture
async def each_stage(catalogue: Catalogue) -> AsyncGenerator[Stage]:
    """A stage on SQLite and one on PostgreSQL, for what depends on transactions."""
    async for stage in make_stage(catalogue):
        yield stage
