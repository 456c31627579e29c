"""``files/get_thumbnail``, ``get_thumbnail_v2`` and ``get_thumbnail_batch``."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from ..errors import BadInput, EndpointError, LookupFailed, reported, union
from ..model.entries import FileEntry
from ..model.views import View
from ..pictures.thumbnails import Recipe, ThumbnailFailed
from ..transport.call import Call, Download
from .linked import link_of, linked_entry

Wire = dict[str, Any]
MAX_BATCH = 25


def _recipe(arg: Wire) -> Recipe:
    transparent = arg.get("preserve_transparency", False)
    if transparent and arg["format"].name == "jpeg":
        # The SDK's documentation: "Requests that set this flag with JPEG output return an error."
        raise BadInput("preserve_transparency is supported for png and webp only")
    return Recipe(arg["format"].name, arg["size"].name, arg["mode"].name, transparent)


async def _picture(call: Call, entry: FileEntry, recipe: Recipe) -> bytes:
    try:
        return await call.service.thumbnails.make(entry.blob, entry.name, entry.size, recipe)
    except ThumbnailFailed as failure:
        raise EndpointError(union(failure.tag)) from None


async def get_thumbnail(call: Call) -> Download:
    """A thumbnail by path; the result is FileMetadata."""
    with reported():
        view, entry = call.view().file(call.arg["path"])
    recipe = _recipe(call.arg)
    data = await _picture(call, entry, recipe)
    return Download(view.file_metadata(entry), data=data, content_type=recipe.content_type)


async def get_thumbnail_v2(call: Call) -> Download:
    """A thumbnail by path or shared link."""
    resource, recipe = call.arg["resource"], _recipe(call.arg)
    if resource.name == "link":
        return await _linked_thumbnail(call, resource.value, recipe)
    if call.account_or_none is None:
        # With app authentication only links can be looked at.
        raise EndpointError(union("access_denied"))
    with reported():
        view, entry = call.view().file(resource.value)
    data = await _picture(call, entry, recipe)
    result = {"file_metadata": _with_media_info(call, view, entry)}
    return Download(result, data=data, content_type=recipe.content_type)


def _with_media_info(call: Call, view: View, entry: FileEntry) -> Wire:
    wire = view.file_metadata(entry)
    if call.arg["exclude_media_info"] is False:
        info = call.service.media_info(entry)
        if info is not None:
            wire["media_info"] = info
    return wire


async def _linked_thumbnail(call: Call, arg: Wire, recipe: Recipe) -> Download:
    try:
        link = link_of(call, arg["url"], arg["password"])
        _, entry = linked_entry(call, link, arg["path"])
    except LookupFailed as failure:
        denied = failure.reason[".tag"] == "restricted_content"
        raise EndpointError(union("access_denied" if denied else "not_found")) from None
    if not isinstance(entry, FileEntry):
        raise EndpointError(union("path", "not_file"))
    data = await _picture(call, entry, recipe)
    metadata = {"url": arg["url"], "rev": entry.rev, "id": entry.id}
    return Download({"link_metadata": metadata}, data=data, content_type=recipe.content_type)


async def get_thumbnail_batch(call: Call) -> Wire:
    """Up to 25 thumbnails as base64, each with its own success or failure."""
    entries: list[Wire] = call.arg["entries"]
    if len(entries) > MAX_BATCH:
        raise EndpointError(union("too_many_files"))
    view = call.view()
    return {"entries": await asyncio.gather(*(_batch_entry(call, view, e) for e in entries))}


async def _batch_entry(call: Call, view: View, arg: Wire) -> Wire:
    try:
        with reported():
            where, entry = view.file(arg["path"])
        data = await _picture(call, entry, _recipe(arg))
    except EndpointError as failure:
        return {".tag": "failure", "failure": failure.error}
    return {
        ".tag": "success",
        "metadata": where.file_metadata(entry),
        "thumbnail": base64.b64encode(data).decode(),
    }


HANDLERS = {
    "files/get_thumbnail": get_thumbnail,
    "files/get_thumbnail_v2": get_thumbnail_v2,
    "files/get_thumbnail_batch": get_thumbnail_batch,
}
