"""``files/get_metadata``."""

from __future__ import annotations

from typing import Any

from ..errors import LookupFailed, reported
from ..model.entries import FileEntry, FolderEntry
from ..model.views import View
from ..transport.call import Call


def get_metadata(call: Call) -> dict[str, Any]:
    """Metadata of one file or folder; of a deleted one only if asked."""
    arg = call.arg
    path: str = arg["path"]
    with reported():
        view = call.view()
        where, entry, _ = view.find(path)
        if entry is None:
            return _deleted(view, path, arg["include_deleted"])
    if isinstance(entry, FolderEntry) and entry.path_lower == where.root:
        # The same refusal as for "", whichever form named the root.
        return where.metadata(FolderEntry(entry.id, entry.name, where.root, where.root_display))
    wire = where.metadata(entry)
    if isinstance(entry, FileEntry):
        if arg["include_media_info"]:
            info = call.service.media_info(entry)
            if info is not None:
                wire["media_info"] = info
        if arg["include_has_explicit_shared_members"]:
            wire["has_explicit_shared_members"] = False
    return wire


def _deleted(view: View, path: str, wanted: bool) -> dict[str, Any]:
    deleted = view.deleted(path) if wanted else None
    if deleted is None:
        raise LookupFailed("not_found")
    return view.metadata(deleted)


HANDLERS = {"files/get_metadata": get_metadata}
