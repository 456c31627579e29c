"""Thumbnails as the service makes them: sizes, modes, formats, extensions and limits."""

from __future__ import annotations

import asyncio
import io
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from ..content.store import ContentStore
from ..transport.call import Call

# Neither HEIC, AVIF, raw, video nor PDF (documentation of get_thumbnail).
EXTENSIONS = frozenset({"jpg", "jpeg", "png", "tiff", "tif", "gif", "webp", "ppm", "bmp"})
MAX_BYTES = 20 * 1024 * 1024
CACHE_BYTES = 64 * 1024 * 1024

_FORMATS = {
    "jpeg": ("JPEG", "image/jpeg"),
    "png": ("PNG", "image/png"),
    "webp": ("WEBP", "image/webp"),
}


class ThumbnailFailed(Exception):
    """No thumbnail; ``tag`` is the one of ThumbnailError."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


class Recipe(NamedTuple):
    """What a thumbnail is to be: format, size name and mode as the API calls them."""

    format: str
    size: str
    mode: str
    transparent: bool = False

    @property
    def box(self) -> tuple[int, int]:
        """Width and height out of ``w640h480``."""
        width, _, height = self.size[1:].partition("h")
        return int(width), int(height)

    @property
    def content_type(self) -> str:
        """Media type of the result."""
        return _FORMATS[self.format][1]


class Thumbnails:
    """Makes thumbnails on a small pool of threads and remembers the latest."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="thumbnails")
        self._cache: OrderedDict[tuple[str, Recipe], bytes] = OrderedDict()
        self._cached = 0
        self._asked: dict[str, None] = {}

    async def make(self, blob: str, name: str, size: int, recipe: Recipe) -> bytes:
        """The picture; raises ``ThumbnailFailed``."""
        if name.lower().rpartition(".")[2] not in EXTENSIONS:
            raise ThumbnailFailed("unsupported_extension")
        if size > MAX_BYTES:
            raise ThumbnailFailed("unsupported_image")
        known = self._cache.get((blob, recipe))
        if known is not None:
            self._cache.move_to_end((blob, recipe))
            return known
        loop = asyncio.get_running_loop()
        data = await loop.run_in_executor(self._pool, render, self._store.path(blob), recipe)
        self._remember((blob, recipe), data)
        return data

    def is_warm(self, call: Call) -> bool:
        """Whether a call asks for a thumbnail that was made before, for the latency profile."""
        if not call.route.name.startswith("files/get_thumbnail"):
            return False
        wanted = str(call.record.arg)
        warm = wanted in self._asked
        self._asked[wanted] = None
        return warm

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _remember(self, key: tuple[str, Recipe], data: bytes) -> None:
        if key not in self._cache:
            self._cached += len(data)
        self._cache[key] = data
        while self._cached > CACHE_BYTES:
            _, dropped = self._cache.popitem(last=False)
            self._cached -= len(dropped)


def render(source: Path, recipe: Recipe) -> bytes:
    """Make one thumbnail from a file."""
    try:
        with Image.open(source) as picture:
            width, height = recipe.box
            if recipe.mode != "original":
                # JPEG decoders can shrink while decoding; twice the size keeps the quality.
                picture.draft("RGB", (width * 2, height * 2))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            scaled = _scale(upright, recipe)
            return _encode(scaled, recipe)
    except Image.DecompressionBombError:
        raise ThumbnailFailed("unsupported_image") from None
    except Image.UnidentifiedImageError:
        raise ThumbnailFailed("unsupported_image") from None
    except (OSError, SyntaxError, ValueError):
        raise ThumbnailFailed("conversion_error") from None


def _scale(picture: Image.Image, recipe: Recipe) -> Image.Image:
    size = target_size(picture.size, recipe.box, recipe.mode)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)


def target_size(size: tuple[int, int], box: tuple[int, int], mode: str) -> tuple[int, int]:
    """Scale to fit or cover the box (or its transpose); pictures are never made larger."""
    if mode == "original":
        return size
    boxes = [box] if mode == "strict" else [box, box[::-1]]
    if mode == "fitone_bestfit":
        factor = min(max(w / size[0], h / size[1]) for w, h in boxes)
    else:
        factor = max(min(w / size[0], h / size[1]) for w, h in boxes)
    if factor >= 1:
        return size
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _encode(picture: Image.Image, recipe: Recipe) -> bytes:
    out = io.BytesIO()
    if recipe.format == "jpeg":
        _flat(picture).save(out, "JPEG", quality=80)
    else:
        shown = picture.convert("RGBA") if recipe.transparent else _flat(picture)
        shown.save(out, _FORMATS[recipe.format][0])
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")
