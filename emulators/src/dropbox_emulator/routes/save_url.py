"""``files/save_url``: fetch an address and store what it answers.

The emulator never leaves the machine: only addresses on loopback (which includes its own links)
are fetched; all others end as ``download_failed``.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from ..errors import EndpointError, Refusal, WriteFailed, reported, union
from ..model.sessions import Session
from ..schema import Tag
from ..transport.call import Call
from .jobs import check_job, launch
from .upload import MAX_BODY, place_session

Wire = dict[str, Any]


def save_url(call: Call) -> Wire:
    """Start fetching; always a job."""
    with reported():
        call.view().target(call.arg["path"])
    url: str = call.arg["url"]
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError(union("invalid_url"))

    async def work() -> Wire:
        try:
            return {".tag": "complete", **await _fetch(call, url)}
        except EndpointError as failure:
            return {".tag": "failed", "failed": failure.error}

    return launch(call, "save_url", work())


async def _fetch(call: Call, url: str) -> Wire:
    host = urlsplit(url).hostname or ""
    if not _is_loopback(host):
        raise EndpointError(union("download_failed"))
    sessions = call.service.world.sessions
    session = sessions.start(call.account.id, 3600)
    try:
        await _download(call, url, session)
        info: Wire = {
            "path": call.arg["path"],
            "mode": Tag("add"),
            "autorename": True,
            "strict_conflict": False,
            "client_modified": None,
        }
        return place_session(call, session, info)
    except (aiohttp.ClientError, TimeoutError, Refusal):
        sessions.drop(session)
        raise EndpointError(union("download_failed")) from None
    except WriteFailed as failure:
        sessions.drop(session)
        raise EndpointError({".tag": "path", "path": failure.reason}) from None


async def _download(call: Call, url: str, session: Session) -> None:
    tls = call.service.client_tls or True
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as client,
        client.get(url, allow_redirects=False, ssl=tls) as reply,
    ):
        if reply.status == 404:
            raise EndpointError(union("not_found"))
        if reply.status != 200 or (reply.content_length or 0) > MAX_BODY:
            raise EndpointError(union("download_failed"))
        async for chunk in reply.content.iter_chunked(256 * 1024):
            session.writer.write(chunk)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


HANDLERS = {
    "files/save_url": save_url,
    "files/save_url/check_job_status": check_job("save_url"),
}
