"""The public addresses of an asset: written for people, read from requests.

`/a/<asset id>[.<ext>]` never changes; `/file/<alias>` is readable and compatible with image-bed
clients. The extension after an id is decoration. With `?v=<version>` an address names bytes that
never change, so it may be kept for ever. `/a/<asset id>/<preset>[.<ext>]` is a picture of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from fanlight.errors import BadName
from fanlight.pictures.forms import SIZED_BY, taken

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
_SIZED = re.compile(rb"(?:^|&)(?:%s)=" % "|".join(SIZED_BY).encode())


class Address(NamedTuple):
    """What a request asks for: an asset by its id, or by an alias."""

    name: str
    stable: bool
    preset: str = ""
    """The picture of it that is asked for, as it stands after the id."""


def stable(asset: Asset, *, lasting: bool = False) -> str:
    """The address that never changes. `lasting`: of these very bytes, cacheable for ever."""
    _, dot, extension = asset.alias.rpartition("/")[2].rpartition(".")
    clean = f".{quote(extension, safe='')}" if dot and len(extension) <= 16 else ""
    return f"/a/{asset.id}{clean}" + (f"?v={asset.version}" if lasting else "")


def picture(asset: Asset, preset: str, *, lasting: bool = False) -> str:
    """The address of a picture of an asset, by the name of its preset."""
    return f"/a/{asset.id}/{preset}" + (f"?v={asset.version}" if lasting else "")


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
        name, slash, preset = path[len(STABLE) :].partition("/")
        if slash:
            return Address(name, True, preset) if preset and _ID.fullmatch(name) else None
        name = name.partition(".")[0]
        return Address(name, stable=True) if _ID.fullmatch(name) else None
    alias = normalize("NFC", path[len(READABLE) :])
    return Address(alias, stable=False) if alias else None


def is_sized(parameters: bytes) -> bool:
    """Whether the parameters of an address ask for a picture in another size."""
    return bool(parameters) and _SIZED.search(parameters) is not None


def is_picture(raw: bytes, parameters: bytes) -> bool:
    """Whether an address asks for a picture of an asset: by a preset, or in some size."""
    return is_sized(parameters) or (raw.startswith(STABLE) and raw.find(b"/", len(STABLE)) > 0)


def kept_as(raw: bytes, parameters: bytes, accept: bytes) -> bytes:
    """Under what a request's link is kept: the path, and which picture of it is wanted by whom.

    `accept` is the header of that name. This is the hot path.
    """
    if not is_picture(raw, parameters):
        return raw
    takes = taken(accept)
    size = parameters if is_sized(parameters) else b""
    return b"%b?%b %d%d" % (raw, size, takes.webp, takes.avif)


def query(parameters: bytes) -> dict[str, str]:
    """The parameters of the address; of repeated ones the last."""
    try:
        found = parse_qsl(parameters.decode("latin-1"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return dict(found)
