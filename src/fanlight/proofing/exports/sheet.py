"""A contact sheet: the photos of a list on A4, with their names and what was said of them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fanlight.gallery_model import Pick
    from fanlight.model import Asset
    from fanlight.proofing.overview import Taken

COLUMNS, ROWS = 4, 5
_WIDTH, _HEIGHT = 595.28, 841.89
"""A4 in points."""
_EDGE, _GAP, _HEAD, _WORDS = 34.0, 12.0, 52.0, 30.0
_CELL = (_WIDTH - 2 * _EDGE - (COLUMNS - 1) * _GAP) / COLUMNS
_ROW = (_HEIGHT - 2 * _EDGE - _HEAD - (ROWS - 1) * _GAP) / ROWS
_INK, _SOFT, _LINE = (0.11, 0.125, 0.14), (0.42, 0.40, 0.38), (0.91, 0.89, 0.86)
_FLAGS = {
    "red": (0.80, 0.22, 0.20),
    "yellow": (0.85, 0.65, 0.13),
    "green": (0.18, 0.49, 0.36),
    "blue": (0.17, 0.40, 0.85),
    "purple": (0.49, 0.30, 0.70),
}
_PLAIN, _UNSPACED = "Fanlight", "STSong-Light"


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where one photo stands: left and bottom, in points."""

    x: float
    y: float


def sheet(taken: Taken, pictures: Mapping[str, bytes]) -> bytes:
    """The PDF. `pictures`: a JPEG of each photo, by asset id; what has none is an empty frame."""
    from reportlab.pdfgen.canvas import Canvas  # 60 ms, for who wants a contact sheet

    _fonts()
    document = io.BytesIO()
    canvas: Any = Canvas(document, pagesize=(_WIDTH, _HEIGHT), pageCompression=1)
    canvas.setTitle(f"{taken.gallery.title}: {taken.given.marked.selection.name}")
    pages = [
        taken.photos[begin : begin + COLUMNS * ROWS]
        for begin in range(0, len(taken.photos), COLUMNS * ROWS)
    ] or [()]
    for number, photos in enumerate(pages, 1):
        _head(canvas, taken, number, len(pages))
        for place, (asset, pick) in zip(_places(), photos, strict=False):
            _photo(canvas, place, pictures.get(asset.id))
            _words(canvas, place, asset, pick)
        canvas.showPage()
    canvas.save()
    return document.getvalue()


def _places() -> Sequence[_Cell]:
    top = _HEIGHT - _EDGE - _HEAD
    return [
        _Cell(_EDGE + column * (_CELL + _GAP), top - row * (_ROW + _GAP) - _ROW)
        for row in range(ROWS)
        for column in range(COLUMNS)
    ]


def _head(canvas: Any, taken: Taken, number: int, pages: int) -> None:
    selection = taken.given.marked.selection
    top = _HEIGHT - _EDGE - 14
    _say(canvas, taken.gallery.title, _EDGE, top, 15, _INK, _WIDTH - 2 * _EDGE - 70)
    count = len(taken.photos)
    about = f"{selection.name}, by {taken.given.by} · {count} photo{'' if count == 1 else 's'}"
    _say(canvas, about, _EDGE, top - 17, 9.5, _SOFT, _WIDTH - 2 * _EDGE - 70)
    canvas.setFont(_PLAIN, 9.5)
    canvas.setFillColorRGB(*_SOFT)
    canvas.drawRightString(_WIDTH - _EDGE, top, f"{number} / {pages}")


def _photo(canvas: Any, place: _Cell, picture: bytes | None) -> None:
    from reportlab.lib.utils import ImageReader

    x, y, room = place.x, place.y + _WORDS, _ROW - _WORDS
    if picture is None:
        canvas.setStrokeColorRGB(*_LINE)
        canvas.rect(x, y, _CELL, room, stroke=1, fill=0)
        return
    reader: Any = ImageReader(io.BytesIO(picture))
    width, height = reader.getSize()
    scale = min(_CELL / width, room / height)
    canvas.drawImage(reader, x, y, width * scale, height * scale)


def _words(canvas: Any, place: _Cell, asset: Asset, pick: Pick) -> None:
    y = place.y + _WORDS - 11
    left = place.x
    if pick.flag:
        canvas.setFillColorRGB(*_FLAGS[pick.flag.value])
        canvas.circle(left + 3, y + 2.8, 3, stroke=0, fill=1)
        left += 10
    _say(canvas, asset.name, left, y, 8, _INK, _CELL - (left - place.x))
    stars = f"{pick.stars} star{'' if pick.stars == 1 else 's'}" if pick.stars else ""
    said = " · ".join(filter(None, [stars, " ".join(pick.note.split())]))
    _say(canvas, said, place.x, y - 11, 7.5, _SOFT, _CELL)


def _say(
    canvas: Any,
    text: str,
    x: float,
    y: float,
    size: float,
    colour: tuple[float, float, float],
    room: float,
) -> None:
    """Text on one line, cut where there is no room."""
    font = _UNSPACED if any("\u2e80" <= character <= "\ud7a3" for character in text) else _PLAIN
    canvas.setFont(font, size)
    canvas.setFillColorRGB(*colour)
    while text and canvas.stringWidth(text, font, size) > room:
        text = text.removesuffix("…")[:-1].rstrip() + "…" if len(text) > 2 else ""
    canvas.drawString(x, y, text)


@cache
def _fonts() -> None:
    """Make the letters known, once. Roboto has no Chinese, Japanese or Korean: viewers have."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    metrics: Any = pdfmetrics
    path = files("font_roboto").joinpath("files/Roboto-Regular.ttf")
    metrics.registerFont(TTFont(_PLAIN, str(path)))
    metrics.registerFont(UnicodeCIDFont(_UNSPACED))
