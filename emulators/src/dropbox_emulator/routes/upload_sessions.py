"""``files/upload_session/start``, ``start_batch``, ``append_v2`` and ``finish``."""

from __future__ import annotations

from typing import Any

from ..errors import EndpointError, WriteFailed, union
from ..model.sessions import ConcurrentPiece, Session, SessionRefused
from ..transport.call import Call
from .upload import check_properties, commit_session, receive

Wire = dict[str, Any]


def _is_concurrent(arg: Wire) -> bool:
    return arg["session_type"] is not None and arg["session_type"].name == "concurrent"


async def start(call: Call) -> Wire:
    """Open a session, with its first bytes if it is sequential."""
    arg, service = call.arg, call.service
    concurrent = _is_concurrent(arg)
    if concurrent and arg["close"]:
        raise EndpointError(union("concurrent_session_close_not_allowed"))
    sessions = service.world.sessions
    session = sessions.start(call.account.id, service.settings.session_lifetime, concurrent)
    try:
        size = await receive(call, session.writer, arg["content_hash"])
        if concurrent and size:
            raise EndpointError(union("concurrent_session_data_not_allowed"))
    except BaseException:
        sessions.drop(session)
        raise
    session.writer.pause()
    session.closed = arg["close"]
    return {"session_id": session.id}


def start_batch(call: Call) -> Wire:
    """Open many empty sessions."""
    service = call.service
    made = [
        service.world.sessions.start(
            call.account.id, service.settings.session_lifetime, _is_concurrent(call.arg)
        )
        for _ in range(call.arg["num_sessions"])
    ]
    return {"session_ids": [session.id for session in made]}


async def append_v2(call: Call) -> None:
    """Add a piece to a session."""
    arg = call.arg
    cursor, close = arg["cursor"], arg["close"]
    try:
        session = call.service.world.sessions.get(cursor["session_id"], call.account.id)
        session.check_append(cursor["offset"], call.request.content_length, close)
        await append(call, session, cursor["offset"], close, arg["content_hash"])
    except SessionRefused as refused:
        raise EndpointError(refused.wire()) from None


async def append(
    call: Call, session: Session, offset: int, close: bool, digest: str | None
) -> None:
    """Receive a piece; one that is refused leaves no trace, nor (by default) one cut short."""
    if session.concurrent:
        piece = ConcurrentPiece(session, offset)
        try:
            await receive(call, piece, digest)
            piece.settle(close)
        finally:
            piece.close()
        return
    mark = session.writer.mark()
    session.busy = True
    try:
        await receive(call, session.writer, digest)
    except BaseException as error:
        if isinstance(error, EndpointError) or not call.service.settings.keep_cut_pieces:
            session.writer.rewind(mark)
        raise
    finally:
        session.writer.pause()
        session.busy = False
    session.closed = session.closed or close


async def finish(call: Call) -> Wire:
    """Commit a session, with its last bytes if it is sequential and open."""
    arg = call.arg
    check_properties(arg["commit"])
    try:
        session = call.service.world.sessions.get(arg["cursor"]["session_id"], call.account.id)
        await _last_bytes(call, session)
    except SessionRefused as refused:
        raise EndpointError(finish_error(refused)) from None
    try:
        return await commit_session(call, session, arg["commit"])
    except WriteFailed as failure:
        raise EndpointError(finish_write_error(failure)) from None


async def _last_bytes(call: Call, session: Session) -> None:
    arg, size = call.arg, call.request.content_length
    session.check_finish(arg["cursor"]["offset"])
    if session.concurrent:
        if size or (size is None and await call.body.read()):
            raise EndpointError(union("concurrent_session_data_not_allowed"))
        return
    if size and session.closed:
        raise SessionRefused("closed")
    if not session.closed:
        await append(call, session, arg["cursor"]["offset"], False, arg["content_hash"])


_FINISH_TAGS = {"concurrent_session_not_closed", "concurrent_session_missing_data"}


def finish_error(refused: SessionRefused) -> Wire:
    """UploadSessionFinishError for a session that cannot be committed."""
    if refused.tag in _FINISH_TAGS:
        return union(refused.tag)
    return {".tag": "lookup_failed", "lookup_failed": refused.wire()}


def finish_write_error(failure: WriteFailed) -> Wire:
    """UploadSessionFinishError for a path that cannot be written."""
    if failure.reason[".tag"] == "too_many_write_operations":
        return union("too_many_write_operations")
    return {".tag": "path", "path": failure.reason}


HANDLERS = {
    "files/upload_session/start": start,
    "files/upload_session/start_batch": start_batch,
    "files/upload_session/append_v2": append_v2,
    "files/upload_session/finish": finish,
}
