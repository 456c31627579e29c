"""A good original in every form that is read, all showing `painting.picture`."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import av
import numpy as np
import pillow_heif
import pyvips
from PIL import Image

from tests.support.originals import handmade, painting
from tests.support.originals.painting import HEIGHT, WIDTH

Make = Callable[[], bytes]


def saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    """The bytes of a picture as Pillow writes them."""
    file = io.BytesIO()
    picture.save(file, form, **how)
    return file.getvalue()


def _vips() -> pyvips.Image:
    return pyvips.Image.new_from_array(np.asarray(painting.picture())).copy(interpretation="srgb")


@cache
def jpeg(**how: Any) -> bytes:
    """Baseline, 4:4:4 unless asked otherwise."""
    return saved(painting.picture(), "JPEG", **{"quality": 92, "subsampling": 0} | how)


def _in_profile(name: str) -> pyvips.Image:
    return _vips().icc_transform(name, input_profile="srgb", intent="perceptual")


def _wide() -> pyvips.Image:
    return _vips().colourspace("rgb16")


def _wide_p3() -> pyvips.Image:
    return _wide().icc_transform("p3", input_profile="srgb", depth=16)


def _oriented(number: int) -> bytes:
    """Stored so that it shows the picture once it is turned as EXIF says."""
    ways = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    shown = painting.picture()
    stored = shown.transpose(ways[number]) if number in ways else shown
    return saved(stored, "JPEG", quality=92, subsampling=0, exif=painting.exif(number))


def moving_frames(count: int = 5, *, alpha: bool = False) -> list[Image.Image]:
    """The picture moved sideways, a little more each time."""
    shown = painting.cut_out() if alpha else painting.picture()
    small = shown.resize((WIDTH // 2, HEIGHT // 2))
    pixels = np.asarray(small)
    return [Image.fromarray(np.roll(pixels, 8 * number, axis=1)) for number in range(count)]


def _moving(form: str, count: int = 5, *, alpha: bool = False, **how: Any) -> bytes:
    first, *others = moving_frames(count, alpha=alpha)
    return saved(first, form, save_all=True, append_images=others, duration=80, loop=0, **how)


def _heic(orientation: int = 1, *, embedded: tuple[int, ...] = ()) -> bytes:
    shown = painting.picture()
    stored = shown.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else shown
    file = io.BytesIO()
    made: Any = pillow_heif.from_pillow(stored)
    made.info["thumbnails"] = list(embedded)
    made.save(file, quality=90, chroma=444, exif=painting.exif(orientation), xmp=painting.xmp())
    return file.getvalue()


_AS_IT_IS = bytes.fromhex("00010000 00000000 00000000 00000000 00010000 00000000")
_TURNED_RIGHT = bytes.fromhex("00000000 00010000 00000000 ffff0000 00000000 00000000")


def _turned_video() -> bytes:
    """Stored lying on its left side; its track says to turn it right."""
    stored = video(shown=painting.picture().transpose(Image.Transpose.ROTATE_90))
    at = stored.index(_AS_IT_IS, stored.index(b"tkhd"))
    return stored[:at] + _TURNED_RIGHT + stored[at + len(_TURNED_RIGHT) :]


def video(
    form: str = "mp4", codec: str = "libx264", shown: Image.Image | None = None, **metadata: str
) -> bytes:
    """Two seconds: black at first, then the picture."""
    picture, file = shown or painting.picture(), io.BytesIO()
    library: Any = av
    with library.open(file, "w", format=form) as container:
        container.metadata.update(metadata)
        made: Any = container.add_stream(codec, rate=10)
        made.width, made.height, made.pix_fmt = *picture.size, "yuv420p"
        made.codec_context.thread_count = 1
        for number in range(20):
            frame = Image.new("RGB", picture.size) if number < 3 else picture
            container.mux(made.encode(library.VideoFrame.from_image(frame)))
        container.mux(made.encode())
    return file.getvalue()


def svg(inside: str = "", before: str = "", size: str = 'width="480" height="320"') -> bytes:
    """A drawing of flat shapes."""
    return f"""<?xml version="1.0"?>{before}
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}
 viewBox="0 0 480 320"><rect width="480" height="320" fill="#204060"/>
<circle cx="240" cy="160" r="100" fill="#f0c040"/>{inside}</svg>""".encode()


def _pages() -> bytes:
    others = [Image.new("RGB", (WIDTH, HEIGHT), "black"), Image.new("RGB", (40, 40), "red")]
    return saved(painting.picture(), "TIFF", save_all=True, append_images=others)


def _said() -> dict[str, bytes]:
    return {"exif": painting.exif(), "xmp": painting.xmp()}


def _grey_jp2() -> bytes:
    grey = np.asarray(painting.picture().convert("L")).astype(np.uint16) * 257
    return saved(Image.fromarray(grey), "JPEG2000")


def _turned_dng(*, preview: bool) -> bytes:
    stored = painting.picture().transpose(Image.Transpose.ROTATE_90)
    shown = saved(stored, "JPEG", quality=92, subsampling=0) if preview else None
    return handmade.dng(shown, stored, 6)


def _told_png() -> bytes:
    packet = b"XML:com.adobe.xmp\0\0\0\0\0" + painting.xmp()
    said = handmade.with_chunk(made("rgb.png"), b"eXIf", painting.exif().removeprefix(b"Exif\0\0"))
    return handmade.with_chunk(said, b"iTXt", packet)


MAKES: dict[str, Make] = {
    "baseline.jpg": jpeg,
    "progressive.jpg": lambda: jpeg(progressive=True),
    "subsampled.jpg": lambda: jpeg(subsampling=2),
    "grey.jpg": lambda: saved(painting.picture().convert("L"), "JPEG", quality=92),
    "told.jpg": lambda: handmade.told(jpeg()),
    "cmyk.jpg": lambda: _in_profile("cmyk").jpegsave_buffer(Q=95),
    "cmyk-bare.jpg": lambda: saved(painting.picture().convert("CMYK"), "JPEG", quality=95),
    "p3.jpg": lambda: _in_profile("p3").jpegsave_buffer(Q=92, subsample_mode="off"),
    "rgb.png": lambda: saved(painting.picture(), "PNG"),
    "interlaced.png": lambda: _vips().pngsave_buffer(interlace=True),
    "16-bit.png": lambda: _wide().pngsave_buffer(),
    "16-bit-p3.png": lambda: _wide_p3().pngsave_buffer(),
    "palette.png": lambda: saved(painting.picture().quantize(256), "PNG"),
    "alpha.png": lambda: saved(painting.cut_out(), "PNG"),
    "opaque-alpha.png": lambda: saved(painting.picture().convert("RGBA"), "PNG"),
    "moving.png": lambda: _moving("PNG"),
    "lossy.webp": lambda: saved(painting.picture(), "WEBP", quality=92),
    "lossless.webp": lambda: saved(painting.picture(), "WEBP", lossless=True),
    "alpha.webp": lambda: saved(painting.cut_out(), "WEBP", quality=92),
    "moving.webp": lambda: _moving("WEBP", quality=90),
    "still.gif": lambda: saved(painting.picture(), "GIF"),
    "moving.gif": lambda: _moving("GIF"),
    "moving-alpha.gif": lambda: _moving("GIF", alpha=True, disposal=2),
    "deflate.tif": lambda: saved(painting.picture(), "TIFF", compression="tiff_deflate"),
    "pages.tif": _pages,
    "16-bit.tif": lambda: _wide().tiffsave_buffer(compression="lzw"),
    "cmyk.tif": lambda: _in_profile("cmyk").tiffsave_buffer(compression="lzw"),
    "lossy.avif": lambda: _vips().heifsave_buffer(compression="av1", Q=85, effort=1),
    "alpha.avif": lambda: saved(painting.cut_out(), "AVIF", quality=85, speed=9),
    "phone.heic": _heic,
    "turned.heic": lambda: _heic(6),
    "embedded.heic": lambda: _heic(embedded=(120, 240)),
    "embedded-turned.heic": lambda: _heic(6, embedded=(240,)),
    "told.png": _told_png,
    "told.webp": lambda: saved(painting.picture(), "WEBP", quality=92, **_said()),
    "told.tif": handmade.told_tiff,
    "told.avif": lambda: saved(painting.picture(), "AVIF", quality=85, speed=9, **_said()),
    "flat.psd": lambda: handmade.psd(painting.iptc()),
    "packed.psd": lambda: handmade.psd(packed=True),
    "16-bit.psd": lambda: handmade.psd(painting.iptc(), 16),
    "16-bit-packed.psd": lambda: handmade.psd(bits=16, packed=True),
    "plain.bmp": lambda: saved(painting.picture(), "BMP"),
    "plain.jp2": lambda: saved(painting.picture(), "JPEG2000"),
    "16-bit.jp2": _grey_jp2,
    "drawing.svg": svg,
    "preview.dng": lambda: handmade.dng(jpeg()),
    "developed.dng": handmade.dng,
    "turned-preview.dng": lambda: _turned_dng(preview=True),
    "turned-developed.dng": lambda: _turned_dng(preview=False),
    "clip.mp4": lambda: video(
        creation_time="2026-06-14T02:52:10Z", location="+47.2905-011.5000+574.000/"
    ),
    "turned.mp4": _turned_video,
    "clip.ts": lambda: video("mpegts"),
    "clip.webm": lambda: video("webm", "libvpx"),
    **{f"turned-{number}.jpg": (lambda n=number: _oriented(n)) for number in range(1, 9)},
}
"""Each by a name that tells what it is."""


@cache
def made(name: str) -> bytes:
    """One of them."""
    return MAKES[name]()
