"""A stage for tests of galleries: a folder of photos, indexed, and galleries over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fanlight.galleries import Galleries
from fanlight.galleries.making import Draft
from fanlight.gallery_model import Gallery, GalleryRules, Party, Right
from fanlight.model import SERVER
from fanlight.sharing.passes import Pass

if TYPE_CHECKING:
    from tests.library.world import World

JPEG = b"\xff\xd8\xff\xe0"
DNG = b"II*\0"
MP4 = b"\0\0\0\x18ftypmp42"
_HEADS = {".dng": DNG, ".mp4": MP4, ".txt": b"plain text "}


@dataclass
class Stage:
    """A world with galleries."""

    world: World
    galleries: Galleries
    told: list[str] = field(default_factory=list[str])
    """Galleries of which it was said that they changed."""

    @property
    def channel_id(self) -> str:
        return self.world.channel.id

    def put(self, *paths: str) -> None:
        """Photos, videos and texts in the channel's folder, each with other bytes."""
        for path in paths:
            place = self.world.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            head = _HEADS.get(place.suffix, JPEG)
            place.write_bytes(head + path.encode())

    def take(self, *paths: str) -> None:
        for path in paths:
            (self.world.folder / path).unlink()

    async def index(self) -> None:
        await self.world.library.index(SERVER, self.channel_id)

    async def gallery(self, *folders: str, sections: bool = True, **rules: Any) -> Gallery:
        """A gallery of folders of the channel."""
        draft = Draft("Anna & Ben", rules=GalleryRules(**rules))
        gallery = await self.galleries.create(SERVER, draft)
        for folder in folders:
            await self.galleries.add_source(
                SERVER, gallery.id, self.channel_id, folder, sections=sections
            )
        return await self.galleries.get(SERVER, gallery.id)

    async def fresh(self, gallery: Gallery) -> Gallery:
        return await self.galleries.get(SERVER, gallery.id)

    async def a_pass(self, gallery: Gallery, party: Party = Party.GUEST, **fields: Any) -> Pass:
        rights = fields.pop("rights", frozenset(Right))
        return Pass(await self.fresh(gallery), party, rights, **fields)

    async def seen(self, gallery: Gallery, party: Party = Party.GUEST, **asked: Any) -> list[str]:
        """The names a viewer sees, in order."""
        page = await self.galleries.page(await self.a_pass(gallery, party), **asked)
        return [one.asset.name for one in page.items]

    async def sections(self, gallery: Gallery) -> list[tuple[str, int]]:
        """Titles and counts of the sections a viewer sees, in order."""
        seen = await self.galleries.sections(await self.a_pass(gallery))
        return [(one.title, one.count.items) for one in seen]

    async def ids(self, gallery: Gallery) -> dict[str, str]:
        """Asset ids by name, of all that is in a gallery."""
        page = await self.galleries.items(SERVER, gallery.id, limit=500)
        return {one.asset.name: one.asset.id for one in page.items}
