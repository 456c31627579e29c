"""``files/upload_session/append_batch``, ``finish_batch`` with its check, ``finish_batch_v2``."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from ..content.store import Sink
from ..errors import EndpointError, NamespaceBusy, WriteFailed, union
from ..model.sessions import ConcurrentPiece, SessionRefused
from ..transport.call import Call
from .jobs import check_job, launch
from .upload import check_properties, place_session, receive
from .upload_sessions import finish_error, finish_write_error

Wire = dict[str, Any]
_PIECE = 1024 * 1024


async def append_batch(call: Call) -> Wire:
    """Pieces for many sessions in one body, one behind the other.

    The body is spooled first: length and hash concern it as a whole, and a wrong one must leave
    every session untouched.
    """
    entries: list[Wire] = call.arg["entries"]
    spool = call.service.world.store.writer()
    try:
        size = await receive(call, spool, call.arg["content_hash"])
        spool.pause()
        if size != sum(entry["length"] for entry in entries):
            raise EndpointError(union("length_mismatch"))
        return {"entries": _distribute(call, entries, spool.path)}
    finally:
        spool.discard()


def _distribute(call: Call, entries: list[Wire], path: Path) -> list[Wire]:
    results: list[Wire] = []
    start = 0
    path.touch()  # a batch of empty pieces has no bytes at all
    with path.open("rb") as source:
        for entry in entries:
            try:
                source.seek(start)
                _append_from(call, entry, source)
                results.append({".tag": "success"})
            except SessionRefused as refused:
                results.append({".tag": "failure", "failure": refused.wire()})
            start += entry["length"]
    return results


def _append_from(call: Call, entry: Wire, source: IO[bytes]) -> None:
    cursor, length, close = entry["cursor"], entry["length"], entry["close"]
    session = call.service.world.sessions.get(cursor["session_id"], call.account.id)
    session.check_append(cursor["offset"], length, close)
    if session.concurrent:
        piece = ConcurrentPiece(session, cursor["offset"])
        try:
            _copy(source, piece, length)
            piece.settle(close)
        finally:
            piece.close()
    else:
        _copy(source, session.writer, length)
        session.writer.pause()
        session.closed = close


def _copy(source: IO[bytes], sink: Sink, length: int) -> None:
    while length > 0:
        data = source.read(min(_PIECE, length))
        sink.write(data)
        length -= len(data)


async def finish_batch_v2(call: Call) -> Wire:
    """Commit many closed sessions under one hold of the write lock."""
    entries: list[Wire] = call.arg["entries"]
    try:
        if call.fault is not None and call.fault.kind == "write_lock":
            raise NamespaceBusy
        async with call.service.locks.writing(call.view().namespace):
            return {"entries": [_finish(call, entry) for entry in entries]}
    except NamespaceBusy:
        busy = {".tag": "failure", "failure": union("too_many_write_operations")}
        return {"entries": [busy for _ in entries]}


def _finish(call: Call, entry: Wire) -> Wire:
    try:
        check_properties(entry["commit"])
        session = call.service.world.sessions.get(entry["cursor"]["session_id"], call.account.id)
        session.check_finish(entry["cursor"]["offset"])
        if not session.closed:
            raise SessionRefused("not_closed")
        return {".tag": "success", **place_session(call, session, entry["commit"])}
    except SessionRefused as refused:
        return {".tag": "failure", "failure": finish_error(refused)}
    except WriteFailed as failure:
        return {".tag": "failure", "failure": finish_write_error(failure)}
    except EndpointError as failure:
        return {".tag": "failure", "failure": failure.error}


def finish_batch(call: Call) -> Wire:
    """The older, asynchronous form."""

    async def work() -> Wire:
        return {".tag": "complete", **await finish_batch_v2(call)}

    return launch(call, "finish_batch", work())


HANDLERS = {
    "files/upload_session/append_batch": append_batch,
    "files/upload_session/finish_batch": finish_batch,
    "files/upload_session/finish_batch_v2": finish_batch_v2,
    "files/upload_session/finish_batch/check": check_job("finish_batch"),
}
