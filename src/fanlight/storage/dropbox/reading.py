"""Reading: listing, looking up, bytes by range, previews, temporary links, space."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from fanlight.errors import BadRange, ObjectChanged, ObjectMissing, StorageUnavailable
from fanlight.model import Quota
from fanlight.outgoing import Answer
from fanlight.storage.base import Entry, Link, Listing, Preview, Span, cut
from fanlight.storage.dropbox.part import Part
from fanlight.storage.dropbox.places import Root
from fanlight.storage.dropbox.refusals import Wire
from fanlight.storage.dropbox.wire import Calls

PAGE = 2000
LINK = timedelta(hours=4)
SIZES = ((64, 64), (128, 128), (256, 256), (480, 320), (640, 480), (960, 640), (1024, 768))
LARGEST = (2048, 1536)
TYPES = ("jpg", "jpeg", "png", "tiff", "tif", "gif", "webp", "ppm", "bmp")


class Reading(Part):
    """The required core but `check`, and the abilities Previews, Links and Quotas."""

    def __init__(self, calls: Calls, root: Root, *, page: int = PAGE) -> None:
        super().__init__(calls, root)
        self._page = page

    async def list(self, folder: str, cursor: str | None = None) -> Listing:
        """Pages as Dropbox gives them. What is deleted meanwhile is passed over."""
        try:
            page = await self._listed(self._root.folder(folder), cursor)
        except ObjectMissing:
            if folder or cursor is not None:
                raise
            return Listing(())  # a root that is not there yet is made with the first object
        entries = (self._root.shown(wire) for wire in page["entries"])
        known = tuple(entry for entry in entries if entry is not None)
        return Listing(known, page["cursor"] if page["has_more"] else None)

    async def _listed(self, path: str, cursor: str | None) -> Any:
        if cursor is not None:
            return await self._calls.rpc("files/list_folder/continue", {"cursor": cursor})
        arg: Wire = {"path": path, "limit": self._page, "include_non_downloadable_files": False}
        return await self._calls.rpc("files/list_folder", arg)

    async def stat(self, locator: str) -> Entry:
        """The metadata of one file."""
        return self._root.entry(await self._file(locator))

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> DropboxBody:
        """One download. Dropbox says with the bytes which revision they are of."""
        headers = _range(span)
        wire, answer = await self._calls.download(
            "files/download", {"path": self._root.there(locator)}, headers
        )
        try:
            entry = self._root.entry(wire)
            if version not in (None, entry.version):
                raise ObjectChanged
            start, stop = cut(span, entry.size)
            if headers and answer.status != 206:
                raise StorageUnavailable("Dropbox sent the whole where a part was asked for.")
        except BaseException:
            await answer.aclose()
            raise
        return DropboxBody(entry, start, stop, answer)

    async def previews(self, locators: Sequence[str], edge: int) -> Sequence[Preview | None]:
        """JPEG, turned upright. None for HEIC, RAW, videos and what is over 20 MB."""
        size = next((f"w{w}h{h}" for w, h in (*SIZES, LARGEST) if w >= edge), "w2048h1536")
        entries = [
            {"path": self._root.there(one), "format": "jpeg", "size": size, "mode": "bestfit"}
            for one in locators
        ]
        arg = {"entries": entries}
        answer = await self._calls.rpc("files/get_thumbnail_batch", arg, host="content")
        return [self._preview(one) for one in answer["entries"]]

    def _preview(self, wire: Wire) -> Preview | None:
        with suppress(KeyError, ObjectMissing, binascii.Error):
            if wire.get(".tag") == "success":
                entry = self._root.entry(wire["metadata"])
                data = base64.b64decode(wire["thumbnail"], validate=True)
                return Preview("image/jpeg", data, entry.version)
        return None

    async def link(self, locator: str) -> Link:
        """Four hours, to whoever has it."""
        now = datetime.now(UTC)
        arg = {"path": self._root.there(locator)}
        answer = await self._calls.rpc("files/get_temporary_link", arg)
        entry = self._root.entry(answer["metadata"])
        return Link(str(answer["link"]), now + LINK, entry.version)

    async def quota(self) -> Quota:
        """The account's space; in a team, the smaller of the team's and the member's."""
        found: Wire = await self._calls.rpc("users/get_space_usage", None)
        room: Wire = found["allocation"]
        used, total = int(found["used"]), int(room["allocated"])
        if room[".tag"] == "team":
            own = int(room.get("user_within_team_space_allocated", 0))
            if own and own < total:
                total = own
            else:
                used = int(room["used"])
        return Quota(used=used, total=total, asked_at=datetime.now(UTC))


def _range(span: Span | None) -> dict[str, str]:
    """The header for a span. BadRange for one that can hold no byte."""
    if span is None or span == Span():
        return {}
    if span.start < 0 or (span.stop is not None and span.stop <= span.start):
        raise BadRange
    stop = "" if span.stop is None else span.stop - 1
    return {"Range": f"bytes={span.start}-{stop}"}


class DropboxBody:
    """Bytes as they arrive. To close it is to hang up."""

    def __init__(self, entry: Entry, start: int, stop: int, answer: Answer) -> None:
        self.entry = entry
        self.start = start
        self.stop = stop
        self._answer = answer
        self._pieces = answer.pieces()
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        """The next bytes. StorageUnavailable where the connection breaks."""
        if self._closed:
            raise StopAsyncIteration
        return await anext(self._pieces)

    async def aclose(self) -> None:
        """Hang up."""
        self._closed = True
        await self._answer.aclose()
