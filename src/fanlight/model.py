"""The nouns: frozen records and enums that every ring shares.

A record is a value: it is read from the catalogue or a provider, passed along and never changed
in place (`dataclasses.replace` makes the changed one). Words are defined in `docs/concepts.md`.
Times are aware UTC datetimes, sizes are bytes, paths use `/`, are relative and in NFC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypedDict, TypeVar

from fanlight.errors import Forbidden, Unauthenticated

T = TypeVar("T")


# --- assets -----------------------------------------------------------------------------------


class Kind(StrEnum):
    """What an asset is to a person, told by its content."""

    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    TEXT = "text"
    OTHER = "other"


class Visibility(StrEnum):
    """Who may see an asset by its link."""

    PUBLIC = "public"
    """Anyone who has the link."""
    PRIVATE = "private"
    """Its owner, and holders of a signed, expiring address."""
    HIDDEN = "hidden"
    """Nobody but the owner; others are told it does not exist."""
    BLOCKED = "blocked"
    """Nobody but the owner; others are told it was blocked."""


@dataclass(frozen=True, slots=True)
class Asset:
    """The catalogue's record of one original. Its id never changes."""

    id: str
    name: str
    """The name shown to people, as it came (`IMG_1234.jpg`)."""
    folder: str
    """The path of its folder, `""` for the top."""
    alias: str
    """The current path it is published under, `folder/name` or what the naming mode made."""
    kind: Kind
    media_type: str
    size: int
    sha256: str
    """Lower-case hex of the bytes; empty as long as nobody has read them."""
    version: int
    """1 for the bytes it was born with; one more each time they change."""
    visibility: Visibility
    owner_id: str | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None = None
    deleted_at: datetime | None = None
    """When it went to the trash; `None` while it is in use."""
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = None
    placeholder: bytes | None = None
    """ThumbHash, about 25 bytes."""
    tags: tuple[str, ...] = ()
    problem: str = ""
    """Why no picture can be made of this version, if it is known: the code of a `PictureError`."""

    @property
    def content(self) -> str:
        """Names the bytes, for tags and pictures: their checksum, or else the version's name."""
        return self.sha256 or f"{self.id}-{self.version}"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on earth a picture was taken: degrees, north and east positive; metres. Private."""

    latitude: float
    longitude: float
    altitude: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the bytes of one version of an asset say about themselves. Empty where they do not.

    Sources: EXIF, IPTC, XMP, the container, and the pixels for `colour` and `placeholder`.
    """

    width: int | None = None
    height: int | None = None
    """Pixels as a person sees it, the orientation applied."""
    orientation: int = 1
    """As EXIF numbers it, 1 to 8."""
    frames: int = 1
    """More than one in a moving picture."""
    duration: float | None = None
    """Seconds, of a video or a moving picture."""
    alpha: bool = False
    """Whether any of it can be seen through."""
    taken_at: datetime | None = None
    """In UTC; where the camera did not say its offset, its clock is taken for UTC."""
    taken_offset: int | None = None
    """Minutes east of UTC that the camera's clock stood at, if it says."""
    camera: str = ""
    lens: str = ""
    exposure: float | None = None
    """Seconds."""
    aperture: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    """Millimetres, as the lens has it."""
    caption: str = ""
    creator: str = ""
    copyright: str = ""
    keywords: tuple[str, ...] = ()
    rating: int | None = None
    """Stars, 0 to 5; -1 is rejected."""
    spot: Spot | None = field(default=None, repr=False)
    colour: str = ""
    """The dominant colour, `#rrggbb`."""
    placeholder: bytes | None = None
    """ThumbHash, about 25 bytes."""


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What is known of one version of an asset: its facts, or why no picture can be made of it."""

    version: int
    facts: Facts
    problem: str = ""
    """The code of a `PictureError`; empty if pictures can be made."""
    message: str = ""
    remedy: str = ""
    """The problem's sentence and next step, for people."""


class PlacementState(StrEnum):
    """What we believe about the bytes at a placement."""

    STORED = "stored"
    MISSING = "missing"
    """The provider says the object is not there (any more)."""
    DELETING = "deleting"
    """On its way out: the object may or may not be there."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an asset's bytes are. One is primary; more are copies."""

    id: str
    asset_id: str
    channel_id: str
    locator: str
    """The provider's handle; only the provider looks inside."""
    version: str
    """The provider's version of the object, for pinned reads."""
    size: int
    state: PlacementState
    primary: bool
    created_at: datetime
    checked_at: datetime
    path: str = ""
    """Where the object is in its channel, in the form in which the provider compares paths."""
    checksum: str = ""
    """`kind:value` of the bytes as the provider sums them up; empty if it does not say."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A path by which an asset can be asked for. Old ones keep redirecting to the current one."""

    path: str
    asset_id: str
    current: bool
    created_at: datetime


class IntentKind(StrEnum):
    """What a process is about to do to storage."""

    STORE = "store"
    MOVE = "move"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Intent:
    """A promise written down before storage is touched, so that a crash leaves a trail.

    The holder renews `lease_until` while it works; whoever finds the lease run out may claim it.
    """

    id: str
    kind: IntentKind
    channel_id: str
    path: str
    """Where the object shall be (store, move) or is (delete)."""
    asset_id: str
    holder: str
    lease_until: datetime
    created_at: datetime
    plan: Mapping[str, object] = field(default_factory=dict[str, object])
    """What is needed to finish: JSON values only."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the library: its path, and how many assets lie directly in it."""

    path: str
    count: int
    below: int = 0
    """How many lie in folders below it."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag and how many assets carry it."""

    name: str
    count: int


class Sort(StrEnum):
    """Orders in which assets are paged; each has an index behind it."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"


class Filters(TypedDict, total=False):
    """Which assets a page, a search or a count is about; without any, all that are in use."""

    folder: str | None
    """What lies directly in this folder; empty: in the top."""
    deep: bool
    """Also what lies below the folder."""
    tag: str | None
    kind: Kind | None
    channel_id: str | None
    """What has a placement in this channel."""
    trashed: bool
    """What lies in the trash instead."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `next` is an opaque cursor, `None` on the last page."""

    items: tuple[T, ...]
    next: str | None = None


# --- channels ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a channel's listing, and then its changes, have been read."""

    channel_id: str
    cursor: str
    """The provider's, opaque; empty before the first page."""
    began_at: datetime | None
    """When the pass through everything began that is not at its end yet; else `None`."""
    seen: int
    """Objects that this pass, or the last one, has come by."""
    read_at: datetime
    """When the last page was written down."""
    whole: bool = False
    """Whether a pass has come to its end: from then on the channel is followed."""

    @property
    def in_part(self) -> bool:
        """Whether it is followed for the folders of galleries alone: nothing else was read."""
        return not self.whole and self.began_at is None


class Severity(StrEnum):
    """How bad a finding is."""

    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


class Remedy(StrEnum):
    """What helps against a finding and can be done by one press of a button."""

    CONNECT = "connect"
    """Send the owner to the service, for the first time or again."""
    EDIT = "edit"
    """Open the channel's own settings."""
    CHECK = "check"
    """Look again."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnosed problem: what it means and what to do, in the owner's words."""

    code: str
    severity: Severity
    meaning: str
    """One sentence."""
    steps: tuple[str, ...] = ()
    where: str = ""
    detail: str = ""
    """What lies behind it, and what still works."""
    values: tuple[tuple[str, str], ...] = ()
    """Labelled texts to compare or to copy, such as the two addresses that differ."""
    remedies: tuple[Remedy, ...] = ()
    """Best first."""
    until: datetime | None = None
    """When it is over by itself; `None`: when it is mended."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Space at a provider, in bytes; `None` where it does not say."""

    used: int | None
    total: int | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a connection speaks for, as the service says."""

    id: str
    name: str
    email: str = ""
    access: str = ""
    """How far the connection reaches there, in words: `App folder`."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One authorised account at a provider.

    `secrets` and `tokens` are open here and sealed in the table.
    """

    id: str
    provider: str
    label: str
    options: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    created_at: datetime
    updated_at: datetime
    tokens: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What the service gave when the owner connected: `refresh`."""
    scopes: tuple[str, ...] = ()
    """What was granted then, sorted."""
    account: Account | None = None
    connected_at: datetime | None = None
    quota: Quota | None = None
    """As it was when somebody last asked."""


@dataclass(frozen=True, slots=True)
class ConnectAttempt:
    """The owner is away at a service to give their consent. Used once, and not for long."""

    id: str
    """The hash of the state that comes back with them."""
    channel_id: str
    bound: str
    """Who began it: only they can end it."""
    redirect_uri: str
    verifier: str = field(repr=False)
    created_at: datetime
    expires_at: datetime


class Passing(StrEnum):
    """How the bytes of a channel's originals get to a viewer."""

    PROXY = "proxy"
    """Through us."""
    REDIRECT = "redirect"
    """From the provider itself, which we send the viewer to, where everybody may see them."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to put and publish from: a connection, a root in it, and its rules."""

    id: str
    name: str
    connection_id: str
    provider: str
    root: str
    uploads: bool
    """Whether new originals may be put here."""
    enabled: bool
    note: str
    created_at: datetime
    updated_at: datetime
    found: Visibility = Visibility.PUBLIC
    """Who may see what an index run found here, until somebody says otherwise."""
    delivery: Passing = Passing.PROXY
    findings: tuple[Finding, ...] = ()
    """Of the last diagnosis."""
    checked_at: datetime | None = None


# --- people -----------------------------------------------------------------------------------


class Role(StrEnum):
    """What a user is to this server."""

    OWNER = "owner"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class User:
    """Someone who can sign in."""

    id: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WebSession:
    """One signed-in browser. The cookie holds a secret of which only the hash is kept."""

    id: str
    user_id: str
    secret_hash: str = field(repr=False)
    user_agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class Scope(StrEnum):
    """What an API token may do."""

    UPLOAD = "upload"
    READ = "read"
    LIST = "list"
    DELETE = "delete"
    MANAGE = "manage"
    """Everything the others allow, and channels, tokens and settings."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A key for programs. The token itself is shown once and only its hash is kept."""

    id: str
    name: str
    owner_id: str | None
    """Whose it is; `None` for one made on the server's own machine before there was an owner."""
    secret_hash: str = field(repr=False)
    hint: str
    """The first characters, to tell tokens apart."""
    scopes: frozenset[Scope]
    channel_id: str | None
    """The only channel it may use, or `None` for all."""
    folder: str | None
    """The only folder (with what is below) it may use, or `None` for all."""
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for the owner's activity list. `data` never holds a secret."""

    id: int
    at: datetime
    action: str
    actor: str
    subject: str
    data: Mapping[str, object]


# --- jobs -------------------------------------------------------------------------------------


class JobState(StrEnum):
    """Where a job is in its life."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Gave up: a permanent error, or no attempts left."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """One run of a task."""

    id: str
    task: str
    arguments: Mapping[str, object]
    state: JobState
    attempts: int
    done: int
    """How many units of work are behind it..."""
    total: int | None
    """...and how many there are, once that is known."""
    message: str
    """The last thing the task said, or why it failed."""
    created_at: datetime
    updated_at: datetime


# --- who acts, and what a link leads to ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for something: a signed-in user, a token, or the server itself.

    Every use case takes one and calls `require` before it does anything.
    """

    name: str
    user_id: str | None = None
    scopes: frozenset[Scope] = frozenset()
    channel_id: str | None = None
    folder: str | None = None
    token: ApiToken | None = None
    """The token it came by; `None` for a signed-in user, an upload code and the server."""

    @property
    def limited(self) -> bool:
        """Whether it is bound to one channel or one folder."""
        return self.channel_id is not None or self.folder is not None

    def may(
        self, scope: Scope, *, folder: str | None = None, channel_id: str | None = None
    ) -> bool:
        """Whether `scope` is granted, there. A place left out is not checked."""
        if scope not in self.scopes and Scope.MANAGE not in self.scopes:
            return False
        if channel_id is not None and self.channel_id not in (None, channel_id):
            return False
        if folder is None or self.folder is None:
            return True
        return folder == self.folder or folder.startswith(f"{self.folder}/")

    def require(
        self, scope: Scope, *, folder: str | None = None, channel_id: str | None = None
    ) -> None:
        """Raise Forbidden (or Unauthenticated for a stranger) unless `may`."""
        if self.may(scope, folder=folder, channel_id=channel_id):
            return
        if not self.scopes:
            raise Unauthenticated
        raise Forbidden(f"This needs the right to {scope.value} here.", code=f"forbidden.{scope}")

    def require_everywhere(self, scope: Scope) -> None:
        """`require` for what concerns the whole server: a limited actor may not do it at all."""
        self.require(scope)
        if self.limited:
            raise Forbidden(
                f"This needs the right to {scope.value} everywhere, not in one channel or folder.",
                code=f"forbidden.{scope}",
            )


NOBODY = Actor("nobody")
SERVER = Actor("server", scopes=frozenset(Scope))


# --- archives ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ArchiveItem:
    """One asset in an archive, as it was when the archive was planned."""

    asset_id: str
    name: str
    """Its name in the archive, with its folder."""
    edge: int = 0
    """Pixels of the longest edge of the rendition that stands for it; 0 for the original."""
    content: str = ""
    """Names the bytes, as an entity tag does; empty as long as they are not made."""
    size: int = 0
    modified: int = 0
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class ArchivePlan:
    """What an archive is made of. Once it is `ready` it never changes: neither do its bytes."""

    id: str
    subject: str
    """For what it was made: only there can it be had."""
    name: str
    """What to save it as."""
    items: tuple[ArchiveItem, ...]
    left_out: tuple[str, ...]
    """Names of what was asked for and cannot be had."""
    created_at: datetime
    expires_at: datetime
    language: str = "en"
    """Of what it says about itself: a tag of BCP 47."""

    @property
    def missing(self) -> int:
        """How many renditions are still to be made."""
        return sum(not item.content for item in self.items)

    @property
    def ready(self) -> bool:
        """Whether everything is there, and the plan stands."""
        return all(item.content for item in self.items)

    @property
    def size(self) -> int:
        """Bytes of all that is in it, as far as they are known."""
        return sum(item.size for item in self.items)


@dataclass(frozen=True, slots=True)
class Link:
    """What an address leads to: an asset in use, and where its bytes can be had, best first."""

    asset: Asset
    placements: tuple[Placement, ...]
    current: bool = True
    """False when it was asked for by an old alias, which redirects to `asset.alias`."""
