"""A whole server with a published gallery: two photos, a video, and whoever comes to see them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fanlight.galleries.making import Draft
from fanlight.gallery_model import Gallery, GalleryRules, GalleryState, Right
from fanlight.model import SERVER, Visibility
from fanlight.sharing.linking import NewLink
from tests.support.workshop import a_picture

if TYPE_CHECKING:
    import httpx2

    from fanlight.gallery_model import ShareLink
    from tests.web.conftest import House

MP4 = b"\0\0\0\x18ftypmp42"
OPEN = GalleryRules(rights=frozenset(Right))
PASSWORD = "anna und ben"


@dataclass
class VisitStage:
    """The server, the gallery, and the ids of what is in it by name."""

    house: House
    gallery: Gallery
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def base(self) -> str:
        return f"/g/{self.gallery.slug}"

    async def change(self, **fields: Any) -> Gallery:
        self.gallery = await self.house.fanlight.galleries.change(SERVER, self.gallery.id, **fields)
        return self.gallery

    async def rule(self, **rules: Any) -> Gallery:
        return await self.change(rules=replace(self.gallery.rules, **rules))

    async def link(self, **fields: Any) -> ShareLink:
        made: dict[str, Any] = {"name": "Anna", "rights": frozenset(Right), **fields}
        return await self.house.fanlight.sharing.make_link(SERVER, self.gallery.id, NewLink(**made))

    def client(self, **headers: str) -> httpx2.AsyncClient:
        return self.house.client(**headers)

    async def owner(self) -> httpx2.AsyncClient:
        """A browser in which the owner has signed in."""
        assert self.house.owner is not None
        _, secret = await self.house.fanlight.accounts.sign_in(
            "ada", "correct horse battery", address="127.0.0.1", user_agent="test"
        )
        client = self.client()
        client.cookies.set("fanlight_session", secret)
        return client


async def staged(house: House) -> VisitStage:
    """The gallery over a folder of the house's channel, published, with every right for all."""
    folder = house.originals / "wedding"
    folder.mkdir()
    (folder / "one.jpg").write_bytes(a_picture(120, 80, form="jpeg"))
    (folder / "two.jpg").write_bytes(a_picture(80, 120, "red", "jpeg"))
    (folder / "film.mp4").write_bytes(MP4 + b"moving" * 100)
    assert house.channel is not None
    use = house.fanlight
    await use.pictures.start()
    await use.delivery.start()
    await use.library.index(SERVER, house.channel.id)
    draft = Draft("Anna & Ben", state=GalleryState.PUBLISHED, rules=OPEN)
    gallery = await use.galleries.create(SERVER, draft)
    await use.galleries.add_source(SERVER, gallery.id, house.channel.id, "wedding")
    page = await use.galleries.items(SERVER, gallery.id)
    ids = {one.asset.name: one.asset.id for one in page.items}
    await use.galleries.change(SERVER, gallery.id, cover_id=ids["one.jpg"])
    for one in page.items:  # what a gallery shows need not be public
        await use.library.update(SERVER, one.asset.id, visibility=Visibility.PRIVATE)
    return VisitStage(house, await use.galleries.get(SERVER, gallery.id), ids)
