"""The seam between Fanlight and other people's services.

A provider translates our operations into the service's calls, and its failures into our errors;
nothing else. Retries, time-outs, limits, checksums, logging and slow fallbacks live once, in
`store.Store`, which is what everyone else holds.

Every provider is a `Provider` (read only). What only some can do are the small ability protocols
below; `Store` asks for them by type. Facts are `Traits`. `tests/contract/` is the specification.

Paths are relative to the channel's root, use `/`, and are in NFC; `""` is the root itself.
A *locator* is the provider's opaque handle for one object or folder (for providers addressed by
path it is the path as the service holds it, which need not be in NFC). Errors raised are those
under `errors.StorageError`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable
from unicodedata import normalize

from fanlight.errors import BadRange
from fanlight.model import Account, Finding, Quota


class Addressing(StrEnum):
    """How a provider names objects."""

    PATH = "path"
    HANDLE = "handle"


class Digest(Protocol):
    """A running checksum, shaped like those of `hashlib`."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...

    def hexdigest(self) -> str:
        """The checksum so far, lower-case hex."""
        ...


@dataclass(frozen=True, slots=True)
class Traits:
    """Facts about a provider that callers plan by."""

    addressing: Addressing = Addressing.PATH
    largest: int | None = None
    """Largest object in bytes, `None` for no limit."""
    ranges: bool = True
    checksum: str | None = None
    """Kind of checksum that the entry of a put carries, if any: a name that `hashlib` knows, or a
    name of the service's own with `digest`. Entries of `stat` and `list` carry it where it costs
    nothing to know."""
    digest: Callable[[], Digest] | None = None
    """Makes the running checksum of that kind, where `hashlib` has none."""
    case_sensitive: bool = True
    parallel: int = 4
    """How many calls may be in flight at once for one account."""
    piece: int = 1 << 20
    """Size of a piece on its way up, in bytes; only the last one is smaller."""
    atomic: bool = True
    """Whether an object appears whole or not at all."""
    takes_paths: bool = False
    """Whether a path may stand wherever a locator is asked for, although objects have handles."""
    tidies: bool = True
    """Whether folders that a deletion leaves empty go with it."""
    puts: int | None = None
    """How many puts may be under way at once; `None` for as many as `parallel`."""
    takes_turns: bool = False
    """Whether an account takes one change at a time, so that all who change it take turns."""
    together: int = 1
    """How many objects one commit of `PutsMany`, or one call of the other many, takes at most."""
    together_bytes: int = 1 << 24
    """How many bytes one `send_many` takes; a single body may have as many as a piece."""
    previews: int = 1
    """How many previews one call gives, at most."""

    def key(self, path: str) -> str:
        """The form in which paths are compared: equal for what is one name to the service."""
        path = normalize("NFC", path)
        return path if self.case_sensitive else normalize("NFC", path.lower())


@dataclass(frozen=True, slots=True)
class Checksum:
    """A digest of an object's bytes, in the provider's kind; `value` is lower-case hex."""

    kind: str
    value: str

    def __str__(self) -> str:
        """As the catalogue keeps it."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a provider's listing: an object, or a folder (`size` 0, no version)."""

    locator: str
    path: str
    size: int
    version: str
    """Changes whenever the bytes may have changed; opaque."""
    modified_at: datetime
    folder: bool = False
    checksum: Checksum | None = None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a listing. `cursor` continues it; `None` says it is complete."""

    entries: tuple[Entry, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """What was at `path`, and everything below it, is not there any more.

    Where the service does not tell names apart by case, the path may come in lower case.
    """

    path: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A page of what there is, or of what has changed, to be applied in its order.

    An entry is there now; an object that was moved, renamed or edited comes with the locator it
    had (where addressing is by handle), and with its new path and version.
    """

    changes: tuple[Entry | Gone, ...]
    cursor: str
    """Continues it: after the last page, with what changes from then on."""
    more: bool
    """Whether there is more to be had at once. A page may be empty and not the last."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of waiting for a change."""

    changed: bool
    pause: float = 0.0
    """Seconds to wait before watching again, because the service asks for it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A byte range: `start` up to, not including, `stop`; `stop=None` means to the end."""

    start: int = 0
    stop: int | None = None


def cut(span: Span | None, size: int) -> tuple[int, int]:
    """What a span means for an object of `size` bytes, as (start, stop). BadRange if no byte.

    The whole of an empty object is readable, as zero bytes; every other span of it is not.
    """
    if span is None or span == Span():
        return 0, size
    stop = size if span.stop is None else min(span.stop, size)
    if not 0 <= span.start < stop:
        raise BadRange
    return span.start, stop


@dataclass(frozen=True, slots=True)
class Check:
    """What a provider says about itself: whose account, what is allowed, what is wrong."""

    account: str
    writable: bool
    findings: tuple[Finding, ...] = ()
    who: Account | None = None
    """Whom the connection speaks for, where there is such a person."""


class Ability(StrEnum):
    """What a channel can do beyond reading.

    `Store.can` counts slow fallbacks too, except for what is about many or about speed.
    """

    PUT = "put"
    DELETE = "delete"
    MOVE = "move"
    COPY = "copy"
    QUOTA = "quota"
    PATH = "path"
    CHANGES = "changes"
    WATCH = "watch"
    RING = "ring"
    MANY = "many"
    MOVE_MANY = "move-many"
    DELETE_MANY = "delete-many"
    RESTORE = "restore"
    RESUME = "resume"
    PREVIEW = "preview"
    LINK = "link"


class Body(Protocol):
    """Open bytes of one object, pinned to one version.

    Iterate once. Always `aclose`: it also cancels what is still on its way.
    """

    entry: Entry
    start: int
    stop: int

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None:
        """Stop reading and free what is held. May be called twice."""
        ...


class Provider(Protocol):
    """The required core: reading."""

    traits: Traits

    async def check(self) -> Check:
        """Try the connection for real and say what was found. Raises only on our own faults."""
        ...

    async def list(self, folder: str, cursor: str | None = None) -> Listing:
        """One page of what lies directly in a folder, in a stable order.

        `folder` is the locator of a folder's entry, or `""` for the root. What is there all the
        while is listed exactly once, whatever else changes. ObjectMissing if there is no folder.
        """
        ...

    async def stat(self, locator: str) -> Entry:
        """The entry of one object. ObjectMissing, BadLocator."""
        ...

    async def open(
        self, locator: str, span: Span | None = None, version: str | None = None
    ) -> Body:
        """Open for reading.

        A span is cut to the object's size; one that starts at or after the end raises BadRange
        (of an empty object only a span from 0 to the end is readable, as zero bytes).
        With `version` the bytes are of that version or ObjectChanged is raised, also when the
        change happens in the middle.
        """
        ...

    async def close(self) -> None:
        """Free connections. May be called twice."""
        ...


@runtime_checkable
class Puts(Protocol):
    """Can store an object."""

    async def put(
        self,
        path: str,
        body: AsyncIterator[bytes],
        *,
        ticket: str,
        size: int | None = None,
        modified_at: datetime | None = None,
        overwrite: bool = False,
    ) -> Entry:
        """Store `body` at `path`, whole or not at all, durable when this returns.

        Folders on the way are made. `ticket` names this try, so that `discard` can find what a
        crash left of it. If `size` is given and the body differs, Incomplete is raised. The
        entry's checksum is computed from what was stored, not from what was passed in. Raises
        AlreadyExists unless `overwrite`, ReadOnly, StorageFull, BadLocator. If the body raises,
        the error goes through and nothing is left.
        """
        ...

    async def discard(self, ticket: str) -> None:
        """Remove what an interrupted `put` with this ticket left. Nothing there is fine."""
        ...


@dataclass(frozen=True, slots=True)
class Commit:
    """What makes an object of bytes that the service already holds in a session."""

    session: str
    size: int
    path: str
    modified_at: datetime | None = None
    overwrite: bool = False


@runtime_checkable
class Resumes(Protocol):
    """Can take an object piece by piece, over many connections and over a restart of ours.

    A session is the service's name for bytes that are nobody's object yet. One that is never
    committed goes away by itself.
    """

    async def begin(self) -> str:
        """Open a session."""
        ...

    async def send(self, session: str, start: int, piece: bytes, *, last: bool) -> None:
        """Give it a piece (`traits.piece` long, but for the last one).

        Pieces may come in any order and at once, except the last, which comes when all others are
        there. To send one again changes nothing; nor does any piece after the last. An empty one
        only asks for the session. ObjectMissing if there is no such session.
        """
        ...

    async def commit(self, commit: Commit) -> Entry:
        """Make it an object, as `put` would. ObjectMissing if there is no such session."""
        ...


@runtime_checkable
class Deletes(Protocol):
    """Can remove an object."""

    async def delete(self, locator: str) -> None:
        """Remove it, and (see `traits.tidies`) folders that this leaves empty.

        ObjectMissing, ReadOnly.
        """
        ...


@runtime_checkable
class Moves(Protocol):
    """Can move an object without transferring it."""

    async def move(self, locator: str, path: str) -> Entry:
        """Move to `path`; AlreadyExists if something is there. Also changes only of case."""
        ...


@runtime_checkable
class Copies(Protocol):
    """Can copy an object without transferring it."""

    async def copy(self, locator: str, path: str) -> Entry:
        """Copy to `path`; AlreadyExists if something is there."""
        ...


@runtime_checkable
class Restores(Protocol):
    """Can bring back what was deleted there."""

    async def restore(self, path: str, version: str) -> Entry:
        """The object that was at `path` last, as it was in that version.

        ObjectMissing if the service has it no more; AlreadyExists if something is there now.
        """
        ...


@runtime_checkable
class Quotas(Protocol):
    """Can say how much space there is."""

    async def quota(self) -> Quota:
        """Ask now."""
        ...


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of an object, made by the service."""

    media_type: str
    data: bytes
    version: str
    """Of the object that it shows."""


@runtime_checkable
class Previews(Protocol):
    """Can give small pictures of objects that it made itself."""

    async def previews(self, locators: Sequence[str], edge: int) -> Sequence[Preview | None]:
        """One for each object, or `None` where the service has none, in the same order.

        `edge` is how long the longer edge should be, in pixels; it may come out somewhat longer.
        At most `traits.previews` objects at once.
        """
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """An address at the service that gives an object's bytes to whoever has it."""

    url: str
    until: datetime
    version: str
    """Of the object that it gives."""


@runtime_checkable
class Links(Protocol):
    """Can give an address that works without us for a while."""

    async def link(self, locator: str) -> Link:
        """A new one. Services limit how much may flow through these. ObjectMissing."""
        ...


@runtime_checkable
class Changes(Protocol):
    """Can list everything below the root at once, and later what has changed since."""

    async def changes(self, cursor: str | None = None) -> Delta:
        """All there is, folders too, page by page; then, from the last cursor on, what changed.

        Nothing that happens while the pages are read is lost: what they missed comes after them.
        What did not change may come again. A cursor stays good for long and over restarts;
        CursorLost if the service has forgotten it. ObjectMissing if the root is not there.
        """
        ...

    async def latest(self) -> str:
        """The cursor of this moment, without what is there. ObjectMissing as for `changes`."""
        ...


@runtime_checkable
class Watches(Protocol):
    """Can wait for a change. Only together with Changes."""

    async def watch(self, cursor: str) -> Watched:
        """Return when something has changed since a cursor of `changes` that had no `more`.

        Returns without a change after some minutes at most. It keeps its own time, and may be
        cancelled. CursorLost.
        """
        ...


@runtime_checkable
class Rings(Protocol):
    """Is called from outside when something has changed. Only together with Changes."""

    def rung(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a call is the service's own and about this account.

        `headers` have lower-case names, `body` is as it came: a signature is over it. Never
        raises for what a stranger sends.
        """
        ...


@runtime_checkable
class Paths(Protocol):
    """Keeps objects as plain local files, which a server may send by itself."""

    def local_path(self, locator: str) -> Path:
        """The absolute path, checked to be inside the root. BadLocator."""
        ...

    def local_version(self, path: Path) -> str:
        """The version of what is at `path` right now, as `Entry.version`. ObjectMissing."""
        ...

    def local_version_of(self, found: os.stat_result) -> str:
        """The same from a `stat` or `fstat` that the caller has made; costs no system call."""
        ...
