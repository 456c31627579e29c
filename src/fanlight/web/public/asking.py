"""Reading a request for an asset into a wish."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fanlight.delivery.addresses import STABLE, query
from fanlight.delivery.conditions import NONE, Conditions
from fanlight.delivery.decide import Wish

if TYPE_CHECKING:
    from fanlight.delivery.known import Key
    from fanlight.web.types import HttpScope

_CONDITIONS = {
    b"if-match": "match",
    b"if-none-match": "none_match",
    b"if-modified-since": "modified_since",
    b"if-unmodified-since": "unmodified_since",
    b"if-range": "range_",
}
ASKED = frozenset({*_CONDITIONS, b"range"})
"""The headers that a decision depends on..."""
ASKED_WITH_REFERER = ASKED | {b"referer", b"host"}
"""...and those where it matters which page asks."""

_FROM_WHERE = frozenset({b"sec-fetch-site", b"sec-fetch-mode"})


def raw_path(scope: HttpScope) -> bytes:
    """The path as it came; made up from the decoded one where the server does not tell."""
    raw: bytes | None = scope.get("raw_path")
    return quote(str(scope["path"])).encode() if raw is None else raw


def key_of(scope: HttpScope, raw: bytes, asked: frozenset[bytes]) -> Key:
    """The request as far as a decision depends on it. `asked`: the headers that matter."""
    return (
        raw,
        scope["query_string"],
        tuple([header for header in scope["headers"] if header[0] in asked]),
    )


def wish_of(key: Key) -> Wish:
    """What is wanted, apart from the right to it."""
    raw, parameters, headers = key
    found: dict[bytes, str] = {}
    for name, value in headers:
        text = value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    conditions = {field: found[name] for name, field in _CONDITIONS.items() if name in found}
    return Wish(
        stable=raw.startswith(STABLE),
        version=query(parameters).get("v", "") if parameters else "",
        range_=found.get(b"range", ""),
        conditions=Conditions(**conditions) if conditions else NONE,
        referer=found.get(b"referer", ""),
        host=found.get(b"host", ""),
    )


def may_leave(scope: HttpScope) -> bool:
    """Whether the viewer can be sent elsewhere for the bytes.

    Not who only wants the headers; and not what a page shows by our own address, or reads by a
    script: browsers would not let it have the bytes from there.
    """
    if scope["method"] != "GET":
        return False
    said = {name: value for name, value in scope["headers"] if name in _FROM_WHERE}
    return said.get(b"sec-fetch-site") != b"same-origin" and said.get(b"sec-fetch-mode") != b"cors"


def accept_of(scope: HttpScope) -> bytes:
    """Which forms the viewer takes: the `Accept` header, as it came."""
    return b",".join([value for name, value in scope["headers"] if name == b"accept"])
