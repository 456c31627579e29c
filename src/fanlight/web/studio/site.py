"""By which addresses this site is known, and where services send its owner back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request


def here_of(request: Request) -> str:
    """Scheme and host of the address in use: the browser keeps its session there only."""
    host = request.headers.get("host") or "localhost"
    return f"{request.scope['scheme']}://{host}"


def redirect_uri(origin: str, provider: str) -> str:
    """Where a service sends the owner back to."""
    return f"{origin}/api/oauth/{provider}/callback"
