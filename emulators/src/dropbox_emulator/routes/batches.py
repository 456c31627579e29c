"""``files/move_batch_v2``, ``copy_batch_v2`` and their checks."""

from __future__ import annotations

from typing import Any

from ..errors import EndpointError, NamespaceBusy, union
from ..transport.call import Call
from .jobs import check_job, launch
from .relocation import relocate

Wire = dict[str, Any]
# Up to here the answer comes at once (assumption: the real threshold is unpublished).
SYNCHRONOUS = 10


async def _relocate_batch(call: Call, kind: str) -> Wire:
    async def work() -> Wire:
        return {".tag": "complete", "entries": await _relocate_all(call, kind == "move")}

    if len(call.arg["entries"]) > SYNCHRONOUS or call.service.settings.job_seconds:
        return launch(call, kind, work())
    return await work()


async def _relocate_all(call: Call, move: bool) -> list[Wire]:
    entries: list[Wire] = call.arg["entries"]
    try:
        async with call.service.locks.writing(call.view().namespace):
            taken: set[str] = set()
            return [_entry(call, entry, move, taken) for entry in entries]
    except NamespaceBusy:
        busy = {".tag": "failure", "failure": union("too_many_write_operations")}
        return [busy for _ in entries]


def _entry(call: Call, entry: Wire, move: bool, taken: set[str]) -> Wire:
    tree = call.view().tree
    source, target = tree.key(entry["from_path"]), tree.key(entry["to_path"])
    try:
        if target in taken or (move and source in taken):
            raise EndpointError(union("duplicated_or_nested_paths"))
        metadata = relocate(
            call,
            entry["from_path"],
            entry["to_path"],
            move=move,
            autorename=call.arg["autorename"],
        )
    except EndpointError as failure:
        error = {".tag": "relocation_error", "relocation_error": failure.error}
        return {".tag": "failure", "failure": error}
    taken.add(target)
    return {".tag": "success", "success": metadata}


async def move_batch_v2(call: Call) -> Wire:
    """Many moves."""
    return await _relocate_batch(call, "move")


async def copy_batch_v2(call: Call) -> Wire:
    """Many copies."""
    return await _relocate_batch(call, "copy")


HANDLERS = {
    "files/move_batch_v2": move_batch_v2,
    "files/move_batch/check_v2": check_job("move"),
    "files/copy_batch_v2": copy_batch_v2,
    "files/copy_batch/check_v2": check_job("copy"),
}
