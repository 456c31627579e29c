"""``files/create_folder_v2``, its first version, and the batch."""

from __future__ import annotations

from typing import Any

from ..errors import NamespaceBusy, WriteFailed, reported, union
from ..transport.call import Call
from .jobs import check_job, launch

Wire = dict[str, Any]
# More paths than this are made by a job (assumption: the real threshold is unpublished).
SYNCHRONOUS = 100


def _make(call: Call, path: str, autorename: bool) -> Wire:
    view, target = call.view().target(path)
    target = call.writer(view).free_path(target, autorename)
    return view.folder_metadata(view.tree.make_folder(target))


async def create_folder_v2(call: Call) -> Wire:
    """Make a folder; ``path/conflict/folder`` if there is one."""
    with reported():
        view, _ = call.view().target(call.arg["path"])
        async with call.writing(view):
            return {"metadata": _make(call, call.arg["path"], call.arg["autorename"])}


async def create_folder(call: Call) -> Wire:
    """The first version answers the metadata itself."""
    return (await create_folder_v2(call))["metadata"]


async def create_folder_batch(call: Call) -> Wire:
    """Many folders; a job if asked for, or if there are many."""

    async def work() -> Wire:
        return {".tag": "complete", "entries": await _make_all(call)}

    if call.arg["force_async"] or len(call.arg["paths"]) > SYNCHRONOUS:
        return launch(call, "create_folder_batch", work())
    return await work()


async def _make_all(call: Call) -> list[Wire]:
    paths: list[str] = call.arg["paths"]
    try:
        async with call.service.locks.writing(call.view().namespace):
            return [_entry(call, path) for path in paths]
    except NamespaceBusy:
        busy = {".tag": "failure", "failure": union("path", "too_many_write_operations")}
        return [busy for _ in paths]


def _entry(call: Call, path: str) -> Wire:
    try:
        return {".tag": "success", "metadata": _make(call, path, call.arg["autorename"])}
    except WriteFailed as failure:
        return {".tag": "failure", "failure": {".tag": "path", "path": failure.reason}}


HANDLERS = {
    "files/create_folder": create_folder,
    "files/create_folder_v2": create_folder_v2,
    "files/create_folder_batch": create_folder_batch,
    "files/create_folder_batch/check": check_job("create_folder_batch"),
}
