"""Handing over: a list in the form that another program takes, as bytes with a name and a type."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fanlight.errors import FanlightError
from fanlight.proofing.exports.names import as_lines, for_capture_one, for_lightroom
from fanlight.proofing.exports.sheet import sheet
from fanlight.proofing.exports.tables import as_csv, as_json
from fanlight.proofing.exports.xmp import sidecars
from fanlight.proofing.overview import Overseeing

if TYPE_CHECKING:
    from fanlight.model import Actor, Asset
    from fanlight.proofing.overview import Taken

ON_SHEETS = "thumb@2x"
"""The preset whose renditions stand on contact sheets."""
AT_ONCE = 8
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


class Form(StrEnum):
    """How a list may be taken away. The values stand in addresses."""

    LIGHTROOM = "lightroom"
    CAPTURE_ONE = "capture-one"
    TXT = "txt"
    CSV = "csv"
    JSON = "json"
    XMP = "xmp"
    """Sidecars, in one ZIP."""
    PDF = "pdf"
    """A contact sheet."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What is taken away."""

    name: str
    media_type: str
    body: bytes


class Handing(Overseeing):
    """From a list to bytes."""

    async def hand_over(self, actor: Actor, selection_id: str, form: Form) -> Handed:
        """A list in one form; tables hold all that is marked, the others what is picked.

        Raises Forbidden, NotFound.
        """
        everything = form in (Form.CSV, Form.JSON, Form.XMP)
        taken = await self.taken(actor, selection_id, hearts_only=not everything)
        name = file_name(f"{taken.gallery.title} - {taken.given.marked.selection.name}")
        extension, media_type = KINDS[form]
        pictures = await self._pictures_of(taken) if form is Form.PDF else {}
        loop = asyncio.get_running_loop()
        body = await loop.run_in_executor(None, lambda: _body(taken, form, pictures))
        return Handed(f"{name}{extension}", media_type, body)

    async def _pictures_of(self, taken: Taken) -> dict[str, bytes]:
        """A JPEG of each photo that one can be made of, by asset id."""
        if self._pictures is None:
            return {}
        found: dict[str, bytes] = {}
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(asset: Asset) -> None:
            async with turns:
                if (picture := await self._picture_of(asset)) is not None:
                    found[asset.id] = picture

        await asyncio.gather(*(one(asset) for asset, _ in taken.photos))
        return found

    async def _picture_of(self, asset: Asset) -> bytes | None:
        assert self._pictures is not None  # noqa: S101 -- else nobody would ask
        link = await self._catalogue.read(lambda records: records.links.by_asset(asset.id))
        if link is None:
            return None
        try:
            form = self._pictures.form(ON_SHEETS, {}, b"image/jpeg")
            if form is None:
                return None
            path = (await self._pictures.rendition(link, form)).rendition.path
            return await asyncio.to_thread(path.read_bytes)
        except (FanlightError, OSError):
            return None  # an empty frame says it


KINDS = {
    Form.LIGHTROOM: (" - Lightroom.txt", "text/plain; charset=utf-8"),
    Form.CAPTURE_ONE: (" - Capture One.txt", "text/plain; charset=utf-8"),
    Form.TXT: (".txt", "text/plain; charset=utf-8"),
    Form.CSV: (".csv", "text/csv; charset=utf-8"),
    Form.JSON: (".json", "application/json"),
    Form.XMP: (" - XMP.zip", "application/zip"),
    Form.PDF: (".pdf", "application/pdf"),
}
"""What the name of each ends with, and its media type."""


def _body(taken: Taken, form: Form, pictures: dict[str, bytes]) -> bytes:
    match form:
        case Form.LIGHTROOM:
            return for_lightroom(taken).encode()
        case Form.CAPTURE_ONE:
            return for_capture_one(taken).encode()
        case Form.TXT:
            return as_lines(taken).encode()
        case Form.CSV:
            return as_csv(taken)
        case Form.JSON:
            return as_json(taken)
        case Form.XMP:
            return _zipped(taken)
        case Form.PDF:
            return sheet(taken, pictures)


def _zipped(taken: Taken) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sidecars(taken):
            archive.writestr(file_name(name), body)
    return packed.getvalue()


def file_name(text: str) -> str:
    """A name that every system takes."""
    return _UNSAFE.sub(" ", text).strip(" .")[:120] or "List"
