"""The nouns of galleries: what is shown to whom, and what viewers gave back.

Like `model`, whose records these stand beside: frozen values, aware UTC datetimes. Words are
defined in `docs/concepts.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from fanlight.model import Asset, Facts, Kind

# --- what a gallery is ------------------------------------------------------------------------


class GalleryState(StrEnum):
    """Where a gallery is in its life."""

    DRAFT = "draft"
    """Seen by its owner alone."""
    PUBLISHED = "published"
    """Open to who has the right, between `opens_at` and `closes_at`."""
    ARCHIVED = "archived"
    """Kept with its picks, and closed."""


class Reach(StrEnum):
    """Whom a gallery's own address (`/g/<slug>`) answers."""

    LISTED = "listed"
    """Everybody; it stands on the site's list of galleries, and search engines may know it."""
    UNLISTED = "unlisted"
    """Everybody who has the address."""
    LINKS = "links"
    """Nobody: only share links lead in."""


class CoverStyle(StrEnum):
    """How a gallery begins."""

    FULL = "full"
    """The cover fills the first screen, title upon it."""
    SPLIT = "split"
    """Cover and title side by side; one above the other on a phone."""
    PLAIN = "plain"
    """Title alone."""


class Theme(StrEnum):
    """Light or dark, or as the viewer's device has it."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Layout(StrEnum):
    """How the grid is laid."""

    ROWS = "rows"
    """Justified rows: nothing is cut."""
    MASONRY = "masonry"
    """Columns of one width: nothing is cut."""
    SQUARE = "square"
    """Squares: the middle of each photo."""


class GallerySort(StrEnum):
    """The order of what is in a gallery."""

    NAME = "name"
    """By name, numbers in it as numbers."""
    TAKEN = "taken"
    """By the time it was taken."""
    HAND = "hand"
    """As the owner has put it; what is new comes last."""


class Right(StrEnum):
    """What a viewer may do in a gallery."""

    VIEW = "view"
    PICK = "pick"
    COMMENT = "comment"
    WEB = "web"
    """Download in web size."""
    ORIGINAL = "original"
    """Download the originals."""
    HIDE = "hide"
    """Hide photos from guests: for clients."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a gallery looks."""

    cover: CoverStyle = CoverStyle.FULL
    theme: Theme = Theme.AUTO
    layout: Layout = Layout.ROWS
    accent: str = ""
    """`#rrggbb`; empty for ours."""
    language: str = "en"
    """Of the page's own words: a tag of BCP 47 that there are words for."""
    names: bool = False
    """Whether tiles show the names of photos."""


@dataclass(frozen=True, slots=True)
class Proofing:
    """What a round of picking asks for."""

    stars: bool = False
    flags: bool = False
    """Colour flags."""
    least: int = 0
    most: int = 0
    """How many picks a selection must and may have; 0 for as one likes."""
    most_in_section: int = 0
    """The same for each section by itself."""
    lists: bool = True
    """Whether a visitor may have more than one list."""


@dataclass(frozen=True, slots=True)
class GalleryRules:
    """What is shown, and what may be done."""

    sort: GallerySort = GallerySort.NAME
    backwards: bool = False
    ignored: tuple[str, ...] = ()
    """Patterns of names that are left out, as shells have them: `*_draft.*`."""
    pairs: bool = True
    """Whether a RAW and a JPEG of one name are shown once."""
    reach: Reach = Reach.UNLISTED
    rights: frozenset[Right] = frozenset({Right.VIEW, Right.PICK, Right.WEB})
    """Of who comes by the gallery's own address."""
    cookie: bool = True
    """Whether a right password is remembered by a cookie; else by the address it leads to."""
    camera: bool = False
    """Whether viewers see camera, lens and exposure."""
    cover_outside: bool = False
    """Whether its cover is shown to who stands before the door: on the page that asks for the
    password, and until it opens. The title always is."""
    embedding: tuple[str, ...] = ()
    """Sites that may show it in a frame (`https://blog.example`), or `*`."""
    downloads: int = 0
    """How many downloads there may be in all; 0 for no limit."""
    proofing: Proofing = Proofing()


@dataclass(frozen=True, slots=True)
class Gallery:
    """Assets prepared for viewers."""

    id: str
    slug: str
    """Its own address is `/g/<slug>`."""
    title: str
    state: GalleryState
    text: str
    held_on: date | None
    """The day that it is about."""
    cover_id: str | None
    """The asset on the cover; `None` for the first one."""
    look: Look
    rules: GalleryRules
    opens_at: datetime | None
    closes_at: datetime | None
    owner_id: str | None
    version: int
    """One more each time that anything viewers see has changed."""
    created_at: datetime
    updated_at: datetime
    password_hash: str = field(default="", repr=False)
    """Empty: none is asked for."""
    pin: str = field(default="", repr=False)
    """Digits that a download asks for; empty for none. Told to clients, so it is kept readable."""
    synced_at: datetime | None = None
    """When its sources were last compared with what is in it."""

    @property
    def has_password(self) -> bool:
        """Whether viewers must know a password."""
        return bool(self.password_hash)


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of a gallery."""

    id: str
    gallery_id: str
    title: str
    position: int
    hidden: bool = False
    """Whether viewers do not see it."""
    downloads: bool = True
    source_id: str | None = None
    folder: str = ""
    """The folder below its source that fills it; what was put in by hand has none."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of a channel from which a gallery is filled by itself."""

    id: str
    gallery_id: str
    channel_id: str
    path: str
    """Below the channel's root, `""` for all of it."""
    position: int
    sections: bool = True
    """Whether folders below it become sections; else all lies in one."""


@dataclass(frozen=True, slots=True)
class Item:
    """One asset in a gallery."""

    gallery_id: str
    asset_id: str
    section_id: str | None
    position: int
    """Its place in the gallery; gaps mean nothing."""
    source_id: str | None = None
    """The source that brought it; `None` if it was chosen by hand."""
    companion_id: str | None = None
    """The RAW that was taken together with it."""
    hidden: bool = False
    """Hidden by the owner."""
    kept_from_guests: bool = False
    """Hidden by a client, from guests."""
    away: bool = False
    """Not where its source looks, or missing: seen by nobody until it is back."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with what pages show of it."""

    item: Item
    asset: Asset
    facts: Facts
    """Of the asset's newest version, without where it was taken; empty while not known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What laying out an item needs to know of it."""

    asset_id: str
    name: str
    section_id: str | None
    width: int
    """Pixels, 0 while not known."""
    height: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An asset that lies in the folder of a source."""

    asset_id: str
    name: str
    kind: Kind
    media_type: str
    taken_at: datetime | None
    folder: str
    """Of the asset, as people write it."""
    path: str
    """Of its object in the channel, in the form in which the provider compares paths."""
    stored: bool
    """Whether it is there, as far as we know."""


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is of something."""

    photos: int = 0
    videos: int = 0
    size: int = 0
    """Bytes of the originals."""

    @property
    def items(self) -> int:
        """Photos and videos."""
        return self.photos + self.videos


# --- who comes in -----------------------------------------------------------------------------


class Party(StrEnum):
    """Who comes by a share link."""

    CLIENT = "client"
    """A named customer."""
    GUEST = "guest"
    """Anyone who holds the link."""


@dataclass(frozen=True, slots=True)
class ShareLink:
    """An address with a token (`/s/<token>`), and what it allows."""

    id: str
    gallery_id: str
    name: str
    party: Party
    rights: frozenset[Right]
    token_hash: str = field(repr=False)
    token: str = field(repr=False)
    """128 bits or more, unguessable; sealed in the table, so that it can be shown again."""
    created_at: datetime
    password_hash: str = field(default="", repr=False)
    """Empty: the gallery's own password, if there is one, is not asked for by share links."""
    expires_at: datetime | None = None
    most: int = 0
    """How many visitors may come in by it; 0 for no limit."""
    opened: int = 0
    """How many have."""
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who keeps something in a gallery: picks, comments. No account, no password.

    Their own address carries a token; by it they go on elsewhere.
    """

    id: str
    gallery_id: str
    link_id: str | None
    """The share link they came by; `None` for the gallery's own address."""
    name: str
    email: str
    token_hash: str = field(repr=False)
    token: str = field(repr=False)
    """Sealed in the table."""
    created_at: datetime
    seen_at: datetime


# --- what they give back ----------------------------------------------------------------------


class SelectionState(StrEnum):
    """Who has the pen."""

    OPEN = "open"
    SUBMITTED = "submitted"
    """Locked, until the owner opens it again."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A viewer's list of picks."""

    id: str
    gallery_id: str
    viewer_id: str
    name: str
    state: SelectionState
    version: int
    """One more with each change: two devices that edit one list notice each other."""
    created_at: datetime
    updated_at: datetime
    message: str = ""
    """What the viewer wrote when it was submitted."""
    submitted_at: datetime | None = None


class Flag(StrEnum):
    """Colours as Lightroom has them."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PURPLE = "purple"


@dataclass(frozen=True, slots=True)
class Pick:
    """One mark in a selection: a heart, and what was said about it."""

    selection_id: str
    asset_id: str
    heart: bool
    stars: int
    """0 for none, to 5."""
    flag: Flag | None
    note: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    """A sentence about one photo, by a viewer or the owner."""

    id: str
    gallery_id: str
    asset_id: str
    viewer_id: str | None
    """`None` for the owner."""
    author: str
    parent_id: str | None
    """The comment that it answers."""
    text: str
    created_at: datetime


class Act(StrEnum):
    """What can happen in a gallery."""

    VIEWED = "viewed"
    """The page, by somebody who was not here in the last half hour."""
    DOWNLOADED = "downloaded"
    PICKED = "picked"
    UNPICKED = "unpicked"
    COMMENTED = "commented"
    ANSWERED = "answered"
    """The owner has answered this viewer's comment."""
    SUBMITTED = "submitted"
    CLOSING = "closing"
    """It will close within some days."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened in a gallery. No address of anybody is kept."""

    id: int
    gallery_id: str
    at: datetime
    act: Act
    link_id: str | None
    viewer_id: str | None
    visit: str
    """Tells visits of one day apart: a hash with a secret of that day, which is then forgotten."""
    asset_id: str | None
    count: int
    """Photos that it concerns."""
    size: int
    """Bytes that it concerns."""


# --- who is told ------------------------------------------------------------------------------


class Telling(StrEnum):
    """What somebody may be told of, by mail or by a call; the values are the types of calls."""

    FIRST_VIEW = "gallery.first-view"
    """A gallery was opened for the first time."""
    SUBMITTED = "selection.submitted"
    COMMENTED = "comment.added"
    CLOSING = "gallery.closing"
    """A gallery will close within some days."""


class Courtesy(StrEnum):
    """What viewers who have left their e-mail address may be written about."""

    RECEIPT = "receipt"
    """The picks that they sent have arrived."""
    ANSWER = "answer"
    """The owner has answered their comment."""
    CLOSING = "closing"
    """The gallery will close within some days."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address of another program that is called when something happens."""

    id: str
    url: str
    tellings: frozenset[Telling]
    enabled: bool
    secret: str = field(repr=False)
    """`whsec_` and base64, by which calls are signed; sealed in the table."""
    created_at: datetime
    problem: str = ""
    """Why the last call did not arrive; empty if it did."""
    called_at: datetime | None = None
