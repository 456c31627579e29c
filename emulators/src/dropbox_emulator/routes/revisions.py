"""``files/list_revisions`` and ``files/restore``."""

from __future__ import annotations

from typing import Any

from ..errors import EndpointError, LookupFailed, WriteFailed, reported, union
from ..model.entries import DeletedEntry, FileEntry, FolderEntry
from ..model.views import View, stamp_text
from ..transport.call import Call

Wire = dict[str, Any]


def list_revisions(call: Call) -> Wire:
    """Versions of a path or of a file, newest first."""
    arg = call.arg
    with reported():
        view, versions, deleted = _history(call.view(), arg["path"], arg["mode"].name)
    versions = versions[::-1]
    if arg["before_rev"] is not None:
        revs = [version.rev for version in versions]
        if arg["before_rev"] not in revs:
            raise EndpointError(union("invalid_before_rev"))
        versions = versions[revs.index(arg["before_rev"]) + 1 :]
    shown = versions[: arg["limit"]]
    wire: Wire = {
        "is_deleted": deleted is not None,
        "entries": [view.file_metadata(version) for version in shown],
        "has_more": len(versions) > len(shown),
    }
    if deleted is not None:
        wire["server_deleted"] = stamp_text(deleted.at)
    return wire


def _history(view: View, path: str, mode: str) -> tuple[View, list[FileEntry], DeletedEntry | None]:
    where, entry, absolute = view.find(path)
    if isinstance(entry, FolderEntry):
        raise LookupFailed("not_file")
    tree = where.tree
    if mode == "id" or path.startswith("id:"):
        if entry is None:
            raise LookupFailed("not_found")
        return where, tree.id_history[entry.id], None
    key = entry.path_lower if entry else tree.key(absolute)
    events = tree.history.get(key)
    if not events or not where.sees(key):
        raise LookupFailed("not_found")
    last = events[-1]
    versions = [event for event in events if isinstance(event, FileEntry)]
    return where, versions, last if isinstance(last, DeletedEntry) else None


async def restore(call: Call) -> Wire:
    """Make an old version the newest one of a path."""
    with reported("path_lookup", "path_write"):
        view, path = call.view().target(call.arg["path"])
        tree = view.tree
        version = view.version(call.arg["rev"])
        key = tree.key(path)
        if version is None or (version not in tree.history.get(key, ()) and tree.get(key) is None):
            raise EndpointError(union("invalid_revision"))
        there = tree.get(key)
        if isinstance(there, FolderEntry):
            raise WriteFailed("conflict", "folder")
        async with call.writing(view):
            if isinstance(there, FileEntry) and there.rev == version.rev:
                return view.file_metadata(there)
            if version.size > call.writer(view).room:
                raise WriteFailed("insufficient_space")
            entry = tree.put_file(
                path, version.blob, version.size, version.client_modified, file_id=version.id
            )
    return view.file_metadata(entry)


HANDLERS = {"files/list_revisions": list_revisions, "files/restore": restore}
