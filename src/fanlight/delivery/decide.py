"""The pure decision: what a request for an asset is answered with.

No clock, no storage, no web server: from the wish, the link and the rules to one of the answers
in `answers`. An answer carries the status and the finished headers; doors only render it.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from fanlight.delivery.answers import (
    Away,
    BadRange,
    Gone,
    Missing,
    Multipart,
    NotModified,
    Partial,
    Redirect,
    Refused,
    Unmet,
    Whole,
)
from fanlight.delivery.conditions import NONE, Conditions, Verdict, judge, range_holds
from fanlight.delivery.ranges import Piece, pieces
from fanlight.delivery.referers import may_embed
from fanlight.delivery.representation import Access
from fanlight.delivery.signing import Proof
from fanlight.errors import Expired, Forbidden, NotFound
from fanlight.model import NOBODY, Actor, Scope, Visibility

if TYPE_CHECKING:
    from datetime import datetime

    from fanlight.delivery.answers import Answer, Closed
    from fanlight.delivery.representation import Head, Representation, Rules
    from fanlight.model import Asset, Link
    from fanlight.pictures.making import Beside


@dataclass(slots=True)
class Wish:
    """What one request asks for, and by what right. Empty text stands for "not given"."""

    stable: bool = True
    """Asked for by id, not by alias."""
    version: str = ""
    """`?v=`"""
    range_: str = ""
    conditions: Conditions = NONE
    referer: str = ""
    host: str = ""
    """The host that was asked, as the request names it."""
    proof: Proof = Proof.ABSENT
    viewer: Actor = NOBODY
    may_leave: bool = False
    """Whether the viewer can take the bytes from another server: wants them, and is let to."""
    granted: bool = False
    """A gallery shows the asset to the viewer: whoever may see it by its own link."""
    listed: bool = False
    """The same, of a gallery that search engines may know."""
    taken: bool = False
    """The same, to be saved instead of shown."""
    beside: Beside | None = None
    """What the viewer will look at next, where that is known. Nothing is decided by it."""


def decide(
    wish: Wish,
    link: Link | None,
    shown: Representation | None,
    rules: Rules,
    now: datetime,
    there: str = "",
) -> Answer:
    """Answer `wish`. `shown` describes the bytes as they are in storage now.

    `there` is an address at the provider that gives the same bytes to anybody, if there is one to
    send viewers to. Rights come first, so that nobody learns anything by a redirect or a condition.
    """
    if link is None or shown is None:
        return Missing(NotFound())
    asset = link.asset
    access = admit(wish, link, rules, now)
    if not isinstance(access, Access):
        return access
    if not link.current:
        return Redirect(asset.alias)
    if access is Access.OPEN and wish.version and _names_bytes(wish, asset):
        access = Access.LASTING
    lifetime = None
    if asset.expires_at is not None:
        lifetime = max(0, int((asset.expires_at - now).total_seconds()))
    if wish.conditions is not NONE:
        verdict = judge(wish.conditions, shown.etag, shown.modified)
        if verdict is Verdict.NOT_MODIFIED:
            return NotModified(shown.unchanged(access, lifetime))
        if verdict is Verdict.FAILED:
            return Unmet(shown.unchanged(access, lifetime))
    if wish.range_ and range_holds(
        wish.conditions, shown.etag, shown.modified, int(now.timestamp())
    ):
        ranged = _cut(wish.range_, shown, access, lifetime)
        if ranged is not None and not (there and is_all(ranged, shown)):
            return ranged
    if there and may_be_away(wish, link):
        return Away(_to(there))
    if lifetime is None:
        return Whole(shown.whole(access), Piece(0, shown.size))
    length = (b"content-length", b"%d" % shown.size)
    return Whole(shown.part(access, (length,), lifetime), Piece(0, shown.size))


def is_repeatable(link: Link, *, granted: bool = False) -> bool:
    """Whether the same wish is answered alike until the link changes: no time, no viewer in it."""
    asset = link.asset
    seen = granted or asset.visibility is Visibility.PUBLIC
    return seen and asset.expires_at is None


def is_all(answer: Answer, shown: Representation) -> bool:
    """Whether all bytes are sent, which players also ask for as a range."""
    return isinstance(answer, Whole | Partial) and answer.piece == (0, shown.size)


def may_be_away(wish: Wish, link: Link) -> bool:
    """Whether the provider itself may answer: all may see it, at any time, and this viewer can."""
    return wish.may_leave and link.current and is_repeatable(link)


def admit(wish: Wish, link: Link, rules: Rules, now: datetime) -> Access | Closed:
    """By what right the viewer may see the asset, or why not."""
    asset = link.asset
    if wish.granted:
        return _granted(wish, asset, now)
    own = _is_own(wish.viewer, link)
    if asset.deleted_at is not None or (asset.visibility is Visibility.HIDDEN and not own):
        return Missing(NotFound())
    if asset.expires_at is not None and asset.expires_at <= now:
        return Gone(Expired())
    if asset.visibility is Visibility.PUBLIC:
        if rules.referers and not may_embed(wish.referer, wish.host, rules):
            return Refused(
                Forbidden("This may not be shown on other sites.", code="forbidden.referer")
            )
        return Access.OPEN
    if own:
        return Access.OWN
    if asset.visibility is Visibility.BLOCKED:
        return Refused(Forbidden("This was blocked by the owner.", code="forbidden.blocked"))
    return _by_signature(wish.proof)


def _granted(wish: Wish, asset: Asset, now: datetime) -> Access | Closed:
    """What a gallery shows is there, whatever its visibility, unless it was blocked."""
    if asset.deleted_at is not None or asset.visibility is Visibility.BLOCKED:
        return Missing(NotFound())
    if asset.expires_at is not None and asset.expires_at <= now:
        return Gone(Expired())
    if wish.taken:
        return Access.TAKEN
    return Access.LISTED if wish.listed else Access.GRANTED


def _by_signature(proof: Proof) -> Access | Closed:
    if proof is Proof.VALID:
        return Access.SIGNED
    if proof is Proof.EXPIRED:
        return Gone(Expired())
    if proof is Proof.WRONG:
        return Refused(
            Forbidden("The signature in this address is wrong.", code="forbidden.signature")
        )
    return Refused(Forbidden("This is private.", code="forbidden.private"))


def _is_own(viewer: Actor, link: Link) -> bool:
    if viewer is NOBODY:
        return False
    asset = link.asset
    channel = link.placements[0].channel_id if link.placements else None
    if not viewer.may(Scope.READ, folder=asset.folder, channel_id=channel):
        return False
    return Scope.MANAGE in viewer.scopes or asset.owner_id in (None, viewer.user_id)


def _names_bytes(wish: Wish, asset: Asset) -> bool:
    """Whether `?v=` fixes the bytes.

    A number does only behind an id, since an alias may come to another asset whose number is the
    same; the first 16 digits of the checksum do anywhere.
    """
    if wish.version == asset.sha256[:16]:
        return True
    return wish.stable and wish.version == str(asset.version)


def _cut(
    header: str, shown: Representation, access: Access, lifetime: int | None
) -> Partial | Multipart | BadRange | None:
    found = pieces(header, shown.size)
    if found is None:
        return None
    if not found:
        return BadRange((*shown.unchanged(access, lifetime), _none_of(shown.size)))
    if len(found) == 1:
        piece = found[0]
        more = (
            (b"content-length", b"%d" % (piece.stop - piece.start)),
            (b"content-range", _range_of(piece, shown.size)),
        )
        return Partial(shown.part(access, more, lifetime), piece)
    return _multipart(found, shown, access, lifetime)


def _to(there: str) -> Head:
    """Nobody may keep it, and the provider does not learn where it was linked."""
    return (
        (b"location", there.encode("ascii")),
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-length", b"0"),
    )


def _multipart(
    found: tuple[Piece, ...], shown: Representation, access: Access, lifetime: int | None
) -> Multipart:
    boundary = token_hex(16).encode()
    kind = dict(shown.described)[b"content-type"]
    parts: list[tuple[bytes, Piece]] = []
    length = 0
    for piece in found:
        lead = b"\r\n--%s\r\ncontent-type: %s\r\ncontent-range: %s\r\n\r\n" % (
            boundary,
            kind,
            _range_of(piece, shown.size),
        )
        parts.append((lead, piece))
        length += len(lead) + piece.stop - piece.start
    end = b"\r\n--%s--\r\n" % boundary
    head = shown.part(access, ((b"content-length", b"%d" % (length + len(end))),), lifetime)
    outer = b"multipart/byteranges; boundary=" + boundary
    typed = tuple((name, outer if name == b"content-type" else value) for name, value in head)
    return Multipart(typed, tuple(parts), end)


def _range_of(piece: Piece, size: int) -> bytes:
    return b"bytes %d-%d/%d" % (piece.start, piece.stop - 1, size)


def _none_of(size: int) -> tuple[bytes, bytes]:
    return (b"content-range", b"bytes */%d" % size)
