"""One log line for each request that the framework answered, without secrets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import structlog

from fanlight.web.hiding import told
from fanlight.web.middleware.context import client_address

if TYPE_CHECKING:
    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

log = structlog.get_logger("access")

SECRET = frozenset(
    {"authcode", "code", "signature", "token", "password", "csrf", "key", "secret", "access_token"}
)
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")


def redacted(query: bytes) -> str:
    """The query as it may be logged: the value of everything that proves or opens is gone."""
    text = query.decode("latin-1")
    lowered = text.lower()
    if not any(name in lowered for name in SECRET) and "%" not in text:
        return told(text)[:500]
    pairs = parse_qsl(text, keep_blank_values=True)
    shown = [(key, "***" if key.lower() in SECRET else told(value)) for key, value in pairs]
    return urlencode(shown, safe="*/")[:500]


class AccessLog:
    """Logs method, path, status and duration; probes and static answers only when debugging."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        finally:
            say = log.debug if scope["path"].startswith(QUIET) else log.info
            say(
                "request",
                method=scope["method"],
                path=told(scope["path"]),
                query=redacted(scope["query_string"]),
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
                client=client_address(scope),
            )
