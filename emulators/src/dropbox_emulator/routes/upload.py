"""``files/upload``, and what all uploads share: receiving bytes and committing them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from ..content.hashing import ContentHash
from ..content.store import Sink
from ..errors import EndpointError, PlainRefusal, WriteFailed, union
from ..model.sessions import Session
from ..model.writing import Commit, Content
from ..transport.call import Call

Wire = dict[str, Any]
MAX_BODY = 150 * 1024 * 1024


class _Hashed:
    """A sink that also hashes a piece for itself."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self.hash = sink, ContentHash()

    def write(self, data: bytes) -> None:
        self._sink.write(data)
        self.hash.update(data)


async def receive(call: Call, sink: Sink, expected_hash: str | None) -> int:
    """Take the body of a call into a sink; returns its length.

    A body over the limit is read to its end all the same, so that every client sees the answer.
    Raises ``content_hash_mismatch`` and ``payload_too_large``; the caller rewinds.
    """
    declared = call.request.content_length or 0
    if declared > MAX_BODY:
        await _swallow(call.body.chunks())
        raise too_large(call)
    hashed = _Hashed(sink) if expected_hash else None
    target: Sink = hashed or sink
    total = 0
    async for chunk in call.body.chunks():
        total += len(chunk)
        if total <= MAX_BODY:
            target.write(chunk)
    if total > MAX_BODY:
        raise too_large(call)
    if hashed is not None and hashed.hash.hexdigest() != expected_hash:
        raise EndpointError(union("content_hash_mismatch"))
    return total


async def _swallow(chunks: AsyncIterator[bytes]) -> None:
    async for _ in chunks:
        pass


def too_large(call: Call) -> Exception:
    """409 by default; some users report a bare 413."""
    if call.service.settings.too_large_status == 413:
        return PlainRefusal(413, "Request Entity Too Large")
    return EndpointError(union("payload_too_large"))


def check_properties(commit: Wire) -> None:
    """No property templates exist here, so naming one cannot succeed."""
    for group in commit["property_groups"] or ():
        template = group["template_id"]
        reason = union("properties_error", "template_not_found", template_not_found=template)
        raise EndpointError(reason)


async def commit_session(call: Call, session: Session, info: Wire) -> Wire:
    """Write what a session holds; returns FileMetadata. The session stays if this fails."""
    view, path = call.view().target(info["path"])
    async with call.writing(view):
        return place_session(call, session, info, path)


def place_session(call: Call, session: Session, info: Wire, path: str | None = None) -> Wire:
    """The same without taking the lock, for batches that hold it already."""
    view, target = call.view().target(info["path"])
    content = Content(session.hexdigest(), session.size)
    entry = call.writer(view).commit(path or target, content, Commit.from_arg(info))
    call.service.world.sessions.finished(session)
    return view.file_metadata(entry)


async def upload(call: Call) -> Wire:
    """A file in one request. If only the path is at fault, the bytes stay in a session."""
    check_properties(call.arg)
    sessions = call.service.world.sessions
    session = sessions.start(call.account.id, call.service.settings.session_lifetime)
    try:
        await receive(call, session.writer, call.arg["content_hash"])
        return await commit_session(call, session, call.arg)
    except WriteFailed as failure:
        session.writer.pause()
        error = {".tag": "path", "reason": failure.reason, "upload_session_id": session.id}
        raise EndpointError(error) from None
    except BaseException:
        sessions.drop(session)
        raise


HANDLERS = {"files/upload": upload}
