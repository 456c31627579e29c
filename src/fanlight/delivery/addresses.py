"""The public addresses of an asset: written for people, read from requests.

`/a/<asset id>[.<ext>]` never changes; `/file/<alias>` is readable and compatible with image-bed
clients. The extension after an id is decoration. With `?v=<version>` an address names bytes that
never change, so it may be kept for ever.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize
from urllib.parse import quote, unquote_to_bytes

from fanlight.errors import BadName

if TYPE_CHECKING:
    from fanlight.model import Asset

STABLE = b"/a/"
READABLE = b"/file/"
PREFIXES = (STABLE, READABLE)

LONGEST = 4096
"""No alias is longer than this many bytes."""

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Address(NamedTuple):
    """What a request asks for: an asset by its id, or by an alias."""

    name: str
    stable: bool


def stable(asset: Asset, *, lasting: bool = False) -> str:
    """The address that never changes. `lasting`: of these very bytes, cacheable for ever."""
    _, dot, extension = asset.alias.rpartition("/")[2].rpartition(".")
    clean = f".{quote(extension, safe='')}" if dot and len(extension) <= 16 else ""
    return f"/a/{asset.id}{clean}" + (f"?v={asset.version}" if lasting else "")


def readable(alias: str) -> str:
    """The address of an alias, percent-encoded."""
    return f"/file/{quote(alias)}"


def parse(raw: bytes) -> Address | None:
    """Read the path of a request, as it came. `None`: nothing can have this address.

    Raises BadName if it is not well encoded. The caller has checked that it begins with one of
    `PREFIXES`.
    """
    if len(raw) > LONGEST * 3:
        return None
    if _BAD_ESCAPE.search(raw):
        raise BadName("The address is not well encoded.", remedy="Encode % as %25.")
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise BadName("The address is not in UTF-8.", remedy="Encode it as UTF-8.") from None
    if _CONTROL.search(path):
        raise BadName("The address has control characters.")
    if raw.startswith(STABLE):
        name = path[len(STABLE) :].partition(".")[0]
        return Address(name, stable=True) if _ID.fullmatch(name) else None
    alias = normalize("NFC", path[len(READABLE) :])
    return Address(alias, stable=False) if alias else None
