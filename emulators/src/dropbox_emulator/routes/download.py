"""``files/download``, ``download_zip``, ``export`` and ``get_preview``."""

from __future__ import annotations

import asyncio
import zipfile
from typing import IO, cast

from ..content.store import BlobWriter
from ..errors import EndpointError, reported, union
from ..model.entries import FileEntry
from ..model.tree import Tree
from ..pictures.previews import make_preview, preview_kind
from ..transport.bodies import Span
from ..transport.call import Call, Download

GIB = 1024**3
# Limits of the public spec for download_zip.
ZIP_BYTES, ZIP_FILE_BYTES, ZIP_ENTRIES = 20 * GIB, 4 * GIB, 10_000


def download(call: Call) -> Download:
    """The bytes of a file; ``rev:`` and ``id:`` work as paths."""
    path: str = call.arg["path"]
    with reported():
        if call.arg["rev"]:
            path = "rev:" + call.arg["rev"]
        view, entry = call.view().file(path)
    if entry.export_as is not None:
        raise EndpointError(union("unsupported_file"))
    span = Span(call.service.world.store.path(entry.blob), 0, entry.size)
    return Download(view.file_metadata(entry), span=span, etag=entry.rev, entry=entry, view=view)


def export(call: Call) -> Download:
    """A document in another form; plain files cannot be exported."""
    with reported():
        view, entry = call.view().file(call.arg["path"])
    if entry.export_as is None:
        raise EndpointError(union("non_exportable"))
    wanted = call.arg["export_format"]
    if wanted is not None and wanted != entry.export_as:
        raise EndpointError(union("invalid_export_format"))
    stem = entry.name.rpartition(".")[0] or entry.name
    result = {
        "export_metadata": {
            "name": f"{stem}.{entry.export_as}",
            "size": entry.size,
            "export_hash": entry.blob,
        },
        "file_metadata": view.file_metadata(entry),
    }
    return Download(result, data=call.service.world.store.read(entry.blob))


async def download_zip(call: Call) -> Download:
    """A folder as one zip file."""
    with reported():
        view, folder = call.view().folder(call.arg["path"])
    tree = view.tree
    keys = [key for key in tree.listing(folder.path_lower, recursive=True) if view.sees(key)]
    sizes = [e.size for key in keys if isinstance(e := tree.entries[key], FileEntry)]
    if len(keys) > ZIP_ENTRIES:
        raise EndpointError(union("too_many_files"))
    if sum(sizes) > ZIP_BYTES or max(sizes, default=0) > ZIP_FILE_BYTES:
        raise EndpointError(union("too_large"))
    writer = call.service.world.store.writer()
    names = _names(tree, folder.path_display, keys)
    await asyncio.to_thread(_write_zip, call, writer, folder.name or "Dropbox", names)
    size = writer.size
    blob = writer.commit()
    span = Span(call.service.world.store.path(blob), 0, size)
    result = {"metadata": view.folder_metadata(folder)}
    return Download(result, span=span, content_type="application/zip")


def _names(tree: Tree, folder: str, keys: list[str]) -> list[tuple[str, FileEntry | None]]:
    depth = folder.count("/")
    found: list[tuple[str, FileEntry | None]] = []
    for key in keys:
        entry = tree.entries[key]
        below = "/".join(entry.path_display.split("/")[depth + 1 :])
        found.append((below, entry if isinstance(entry, FileEntry) else None))
    return found


def _write_zip(
    call: Call, writer: BlobWriter, top: str, names: list[tuple[str, FileEntry | None]]
) -> None:
    store = call.service.world.store
    with zipfile.ZipFile(cast("IO[bytes]", _Stream(writer)), "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{top}/", b"")
        for name, entry in names:
            if entry is None:
                archive.writestr(f"{top}/{name}/", b"")
            else:
                archive.write(store.path(entry.blob), f"{top}/{name}")


class _Stream:
    """The least that zipfile needs of a file: without ``tell`` it does not try to seek."""

    def __init__(self, writer: BlobWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> int:
        """Append to the content."""
        self._writer.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


async def get_preview(call: Call) -> Download:
    """PDF or HTML of an office document."""
    path: str = call.arg["path"]
    with reported():
        if call.arg["rev"]:
            path = "rev:" + call.arg["rev"]
        view, entry = call.view().file(path)
    kind = preview_kind(entry.name)
    if kind is None:
        raise EndpointError(union("unsupported_extension"))
    source = call.service.world.store.path(entry.blob)
    data = await asyncio.to_thread(make_preview, source, entry.name, kind)
    if data is None:
        raise EndpointError(union("unsupported_content"))
    content_type = "application/pdf" if kind == "pdf" else "text/html; charset=utf-8"
    return Download(view.file_metadata(entry), data=data, content_type=content_type)


HANDLERS = {
    "files/download": download,
    "files/download_zip": download_zip,
    "files/export": export,
    "files/get_preview": get_preview,
}
