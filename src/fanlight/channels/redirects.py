"""Which other redirect URI an owner may have registered, where ours is not.

Services do not say what is registered, but their consent pages take it and refuse everything else.
So the likely ones are tried: other addresses of the site, and what is easily mistyped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from fanlight.model import Finding

MOST = 8
"""How many are tried."""


def likely(ours: str, origins: Iterable[str]) -> tuple[str, ...]:
    """What may be registered in place of ours, most likely first."""
    parts = urlsplit(ours)
    host = parts.netloc
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    scheme = "http" if parts.scheme == "https" else "https"
    found = [
        *(f"{origin.rstrip('/')}{parts.path}" for origin in origins),
        f"{ours}/",
        urlunsplit(parts._replace(scheme=scheme)),
        urlunsplit(parts._replace(netloc=other)),
        urlunsplit(parts._replace(path="")),
        urlunsplit(parts._replace(path="/")),
    ]
    return tuple(one for one in dict.fromkeys(found) if one != ours)[:MOST]


async def compared(
    finding: Finding, ours: str, others: Iterable[str], takes: Callable[[str], Awaitable[bool]]
) -> Finding:
    """The finding with both addresses: the one we send, and the one that is registered."""
    for other in others:
        if await takes(other):
            where = urlsplit(other)
            return replace(
                finding,
                values=(("Fanlight sends", ours), ("Registered there", other), *finding.values),
                steps=(
                    "Compare the two addresses: every letter counts, http and https differ",
                    *finding.steps,
                    f"Or open Fanlight at {where.scheme}://{where.netloc} and connect there",
                ),
            )
    return replace(finding, values=(("Fanlight sends", ours), *finding.values))
