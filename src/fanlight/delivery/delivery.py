"""The use case: find what an address leads to, decide, and open the bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from fanlight.delivery import addresses, signing
from fanlight.delivery.answers import Repeatable
from fanlight.delivery.decide import decide, is_all, is_repeatable, may_be_away
from fanlight.delivery.known import Known
from fanlight.delivery.links import LinkCache
from fanlight.delivery.originals import Means, Remote
from fanlight.delivery.parts import Parts, Source
from fanlight.delivery.parts.source import PART
from fanlight.delivery.pictures import PictureSearch
from fanlight.delivery.ranges import Piece
from fanlight.delivery.referers import normal_hosts
from fanlight.delivery.representation import represent
from fanlight.delivery.search import Search
from fanlight.delivery.temporary import Temporary
from fanlight.errors import CatalogueError, FanlightError, NotFound, ObjectMissing
from fanlight.model import Passing
from fanlight.storage.base import Ability

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fanlight.catalogue import Catalogue
    from fanlight.catalogue.links import Links
    from fanlight.delivery.addresses import Address
    from fanlight.delivery.answers import Answer
    from fanlight.delivery.decide import Wish
    from fanlight.delivery.known import Key
    from fanlight.delivery.parts.reader import Reader
    from fanlight.delivery.representation import Rules
    from fanlight.model import Asset, Link, Placement
    from fanlight.pictures import Pictures
    from fanlight.pictures.forms import Form
    from fanlight.pictures.making import Beside
    from fanlight.storage.base import Body, Span
    from fanlight.storage.store import Store

READERS = 4
"""Threads that read long local originals."""


class Stores(Protocol):
    """Where the stores of channels come from: `Channels.stores`."""

    async def get(self, channel_id: str) -> Store:
        """The channel's store: the same object until the channel changes."""
        ...

    async def passing(self, channel_id: str) -> Passing:
        """How the bytes of the channel's originals get to viewers."""
        ...


class HasStores(Protocol):
    """`Channels`, as much of it as delivery needs."""

    @property
    def stores(self) -> Stores:
        """The stores of all channels."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


class Delivery:
    """Delivers originals, and pictures of them, by their public addresses."""

    def __init__(
        self,
        catalogue: Catalogue,
        channels: HasStores,
        *,
        rules: Rules,
        sign_key: bytes,
        pictures: Pictures | None = None,
        clock: Callable[[], datetime] = _now,
        kept: tuple[Path, int] | None = None,
    ) -> None:
        """Without `pictures` there are only originals.

        `kept`: where parts of remote originals are kept, and how many bytes of them at most.
        """
        self.rules = replace(rules, referers=normal_hosts(rules.referers))
        self.links = LinkCache(catalogue, also=self._check_stores)
        self._catalogue = catalogue
        self._stores = channels.stores
        self._sign_key = sign_key
        self._pictures = pictures
        self._clock = clock
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="fanlight-read")
        self._parts = None if kept is None else Parts(*kept, self._pool)
        self._means = Means(self.rules, self._pool, self._parts)
        self._temporary = Temporary(clock)
        self._used: dict[str, Store] = {}

    async def start(self) -> None:
        """Begin to follow changes; until then every request asks the catalogue."""
        await self.links.start()
        if self._parts is not None:
            self._parts.start()

    async def stop(self) -> None:
        """End it."""
        await self.links.stop()
        await self._temporary.close()
        if self._parts is not None:
            await self._parts.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- addresses ----------------------------------------------------------------------------

    def signed_url(self, asset: Asset, expires: datetime) -> str:
        """Path and query that open a private asset until `expires`."""
        until = int(expires.timestamp())
        signature = signing.sign(self._sign_key, asset.id, until)
        return f"{addresses.stable(asset)}?expires={until}&signature={signature}"

    def prove(self, asset: Asset, expires: str, signature: str) -> signing.Proof:
        """Judge the signature that came with a request for this asset."""
        return signing.prove(self._sign_key, asset.id, expires, signature, self._clock())

    # --- finding and deciding -----------------------------------------------------------------

    async def find(self, raw: bytes, parameters: bytes = b"", accept: bytes = b"") -> Known | None:
        """What an address leads to, kept or freshly read.

        `raw` is its path, `parameters` its query, `accept` the header of that name. Raises BadName,
        CatalogueError; for pictures what `Pictures.form` raises.
        """
        kept_as = addresses.kept_as(raw, parameters, accept)
        known = self.links.get(kept_as)
        if known is not None:
            return known
        address = addresses.parse(raw)
        if address is None:
            return None
        form = self._form(address, parameters, accept)
        mark = self.links.mark()
        link = await self._catalogue.read(lambda records: _look_up(records.links, address))
        if link is None:
            return await self._find_with_slashes(address, form)
        known = self.links.same(link, form) or self._known(link, form)
        self.links.keep(kept_as, known, mark)
        return known

    async def _find_with_slashes(self, address: Address, form: Form | None) -> Known | None:
        """Image-bed clients may write `,` for `/`. Not kept: the literal name may come to be."""
        if address.stable or "," not in address.name:
            return None
        alias = address.name.replace(",", "/")
        link = await self._catalogue.read(lambda records: records.links.by_alias(alias))
        return None if link is None else self._known(link, form)

    def known(self, link: Link, form: Form | None = None) -> Known:
        """What is known of a link that was found in another way than by its address."""
        return self._known(link, form)

    def _known(self, link: Link, form: Form | None) -> Known:
        return Known(link, represent(link.asset, self.rules), form=form)

    def _form(self, address: Address, parameters: bytes, accept: bytes) -> Form | None:
        """The picture that is asked for; `None` for the original. Raises as `Pictures.form`."""
        if self._pictures is None:
            if address.preset:
                raise NotFound
            return None
        if address.preset or addresses.is_sized(parameters):
            return self._pictures.form(address.preset, addresses.query(parameters), accept)
        return None

    async def answer(self, wish: Wish, known: Known, key: Key | None = None) -> Answer:
        """`decide` for what was found; who wants all of it may be sent to the provider.

        That is only where the channel's owner wants it, and never for a picture.
        """
        answer, original = self.decide(wish, known, key), known.original
        if known.form is not None or not isinstance(original, Remote):
            return answer
        if not (is_all(answer, known.shown) and may_be_away(wish, known.link)):
            return answer
        there = await self._there(original.source)
        return decide(wish, known.link, known.shown, self.rules, self._clock(), there)

    async def _there(self, source: Source) -> str:
        """An address at the provider to send viewers to; empty for none."""
        if not source.store.can(Ability.LINK):
            return ""
        if await self._stores.passing(source.channel_id) is not Passing.REDIRECT:
            return ""
        return await self._temporary.address(source)

    def decide(self, wish: Wish, known: Known, key: Key | None = None) -> Answer:
        """Answer a wish from what is known; the answer is kept there under `key`, if it may."""
        answer = decide(wish, known.link, known.shown, self.rules, self._clock())
        if key is None or not isinstance(answer, Repeatable):
            return answer
        if is_repeatable(known.link, granted=wish.granted):
            known.remember(key, answer)
        return answer

    # --- the bytes ----------------------------------------------------------------------------

    def search(self, known: Known, beside: Beside | None = None) -> Search | PictureSearch:
        """Ways to the bytes of what is known; `beside` is what its viewer looks at next."""
        search = Search(known, self._store, self._means)
        if known.form is None or self._pictures is None:
            return search
        return PictureSearch(known, self._pictures, search, self.rules, self._pool, beside)

    async def fetch(self, asset: Asset) -> tuple[str, bytes]:
        """The link of an asset and all the bytes that it gives, for small ones.

        Raises ObjectMissing, ObjectChanged, StorageUnavailable, CatalogueError.
        """
        link = addresses.stable(asset)
        known = await self.find(link.encode())
        if known is None:
            raise ObjectMissing
        original = await self.search(known).first()
        body = await original.open(Piece(0, original.shown.size))
        try:
            return link, b"".join([piece async for piece in body])
        finally:
            await body.aclose()

    async def open(
        self, place: Placement, store: Store, span: Span | None = None, *, film: bool = False
    ) -> Body | Reader:
        """The bytes of a placement as the catalogue knows it, for whoever makes pictures of them.

        They come from what is kept, or stay here for those who ask next; but no part is fetched
        whole for a short span of it. ObjectMissing, ObjectChanged, StorageError.
        """
        source = Source(
            store,
            place.channel_id,
            place.locator,
            place.version,
            place.size,
            first_hot=film,
            brief=True,
        )
        if self._parts is not None and place.version and place.size:
            if span is None:
                return self._parts.read(source, Piece(0, place.size))
            stop = place.size if span.stop is None else min(span.stop, place.size)
            if self._parts.has(source, span.start // PART):
                return self._parts.read(source, Piece(span.start, stop))
        return await store.open(place.locator, span, place.version)

    async def _store(self, channel_id: str) -> Store:
        store = self._used[channel_id] = await self._stores.get(channel_id)
        return store

    async def _check_stores(self) -> None:
        """Forget links into a channel that has been changed, switched off or removed."""
        for channel_id, used in tuple(self._used.items()):
            try:
                store = await self._stores.get(channel_id)
            except CatalogueError:
                raise
            except FanlightError:
                store = None
            if store is not used:
                del self._used[channel_id]
                self.links.clear()


def _look_up(links: Links, address: Address) -> Link | None:
    return links.by_asset(address.name) if address.stable else links.by_alias(address.name)
