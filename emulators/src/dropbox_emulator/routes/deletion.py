"""``files/delete_v2``, its first version, and the batch."""

from __future__ import annotations

from typing import Any

from ..errors import EndpointError, LookupFailed, NamespaceBusy, WriteFailed, reported, union
from ..model.entries import FileEntry
from ..transport.call import Call
from .jobs import check_job, launch

Wire = dict[str, Any]


def _delete(call: Call, arg: Wire) -> Wire:
    view, entry = call.view().entry(arg["path"])
    key = entry.path_lower
    if key == view.root or key in view.fixed or view.tree.entries.get(key) is not entry:
        # The root, a mount, or a version that is not the newest.
        raise WriteFailed("no_write_permission")
    if arg["parent_rev"] is not None:
        if not isinstance(entry, FileEntry):
            raise WriteFailed("conflict", "folder")
        if entry.rev != arg["parent_rev"]:
            raise WriteFailed("conflict", "file")
    metadata = view.metadata(entry)
    view.tree.remove(key)
    return metadata


async def delete_v2(call: Call) -> Wire:
    """Delete a file, or a folder with everything in it; answers the metadata as it was."""
    with reported("path_lookup", "path_write"):
        view = call.view()
        try:
            async with call.writing(view):
                return {"metadata": _delete(call, call.arg)}
        except WriteFailed as failure:
            if failure.reason[".tag"] == "too_many_write_operations":
                raise EndpointError(failure.reason) from None
            raise


async def delete(call: Call) -> Wire:
    """The first version answers the metadata itself."""
    return (await delete_v2(call))["metadata"]


def delete_batch(call: Call) -> Wire:
    """Many deletions; always a job, as the real service mostly answers."""

    async def work() -> Wire:
        try:
            async with call.service.locks.writing(call.view().namespace):
                return {
                    ".tag": "complete",
                    "entries": [_entry(call, e) for e in call.arg["entries"]],
                }
        except NamespaceBusy:
            return {".tag": "failed", "failed": union("too_many_write_operations")}

    return launch(call, "delete_batch", work())


def _entry(call: Call, arg: Wire) -> Wire:
    try:
        return {".tag": "success", "metadata": _delete(call, arg)}
    except LookupFailed as failure:
        return _failure("path_lookup", failure.reason)
    except WriteFailed as failure:
        return _failure("path_write", failure.reason)


def _failure(tag: str, reason: Wire) -> Wire:
    return {".tag": "failure", "failure": {".tag": tag, tag: reason}}


HANDLERS = {
    "files/delete": delete,
    "files/delete_v2": delete_v2,
    "files/delete_batch": delete_batch,
    "files/delete_batch/check": check_job("delete_batch"),
}
