"""What the API takes and gives of galleries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool

from fanlight.gallery_model import (
    CoverStyle,
    GallerySort,
    GalleryState,
    Layout,
    Reach,
    Right,
    Theme,
)
from fanlight.web.api.shapes import Asset, Finding, Identifier, Moment, Shape, Whole, example, whole

Title = Annotated[str, Field(min_length=1, max_length=200)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
FolderPath = Annotated[str, Field(max_length=2000)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
Limit = Annotated[int, Field(ge=0, lt=1_000_000), BeforeValidator(whole)]
Rights = Annotated[list[Right], Field(max_length=len(Right)), AfterValidator(sorted)]
Password = Annotated[str, Field(max_length=1000)]


class Look(Shape):
    """How a gallery looks. `accent` is `#rrggbb`, empty for ours."""

    cover: CoverStyle = CoverStyle.FULL
    theme: Theme = Theme.AUTO
    layout: Layout = Layout.ROWS
    accent: Annotated[str, Field(pattern=r"^(#[0-9a-f]{6})?$")] = ""
    language: Annotated[str, Field(max_length=35)] = "en"
    names: StrictBool = False


class Proofing(Shape):
    """What a round of picking asks for; 0 is no limit."""

    stars: StrictBool = False
    flags: StrictBool = False
    least: Limit = 0
    most: Limit = 0
    most_in_section: Limit = 0
    lists: StrictBool = True


class Rules(Shape):
    """What is shown, and what may be done by the gallery's own address."""

    sort: GallerySort = GallerySort.NAME
    backwards: StrictBool = False
    ignored: list[str] = Field(default_factory=list[str], max_length=50)
    pairs: StrictBool = True
    reach: Reach = Reach.UNLISTED
    rights: Rights = Field(default_factory=lambda: [Right.PICK, Right.VIEW, Right.WEB])
    cookie: StrictBool = True
    camera: StrictBool = False
    cover_outside: StrictBool = Field(
        default=False, description="Whether the cover is shown to who stands before a password."
    )
    embedding: list[str] = Field(default_factory=list[str], max_length=20)
    downloads: Limit = 0
    proofing: Proofing = Proofing()


class Count(Shape):
    """How much there is: photos, videos, bytes."""

    photos: int
    videos: int
    size: int


class Gallery(Shape):
    """A gallery. `version` counts up with each change that viewers see."""

    id: str
    slug: str
    title: str
    state: GalleryState
    text: str
    held_on: date | None
    cover_id: str | None
    look: Look
    rules: Rules
    opens_at: datetime | None
    closes_at: datetime | None
    version: int
    has_password: bool
    pin: str
    created_at: datetime
    updated_at: datetime
    synced_at: datetime | None
    url: str = Field(
        description="Its own address. Who is signed in to the studio is shown a draft there, too."
    )


class ListedGallery(Gallery):
    """A gallery in the list, with what it holds."""

    count: Count
    picks: int = Field(description="How many of its photos somebody has picked.")


class NewSource(Shape):
    """A folder that fills a gallery; `""` is all of the channel."""

    model_config = example(channel_id="7b1e02c4a9d35f68", path="2026/Anna & Ben")

    channel_id: Identifier
    path: FolderPath = ""
    sections: StrictBool = True


class NewGallery(Shape):
    """A gallery to be made. Its folders are read by a job."""

    model_config = example(
        title="Anna & Ben",
        held_on="2026-05-30",
        sources=[{"channel_id": "7b1e02c4a9d35f68", "path": "2026/Anna & Ben"}],
    )

    title: Title
    slug: Slug | None = None
    text: Annotated[str, Field(max_length=5000)] = ""
    held_on: Day | None = None
    look: Look = Look()
    rules: Rules = Rules()
    sources: list[NewSource] = Field(default_factory=list[NewSource], max_length=50)


class GalleryChange(Shape):
    """What is to be changed; what is left out stays, in `look` and `rules` too.

    An empty password takes it away.
    """

    model_config = example(state="published", look={"theme": "dark"}, pin="2711")

    title: Title | None = None
    slug: Slug | None = None
    state: GalleryState | None = None
    text: Annotated[str | None, Field(max_length=5000)] = None
    held_on: Day | None = None
    cover_id: Identifier | None = None
    look: Look | None = None
    rules: Rules | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    pin: Annotated[str | None, Field(pattern=r"^([0-9]{4,12})?$")] = None
    password: Password | None = None
    if_version: Whole | None = None


class Source(NewSource):
    """A folder that fills a gallery."""

    model_config = example(
        id="c3d9e8a1f5b20746", channel_id="7b1e02c4a9d35f68", path="2026/Anna & Ben", sections=True
    )

    id: str


class SourceChange(Shape):
    """Whether folders below a folder become sections."""

    model_config = example(sections=False)

    sections: StrictBool


class Section(Shape):
    """A part of a gallery. One with a `source_id` is filled by a folder."""

    id: str
    title: str
    hidden: bool
    downloads: bool
    source_id: str | None
    folder: str


class NewSection(Shape):
    """A section made by hand."""

    model_config = example(title="The best")

    title: Title


class SectionChange(Shape):
    """What is to be changed of a section; `position` 1 is the first."""

    model_config = example(title="The best", position=1)

    title: Title | None = None
    hidden: StrictBool | None = None
    downloads: StrictBool | None = None
    position: Annotated[int, Field(ge=1, le=200), BeforeValidator(whole)] | None = None


class Item(Shape):
    """One asset in a gallery."""

    asset: Asset
    section_id: str | None
    companion_id: str | None
    hidden: bool
    kept_from_guests: bool


class Chosen(Shape):
    """Assets to be put into a gallery, taken out, hidden, shown or put in order."""

    model_config = example(ids=["0f3a9c5be1d24876"])

    ids: Annotated[list[Identifier], Field(min_length=1, max_length=5000)]
    section_id: Identifier | None = None


class Ordered(Shape):
    """Assets to be put before another one, or at the end of their section."""

    model_config = example(ids=["0f3a9c5be1d24876"], before="4be1d248760f3a9c")

    ids: Annotated[list[Identifier], Field(min_length=1, max_length=5000)]
    before: Identifier | None = None


class Hidden(Shape):
    """Assets to be hidden from viewers, or shown again."""

    model_config = example(ids=["0f3a9c5be1d24876"], hidden=True)

    ids: Annotated[list[Identifier], Field(min_length=1, max_length=5000)]
    hidden: StrictBool = True


class Added(Shape):
    """How many were new."""

    added: int


class Synced(Shape):
    """What is seen otherwise than before."""

    added: int
    away: int
    back: int


class FolderLine(Shape):
    """A folder in a folder. `count` is null while nobody has looked into it."""

    name: str
    path: str
    count: Count | None
    folders: int
    more: bool
    cover: str | None


class FolderView(Shape):
    """A folder of a channel as it is now."""

    path: str
    here: FolderLine
    folders: list[FolderLine]
    finding: Finding | None
