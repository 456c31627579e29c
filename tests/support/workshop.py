"""A double of `renditions.Renditions` that really makes small pictures, and counts what it did."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from fanlight.errors import PictureError, UnreadablePicture
from fanlight.model import Facts, Spot
from fanlight.renditions.figures import Figures
from fanlight.renditions.keys import Key, Rendition
from fanlight.renditions.queue import Urgency
from fanlight.renditions.recipes import Format, Recipe

if TYPE_CHECKING:
    from pathlib import Path

    from fanlight.renditions.keys import Source

CAMERA = "double"
SPOT = Spot(48.858222, 2.2945, 35.5)


@dataclass
class Workshop:
    """Pictures by Pillow, each made once; `refusal` is what it says of whatever it cannot read."""

    folder: Path
    refusal: PictureError = field(default_factory=UnreadablePicture)
    decoded: list[str] = field(default_factory=list[str])
    """The content of each original that was decoded."""
    urgencies: list[Urgency] = field(default_factory=list[Urgency])
    gate: asyncio.Event | None = None
    """Nothing is made before it is set."""
    asked: int = 0
    """How often somebody waited."""
    dropped: int = 0
    """How often somebody who waited was cancelled."""
    expected: int = 0
    """The most that were said to be wanted in a moment."""
    keeps: bool = True
    """Whether it remembers what it has made."""

    def __post_init__(self) -> None:
        self._kept: dict[Key, Rendition] = {}
        self._making: dict[tuple[str, Key | None], asyncio.Future[Facts]] = {}

    async def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    async def close(self) -> None:
        return

    def kept(self, key: Key) -> Rendition | None:
        return self._kept.get(key)

    def forget(self, rendition: Rendition) -> None:
        for key in [key for key, kept in self._kept.items() if kept == rendition]:
            del self._kept[key]

    def expect(self, renditions: int) -> None:
        self.expected = max(self.expected, renditions)

    async def make(
        self,
        key: Key,
        source: Source,
        *,
        urgency: Urgency = Urgency.SEEN,
        also: tuple[Recipe, ...] = (),
    ) -> Rendition:
        if key not in self._kept:
            await self._once(source, (key, *map(key.for_recipe, also)), urgency)
        made = self._kept[key]
        if not self.keeps:
            del self._kept[key]
        return made

    async def take_facts(
        self, source: Source, *, outputs: tuple[Key, ...] = (), urgency: Urgency = Urgency.LATER
    ) -> Facts:
        return await self._once(source, outputs, urgency)

    @property
    def figures(self) -> Figures:
        return Figures(made=len(self.decoded), kept=len(self._kept), failed={"picture-broken": 3})

    async def _once(self, source: Source, keys: tuple[Key, ...], urgency: Urgency) -> Facts:
        self.asked += 1
        name = (str(source.content), keys[0] if keys else None)
        if name not in self._making:
            task = asyncio.ensure_future(self._decode(source, keys, urgency))
            task.add_done_callback(lambda _: self._making.pop(name))
            self._making[name] = task
        try:
            return await asyncio.shield(self._making[name])
        except asyncio.CancelledError:
            self.dropped += 1
            raise

    async def _decode(self, source: Source, keys: tuple[Key, ...], urgency: Urgency) -> Facts:
        if self.gate is not None:
            await self.gate.wait()
        self.urgencies.append(urgency)
        async with source.local() as path:
            self.decoded.append(str(source.content))
            try:
                with Image.open(io.BytesIO(path.read_bytes())) as picture:
                    picture.load()
                    for key in keys:
                        self._kept[key] = self._write(picture, key)
                    return Facts(
                        width=picture.width,
                        height=picture.height,
                        camera=CAMERA,
                        spot=SPOT,
                        placeholder=b"placeholder",
                    )
            except UnidentifiedImageError:
                raise self.refusal from None

    def _write(self, picture: Image.Image, key: Key) -> Rendition:
        form = key.format or (Format.WEBP if key.webp else Format.JPEG)
        small = picture.convert("RGB")
        small.thumbnail((key.recipe.width or 4096, key.recipe.height or 4096))
        name = blake2b(repr(key).encode(), digest_size=16).hexdigest()
        path = self.folder / f"{name}{form.extension}"
        self.folder.mkdir(parents=True, exist_ok=True)
        small.save(path, form.value)
        return Rendition(
            path, form.media_type, path.stat().st_size, name, small.width, small.height
        )


def a_picture(width: int = 60, height: int = 40, colour: str = "teal", form: str = "png") -> bytes:
    """The bytes of a picture of one colour."""
    body = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(body, form)
    return body.getvalue()


def seen(body: bytes) -> tuple[str, tuple[int, int], tuple[int, ...]]:
    """What a picture's bytes show: format, size, and the colour in its middle, rounded."""
    with Image.open(io.BytesIO(body)) as picture:
        pixel = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
        assert isinstance(pixel, tuple)
        return str(picture.format), picture.size, tuple(round(value / 64) for value in pixel)
