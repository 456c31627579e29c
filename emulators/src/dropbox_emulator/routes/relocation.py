"""``files/move_v2``, ``copy_v2`` and their first versions."""

from __future__ import annotations

from typing import Any

from ..errors import EndpointError, LookupFailed, WriteFailed, union
from ..model.entries import Entry, FileEntry
from ..model.paths import is_within
from ..model.views import View
from ..transport.call import Call

Wire = dict[str, Any]
MAX_ENTRIES = 10_000


def relocate(call: Call, from_path: str, to_path: str, *, move: bool, autorename: bool) -> Wire:
    """Move or copy; answers Metadata. Raises ``EndpointError`` with a RelocationError."""
    source_view, source = _source(call, from_path, move)
    try:
        view, target = call.view().target(to_path)
        key = view.tree.key(target)
        _check_nesting(source, key, move)
        _check_size(call, source_view, source, move)
        target = call.writer(view).free_path(target, autorename)
    except WriteFailed as failure:
        raise EndpointError({".tag": "to", "to": failure.reason}) from None
    tree = view.tree
    act = tree.move if move else tree.copy
    return view.metadata(act(source.path_lower, target))


def _source(call: Call, path: str, move: bool) -> tuple[View, Entry]:
    try:
        view, entry = call.view().entry(path)
    except LookupFailed as failure:
        raise EndpointError({".tag": "from_lookup", "from_lookup": failure.reason}) from None
    if entry.path_lower == view.root:
        raise EndpointError(union("from_write", "no_write_permission"))
    if move and entry.path_lower in view.fixed:
        raise EndpointError(union("cant_move_shared_folder"))
    return view, entry


def _check_nesting(source: Entry, target: str, move: bool) -> None:
    if is_within(target, source.path_lower):
        tag = "cant_move_folder_into_itself" if move else "duplicated_or_nested_paths"
        raise EndpointError(union(tag))


def _check_size(call: Call, view: View, source: Entry, move: bool) -> None:
    keys = view.tree.subtree(source.path_lower)
    if len(keys) > MAX_ENTRIES:
        raise EndpointError(union("too_many_files"))
    if move:
        return
    entries = [source, *(view.tree.entries[key] for key in keys)]
    size = sum(entry.size for entry in entries if isinstance(entry, FileEntry))
    if size > call.writer(view).room:
        raise EndpointError(union("insufficient_quota"))


async def _single(call: Call, move: bool) -> Wire:
    arg = call.arg
    try:
        async with call.writing(call.view()):
            return relocate(
                call, arg["from_path"], arg["to_path"], move=move, autorename=arg["autorename"]
            )
    except WriteFailed as failure:
        raise EndpointError({".tag": "to", "to": failure.reason}) from None


async def move_v2(call: Call) -> Wire:
    """Move; the id stays."""
    return {"metadata": await _single(call, move=True)}


async def copy_v2(call: Call) -> Wire:
    """Copy; the copy gets an id of its own."""
    return {"metadata": await _single(call, move=False)}


async def move(call: Call) -> Wire:
    """The first version answers the metadata itself."""
    return await _single(call, move=True)


async def copy(call: Call) -> Wire:
    """The first version answers the metadata itself."""
    return await _single(call, move=False)


HANDLERS = {
    "files/move": move,
    "files/copy": copy,
    "files/move_v2": move_v2,
    "files/copy_v2": copy_v2,
}
