"""What a request can be answered with. Each answer carries its status and finished headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from fanlight.delivery.ranges import Piece
    from fanlight.delivery.representation import Head
    from fanlight.errors import FanlightError


@dataclass(frozen=True, slots=True)
class Whole:
    """200: all bytes."""

    status: ClassVar[int] = 200
    head: Head
    piece: Piece


@dataclass(frozen=True, slots=True)
class Partial:
    """206: one piece."""

    status: ClassVar[int] = 206
    head: Head
    piece: Piece


@dataclass(frozen=True, slots=True)
class Multipart:
    """206: several pieces, each after its own small header."""

    status: ClassVar[int] = 206
    head: Head
    parts: tuple[tuple[bytes, Piece], ...]
    end: bytes


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: the client has these bytes."""

    status: ClassVar[int] = 304
    head: Head


@dataclass(frozen=True, slots=True)
class Redirect:
    """302: the asset is at another alias now."""

    status: ClassVar[int] = 302
    alias: str


@dataclass(frozen=True, slots=True)
class Away:
    """302: the bytes are to be had from the provider itself, for a while."""

    status: ClassVar[int] = 302
    head: Head


@dataclass(frozen=True, slots=True)
class Missing:
    """404: there is nothing, or nothing that may be known."""

    status: ClassVar[int] = 404
    error: FanlightError


@dataclass(frozen=True, slots=True)
class Refused:
    """403: known, but not for this viewer or this page."""

    status: ClassVar[int] = 403
    error: FanlightError


@dataclass(frozen=True, slots=True)
class Gone:
    """410: its time, or the signature's, is over."""

    status: ClassVar[int] = 410
    error: FanlightError


@dataclass(frozen=True, slots=True)
class Unmet:
    """412: `If-Match` or `If-Unmodified-Since` does not hold."""

    status: ClassVar[int] = 412
    head: Head


@dataclass(frozen=True, slots=True)
class BadRange:
    """416: no byte lies in the range."""

    status: ClassVar[int] = 416
    head: Head


Closed = Missing | Refused | Gone
Sent = Whole | Partial | Multipart
Repeatable = Whole | Partial | NotModified
Answer = Sent | NotModified | Redirect | Away | Closed | Unmet | BadRange
