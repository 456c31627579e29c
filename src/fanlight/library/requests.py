"""What is asked of the library, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Literal

from fanlight.model import Asset, Channel, Visibility

if TYPE_CHECKING:
    from fanlight.library.naming import Naming
    from fanlight.storage.base import Body

Duplicates = Literal["store", "link"]


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """One upload, but for its bytes. Names and folders may be as they came from the client."""

    name: str
    folder: str = ""
    """Left out: the directory part of the name or, for an actor bound to a folder, that folder."""
    naming: Naming | str | None = None
    channel: str | None = None
    """Id or name; `None` for the default."""
    media_type: str | None = None
    """What the client says it is; believed only where neither bytes nor name tell."""
    size: int | None = None
    """Announced bytes; another number of them is refused."""
    visibility: Visibility = Visibility.PUBLIC
    duplicates: Duplicates | None = None
    modified_at: datetime | None = None
    expires_at: datetime | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A stored and visible asset."""

    asset: Asset
    linked: bool
    """Whether the channel had these bytes already, so that they were not kept twice."""
    channel: Channel


@dataclass(frozen=True, slots=True)
class Opened:
    """An asset with its open bytes; `body` must be closed."""

    asset: Asset
    body: Body


@dataclass(slots=True)
class Report:
    """What a reconciliation did with the intents whose processes are gone."""

    finished: int = 0
    """Uploads whose object was there and that are visible now."""
    moved: int = 0
    deleted: int = 0
    dropped: int = 0
    """Those that had come to nothing."""
    left: int = 0
    """Those that must wait, because their storage could not be asked."""


@dataclass(slots=True)
class IndexReport:
    """What reading a channel brought into the catalogue."""

    seen: int = 0
    added: int = 0
    changed: int = 0
    moved: int = 0
    """Objects that are in another place, or have another name."""
    missing: int = 0
    back: int = 0
    """Objects that were missing and are there again."""
    failed: int = 0
    """Objects that could not be read; the next run tries again."""


class Keep(Enum):
    """The default of what may be changed to `None` and may be left alone."""

    KEEP = "keep"


KEEP = Keep.KEEP
