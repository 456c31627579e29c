"""Who really asks, and under which id this request is logged.

The address and scheme that front servers report are believed only when the connection itself comes
from a configured one; anybody else could write those headers.
"""

from __future__ import annotations

import re
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING

from structlog.contextvars import bind_contextvars, clear_contextvars

from fanlight.web.incoming import header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fanlight.web.types import ASGIApp, HttpScope, Message, Receive, Send

Network = IPv4Network | IPv6Network

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Context:
    """Sets `state["request_id"]`, `client` and `scheme`; answers with `X-Request-Id`."""

    def __init__(self, app: ASGIApp, *, proxies: Sequence[Network]) -> None:
        self._app = app
        self._proxies = tuple(proxies)

    async def __call__(self, scope: HttpScope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = ""
        if self._proxies and self._trusted(client_address(scope)):
            given = header(scope, b"x-request-id")
            self._believe(scope)
        request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        clear_contextvars()
        bind_contextvars(request_id=request_id)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, answer)

    def _believe(self, scope: HttpScope) -> None:
        """Take scheme and address from the front server; the address is the last untrusted one."""
        scheme = header(scope, b"x-forwarded-proto").rpartition(",")[2].strip().lower()
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
        for hop in reversed(header(scope, b"x-forwarded-for").split(",")):
            address = hop.strip().strip("[]")
            if not _is_address(address):
                return
            scope["client"] = (address, 0)
            if not self._trusted(address):
                return

    def _trusted(self, address: str) -> bool:
        if not _is_address(address):
            return False
        parsed = ip_address(address)
        return any(parsed in network for network in self._proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def client_address(scope: HttpScope) -> str:
    """The address of whoever asks, `""` where the server does not know."""
    client = scope.get("client")
    return str(client[0]) if client else ""
