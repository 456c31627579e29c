"""Headers of visitors' pages: who may frame them, keep them, find them, and learn of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fanlight.web.middleware.headers import CSP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

_FRAMED = b"frame-ancestors 'none'"


def guarded(
    response: Response, *, embedding: Sequence[str] = (), indexed: bool = False
) -> Response:
    """The answer with what protects it. Nothing that is set already is changed.

    Pages run our own scripts alone and ask nobody else for anything; `embedding` names the sites
    that may show them in a frame.
    """
    headers = response.headers
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cache-Control", "private, no-cache" if indexed else "private, no-store")
    if not indexed:
        headers.setdefault("X-Robots-Tag", "noindex")
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", policy(embedding))
    return response


def policy(embedding: Sequence[str]) -> str:
    """The content security policy of a page that these sites may frame."""
    ancestors = " ".join(("'self'", *embedding)) if embedding else "'none'"
    return CSP.replace(_FRAMED, f"frame-ancestors {ancestors}".encode()).decode()
