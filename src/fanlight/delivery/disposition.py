"""The `Content-Disposition` header (RFC 6266), with names in any script (RFC 8187)."""

from __future__ import annotations

import re
from urllib.parse import quote

_PLAIN = re.compile(r"[A-Za-z0-9!#$&+.^_`|~ (),;=@\[\]{}'-]+")
"""What a quoted `filename` holds and every browser reads alike."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls, separators, and marks that make a name read as another (`gpj.exe` as `exe.jpg`)."""
_ATTR = "!#$&+-.^_`|~"
"""Besides letters and digits, what RFC 8187 leaves unescaped."""


def disposition(kind: str, name: str) -> str:
    """The header's value. `kind` is `inline` or `attachment`; `name` is what to save it as."""
    clean = _UNSAFE.sub("_", name.encode("utf-8", "replace").decode("utf-8")).strip()
    if not clean:
        return kind
    if _PLAIN.fullmatch(clean):
        return f'{kind}; filename="{clean}"'
    fallback = "".join(c if _PLAIN.fullmatch(c) else "_" for c in clean)
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{quote(clean, safe=_ATTR)}"
