"""Addresses of bytes: temporary links, and one-time upload links."""

from __future__ import annotations

import mimetypes
from urllib.parse import quote

from aiohttp.web import Response, StreamResponse

from ..errors import LookupFailed, Refusal, WriteFailed
from ..model.links import TemporaryLink, UploadLink
from ..model.sessions import Session
from ..model.writing import Commit, Content, Writer
from ..routes.upload import MAX_BODY
from ..transport.bodies import Span, send_bytes, send_span
from ..transport.dispatch import not_modified
from ..transport.ranges import Unsatisfiable, parse_range
from ..transport.replies import base_headers
from .page import Page, page


async def get(page: Page) -> StreamResponse:
    """The bytes of a temporary link; Range works; 410 when it is over."""
    world = page.service.world
    link = world.links.temporary.get(page.found["link"])
    if link is None:
        return page.text("Not found.", 404)
    if link.expires <= world.clock.now():
        return page.text("Gone: this link has expired.", 410)
    return await _send(page, link, page.found["how"] == "attachment")


async def _send(page: Page, link: TemporaryLink, attachment: bool) -> StreamResponse:
    world = page.service.world
    entry = world.trees[link.tree].by_rev[link.rev]
    headers = base_headers(content_type(link.name))
    headers["ETag"] = f'"{entry.rev}"'
    headers["Accept-Ranges"] = "bytes"
    headers["Cache-Control"] = "max-age=60"
    headers["Access-Control-Allow-Origin"] = "*"
    disposition = "attachment" if attachment else "inline"
    headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(link.name)}"
    headers["Content-Security-Policy"] = "sandbox"
    if not_modified(page.request, headers["ETag"]):
        return await send_bytes(page.request, page.record, 304, headers, b"")
    status, span = 200, Span(world.store.path(entry.blob), 0, entry.size)
    try:
        part = parse_range(page.request.headers.get("Range"), entry.size)
    except Unsatisfiable:
        headers["Content-Range"] = f"bytes */{entry.size}"
        return await send_bytes(page.request, page.record, 416, headers, b"")
    if part is not None:
        headers["Content-Range"] = f"bytes {part[0]}-{part[0] + part[1] - 1}/{entry.size}"
        status, span = 206, Span(span.path, *part)
    return await send_span(page.request, page.record, status, headers, span, page.delivery)


def content_type(name: str) -> str:
    """Media type by extension."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


async def put(page: Page) -> StreamResponse:
    """Take the one file of an upload link; answers its content hash."""
    world = page.service.world
    link = world.links.uploads.get(page.found["link"])
    if link is None or link.used or link.expires <= world.clock.now():
        return _cors(page.text("Gone: this link was used or has expired.", 410))
    if page.request.headers.get("Content-Type") != "application/octet-stream":
        return _cors(page.text("Content-Type must be application/octet-stream.", 400))
    session = world.sessions.start(link.account, 3600)
    try:
        async for chunk in page.body.chunks():
            session.writer.write(chunk)
            if session.size > MAX_BODY:
                return _cors(page.text("The file is too large.", 413))
        return _cors(_commit(page, link, session))
    except (WriteFailed, LookupFailed, Refusal) as failure:
        return _cors(page.text(f"conflict: {failure}", 409))
    finally:
        if not link.used:
            world.sessions.drop(session)


def _commit(page: Page, link: UploadLink, session: Session) -> Response:
    world = page.service.world
    account, app = world.accounts[link.account], world.apps[link.app]
    view, path = world.app_view(account, app, link.namespace).target(link.commit["path"])
    used, quota = world.space(account)
    writer = Writer(
        view.tree, world.clock.stamp(), max(0, quota - used), page.service.settings.autorename_first
    )
    content = Content(session.hexdigest(), session.size)
    writer.commit(path, content, Commit.from_arg(link.commit))
    world.sessions.finished(session)
    link.used = True
    return page.json({"content-hash": content.blob})


async def preflight(page: Page) -> StreamResponse:
    """A browser asks before it posts."""
    return _cors(page.text(""))


def _cors(reply: Response) -> Response:
    reply.headers["Access-Control-Allow-Origin"] = "*"
    reply.headers["Access-Control-Allow-Headers"] = "Content-Type"
    reply.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
    return reply


ROUTES = (
    page(
        "dl/get",
        "dl",
        "GET HEAD",
        r"/cd/0/(?P<how>get|inline|attachment)/(?P<link>[^/]+)(/.*)?",
        get,
    ),
    page("content/upload_link", "content", "POST", r"/apitul/1/(?P<link>[^/]+)", put),
    page("content/upload_link", "content", "OPTIONS", r"/apitul/1/(?P<link>[^/]+)", preflight),
)
