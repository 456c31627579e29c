"""Keeping other people's content from acting on our origin.

Everything is served with `nosniff` and a sandboxing policy. Types that can act (documents with
script or links to resources) are downloaded unless the owner chose to show them, and stay in the
sandbox then. Scripts lose their type: a page of ours that was tricked into naming one, or a
service worker registration, must find plain text.
"""

from __future__ import annotations

import re

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_PARAMETER = re.compile(r";\s*charset=[A-Za-z0-9._-]+", re.ASCII)
_ACTIVE = frozenset(
    {
        "application/mathml+xml",
        "application/pdf",
        "application/x-mimearchive",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "message/rfc822",
        "multipart/related",
        "multipart/x-mixed-replace",
        "text/html",
        "text/xml",
        "text/xsl",
    }
)
_SCRIPT = re.compile(r"(text|application)/(x-)?(java|ecma|j|live)script[0-9.]*")

POLICY = (
    "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self' data:; "
    "style-src 'unsafe-inline'; font-src data:"
)
"""No script, no forms, no frames, no origin; just enough for a browser to show the thing itself."""


def served_type(media_type: str) -> str:
    """The `Content-Type` to send: well formed, no script, text with a charset."""
    essence, _, _ = media_type.partition(";")
    essence = essence.strip().lower()
    if not _TYPE.fullmatch(essence):
        return "application/octet-stream"
    if _SCRIPT.fullmatch(essence):
        essence = "text/plain"
    charset = _PARAMETER.search(media_type)
    if charset:
        return f"{essence}; charset={charset[0].rpartition('=')[2]}"
    if essence.startswith("text/") and not is_active(essence):
        return f"{essence}; charset=utf-8"
    return essence


def is_active(media_type: str) -> bool:
    """Whether a browser that opens it might let it act."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence in _ACTIVE or essence.endswith("+xml")


def is_download(media_type: str, inline_active: frozenset[str]) -> bool:
    """Whether it must be saved instead of shown. `inline_active`: what the owner lets show."""
    essence = media_type.partition(";")[0].strip().lower()
    return is_active(essence) and essence not in inline_active
