"""Which pages may embed public originals, told by the `Referer` header and exact host names."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fanlight.delivery.representation import Rules


def normal_hosts(hosts: Iterable[str]) -> frozenset[str]:
    """Host names as browsers send them: lower case, other scripts in their ASCII form."""
    normal: set[str] = set()
    for host in hosts:
        normal.add(host.lower())
        with suppress(UnicodeError):
            normal.add(host.lower().encode("idna").decode("ascii"))
    return frozenset(normal)


def may_embed(referer: str, host: str, rules: Rules) -> bool:
    """Whether a page at `referer` may show what was asked for at `host`.

    The server's own host always may. A listed host matches with every port, a listed
    `host:port` with that port only. What cannot be read may not.
    """
    if not referer:
        return rules.referer_missing
    try:
        parts = urlsplit(referer)
        name, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not name:
        return False
    return name in rules.referers or f"{name}:{port}" in rules.referers or name == _host_name(host)


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
