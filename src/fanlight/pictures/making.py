"""Make the picture that an address asks for, or say why not: once for each version of the bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from fanlight.errors import (
    Forbidden,
    NotFound,
    ObjectChanged,
    ObjectMissing,
    PictureError,
    UnreadablePicture,
)
from fanlight.model import Asset, PlacementState
from fanlight.pictures import forms
from fanlight.pictures.desk import PICTURED, Desk, Picture, error_of, note
from fanlight.renditions.queue import Urgency
from fanlight.renditions.recipes import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fanlight.model import Link
    from fanlight.pictures.forms import Form
    from fanlight.pictures.previews import Riders
    from fanlight.pictures.sources import Bytes
    from fanlight.renditions.keys import Key, Rendition
    from fanlight.renditions.recipes import Recipe

Beside = Callable[[], Awaitable[Sequence[str]]]
"""Finds the assets that somebody will look at next, soonest first."""

SETTLED = 2.0
"""Seconds after which whoever asks has heard from the catalogue what was written there."""


class Making(Desk):
    """Renditions on demand."""

    def form(self, preset: str, parameters: Mapping[str, str], accept: bytes) -> Form | None:
        """What an address asks for: a preset, or the size in its parameters; `None`: the original.

        Raises NotFound for an unknown preset, Invalid (`invalid.size`), Forbidden for a size that
        is not allowed, for AVIF where that is switched off, and if pictures are.
        """
        if preset:
            found = forms.preset(preset, accept)
            if found is None:
                raise NotFound
        else:
            found = forms.sized(parameters, accept, self._sizes)
        if found is None or found.fallback:
            return found
        self._maker()
        if found.format is Format.AVIF and not self._avif:
            raise Forbidden("Pictures are not made as AVIF here.", code="forbidden.pictures")
        return found

    async def rendition(
        self,
        link: Link,
        form: Form,
        *,
        urgency: Urgency = Urgency.SEEN,
        also: tuple[Recipe, ...] = (),
        beside: Beside | None = None,
    ) -> Picture:
        """The picture of an asset. Whoever has not waited to the end has not asked for it.

        `also` are sizes that will be wanted, too: if it must be made, they are by the same decode.
        `beside` are assets whose pictures will be: what a service shows of those that have none
        comes along, where it shows many at a time; nothing is made of it yet.

        Raises PictureError (remembered for this version, and then raised without any work),
        ObjectMissing, StorageError, Forbidden if pictures are switched off.
        """
        asset = link.asset
        self._maker()
        if asset.kind not in PICTURED:
            raise UnreadablePicture
        if not any(place.state is PlacementState.STORED for place in link.placements):
            raise ObjectMissing
        source = self._watched(asset, await self._sources.find(link))
        found = self._kept(source, form)
        if found is not None:
            return found
        await self._refuse_what_is_known(asset, source)
        riders = None if beside is None else partial(self._lacking, form, beside)
        with self._looked_at() if urgency is Urgency.SEEN else nullcontext():
            try:
                return await self._make(asset, source, form, urgency, also, riders)
            except ObjectChanged:
                source = self._watched(asset, await self._sources.find_changed(link))
            return self._kept(source, form) or await self._make(asset, source, form, urgency, also)

    def used(self, picture: Picture) -> bool:
        """Whether a picture is still the one to show; tells the cache that it was asked for."""
        if picture.pinned is not None and picture.pinned.changed():
            return False
        maker = self._maker()
        if picture.better is not None and maker.kept(picture.better) is not None:
            return False
        maker.kept(picture.key)
        return True

    def forget(self, picture: Picture) -> None:
        """It is not where it was: somebody has emptied the cache."""
        self._maker().forget(picture.rendition)

    def _kept(self, source: Bytes, form: Form) -> Picture | None:
        better = self._better(source, form)
        if better is not None and (rendition := self._maker().kept(better)) is not None:
            return Picture(rendition, better, source.settled, source.pinned)
        rendition = self._maker().kept(self._key(source, form))
        return None if rendition is None else self._picture(rendition, source, form)

    def _better(self, source: Bytes, form: Form) -> Key | None:
        """The AVIF that is shown instead, once there is one."""
        if not (self._avif and form.taken.avif and form.format is None):
            return None
        return replace(self._key(source, form), format=Format.AVIF)

    def _picture(self, rendition: Rendition, source: Bytes, form: Form) -> Picture:
        better = self._better(source, form)
        if better is not None and better not in self._bettered:
            note(self._bettered, better)
            self._spawn(self._make_better(better, source))
        key = self._key(source, form)
        return Picture(rendition, key, source.settled, source.pinned, better)

    async def _make_better(self, key: Key, source: Bytes) -> None:
        # if this takes too long, the picture can still be made in other forms
        source = replace(source, refused=None)
        await self._maker().make(key, source, urgency=Urgency.LATER)

    async def _refuse_what_is_known(self, asset: Asset, source: Bytes) -> None:
        if not source.settled:
            return
        sheet = await self._catalogue.read(lambda records: records.facts.find(asset.id))
        error = self._refused.get((asset.id, asset.version))  # it may be on its way there
        if error is not None:
            raise error
        if sheet is not None and sheet.version == asset.version and sheet.problem:
            raise error_of(sheet)

    async def _lacking(self, form: Form, beside: Beside) -> list[Bytes]:
        """The originals of those assets of which there is no such picture."""
        asset_ids = await beside()
        links = await self._catalogue.read(
            lambda records: [records.links.by_asset(one) for one in asset_ids]
        )
        found = [
            await self._sources.find(link)
            for link in links
            if link is not None and link.asset.kind in PICTURED and not link.asset.problem
        ]
        return [one for one in found if self._maker().kept(self._key(one, form)) is None]

    async def _make(
        self,
        asset: Asset,
        source: Bytes,
        form: Form,
        urgency: Urgency,
        also: tuple[Recipe, ...],
        riders: Riders | None = None,
    ) -> Picture:
        """Made of a preview if there is one; else with the facts in the same decode."""
        maker, key, version = self._maker(), self._key(source, form), (asset.id, asset.version)
        if maker.kept(key) is None and await self._made_of_preview(source, key, urgency, riders):
            pass
        elif asset.width is None and source.settled and version not in self._learned:
            await self._learn(asset, source, (key, *map(key.for_recipe, also)), urgency)
        rendition = maker.kept(key)
        if rendition is None:
            rendition = await maker.make(key, source, urgency=urgency, also=also)
        return self._picture(rendition, source, form)

    async def _made_of_preview(
        self, source: Bytes, key: Key, urgency: Urgency, riders: Riders | None
    ) -> bool:
        self._maker().expect(self._looking)
        small = await self._sources.previews.find(source, key.recipe, riders)
        if small is None:
            return False
        try:
            await self._maker().make(key, small, urgency=urgency)
        except PictureError:
            return False
        return True

    async def _learn(
        self, asset: Asset, source: Bytes, keys: tuple[Key, ...], urgency: Urgency
    ) -> None:
        version = (asset.id, asset.version)
        note(self._learned, version)
        try:
            facts = await self._maker().take_facts(source, outputs=keys, urgency=urgency)
        except BaseException:
            self._learned.pop(version, None)
            raise
        self._spawn(self._keep_facts(asset, facts))

    def _watched(self, asset: Asset, source: Bytes) -> Bytes:
        """The source of which it is remembered when no picture can be made of it."""
        if not source.settled:
            return source
        return replace(source, refused=partial(self._refuse, asset))

    def _refuse(self, asset: Asset, error: PictureError) -> None:
        """Know it from now on; a plain error is not about the picture."""
        version = (asset.id, asset.version)
        if type(error) is not PictureError and version not in self._refused:
            self._refused[version] = error
            self._spawn(self._remember(asset, error))

    async def _remember(self, asset: Asset, error: PictureError) -> None:
        try:
            await self._keep_problem(asset, error)
        finally:
            version, loop = (asset.id, asset.version), asyncio.get_running_loop()
            loop.call_later(SETTLED, self._refused.pop, version, None)
