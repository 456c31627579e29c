"""What the API takes and gives, as pydantic models: the OpenAPI document is made from them."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)
from pydantic.config import JsonValue

from fanlight.channels import OWN
from fanlight.errors import Invalid
from fanlight.model import JobState, Kind, Passing, Remedy, Scope, Severity, Visibility

T = TypeVar("T")

Identifier = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
TagName = Annotated[str, Field(min_length=1, max_length=64)]


def _written_out(value: object) -> object:
    """Refuse the numbers that pydantic would take for times: the document says date-time."""
    if value is not None and not (isinstance(value, str) and _DATE_TIME.match(value)):
        raise ValueError("must be a date and time with its zone, as in RFC 3339")
    return value


def _in_utc(moment: datetime) -> datetime:
    """The same time in UTC, where calendars can count on from it. Raises Invalid."""
    if not 1900 <= moment.year < 9999:
        raise Invalid("This time is too far away.", code="invalid.time")
    return moment.astimezone(UTC)


_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def whole(value: object) -> object:
    """Refuse what is no number in JSON; `60.0` is one, and whole.

    Bounds stand before it in an annotation: behind it the document would not have them.
    """
    if isinstance(value, bool | str):
        raise ValueError("must be a whole number")
    return value


def _as_base64(value: object) -> object:
    return b64encode(value).decode() if isinstance(value, bytes) else value


Bytes = Annotated[str, BeforeValidator(_as_base64)]
Whole = Annotated[int, BeforeValidator(whole)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_utc)]


class Shape(BaseModel):
    """Base: made from our records; unknown fields in requests are refused."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


def example(**fields: JsonValue) -> ConfigDict:
    """What a request may look like, for the document: for the config of its shape."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


def given(change: Shape, *clearable: str) -> dict[str, Any]:
    """What a request for a change names; null counts for the fields that it can clear alone."""
    fields = {name: getattr(change, name) for name in change.model_fields_set}
    return {name: it for name, it in fields.items() if it is not None or name in clearable}


class Problem(Shape):
    """What went wrong (RFC 9457): `code` is stable, `remedy` is the next step."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    remedy: str
    temporary: bool
    """Whether the same request may succeed later."""
    request_id: str
    about: str = ""
    """The part of the request that is wrong, if it is one: `name`, `option.path`."""


class Many(Shape, Generic[T]):
    """One page of a list. `next` is the `after` of the next page, null on the last."""

    items: list[T]
    next: str | None = None

    @classmethod
    def of(cls, items: Iterable[object], next: str | None = None) -> Self:  # noqa: A002
        """Such a page of our records, or of what stands for them."""
        return cls.model_validate({"items": list(items), "next": next})


class Asset(Shape):
    """One asset. `link` never changes; `url` is readable, and old ones redirect."""

    id: str
    name: str
    folder: str
    alias: str
    kind: Kind
    media_type: str
    size: int
    sha256: str
    version: int
    visibility: Visibility
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    deleted_at: datetime | None
    width: int | None
    height: int | None
    taken_at: datetime | None
    placeholder: Bytes | None
    """A ThumbHash in base64: what to show until the picture is there."""
    problem: str
    """Why no picture can be made of it: the code of an error; empty if none is known."""
    tags: list[str]
    link: str
    url: str
    pictures: dict[str, str]
    """Addresses of it in other sizes by preset, for pictures and videos; `@2x` can be added."""


class Spot(Shape):
    """Where on earth: degrees, north and east positive; metres."""

    latitude: float
    longitude: float
    altitude: float | None


class Facts(Shape):
    """What an asset's bytes say about themselves. Times in seconds, lengths in millimetres."""

    width: int | None
    height: int | None
    orientation: int
    frames: int
    duration: float | None
    alpha: bool
    taken_at: datetime | None
    taken_offset: int | None
    camera: str
    lens: str
    exposure: float | None
    aperture: float | None
    iso: int | None
    focal_length: float | None
    caption: str
    creator: str
    copyright: str
    keywords: list[str]
    rating: int | None
    spot: Spot | None
    """For those who manage it; others are not told."""
    colour: str


class FactSheet(Shape):
    """The facts of an asset, or why there are none: then `problem` is the code of an error."""

    version: int
    facts: Facts
    problem: str
    message: str
    remedy: str


class Warming(Shape):
    """Of what to make all presets: a folder and what is below it; null for everything."""

    model_config = example(folder="2026/lake")

    folder: str | None = Field(None, max_length=700)


class UploadedAsset(Asset):
    """A stored asset. `linked`: the channel had these bytes already."""

    linked: bool
    channel_id: str


class AssetChange(Shape):
    """What to change of an asset; what is left out stays. `expires_at: null` means never."""

    model_config = example(name="dawn.jpg", tags=["lake", "dawn"], visibility="public")

    name: str | None = Field(None, min_length=1, max_length=255)
    folder: str | None = Field(None, max_length=700)
    tags: list[TagName] | None = Field(None, max_length=100)
    visibility: Visibility | None = None
    expires_at: Moment | None = None


class SignedLink(Shape):
    """An address that works for everybody who has it, until it expires."""

    url: str
    expires_at: datetime


class SignedLinkWish(Shape):
    """How long a signed link shall work, in seconds."""

    model_config = example(seconds=3600)

    seconds: Annotated[int, Field(ge=1, le=366 * 86_400), BeforeValidator(whole)] = 3600


class NewArchive(Shape):
    """What an archive shall be made of."""

    model_config = example(asset_ids=["0f3a9c5be1d24876"], name="Lake", size="2048")

    asset_ids: list[Identifier] = Field(
        min_length=1, max_length=5000, description="In the order in which they shall be in it."
    )
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="What to save it as; `.zip` is added if it is not there."
    )
    size: Literal["original", "2048", "1024"] = Field(
        default="original", description="Originals, or pictures with this longest edge, as JPEG."
    )


class Archive(Shape):
    """An archive that can be downloaded by its address, once it is ready."""

    id: str
    name: str
    url: str = Field(description="Works for everybody who has it, with ranges, until it expires.")
    count: int
    bytes: int = Field(description="Of what is in it, as far as it is made.")
    left_out: list[str] = Field(description="Names of what cannot be had.")
    ready: bool
    missing: int = Field(description="How many pictures are still to be made.")
    sending: int = Field(description="How many archives are being downloaded.")
    waiting: int = Field(description="How many wait for their turn.")
    expires_at: datetime


class Folder(Shape):
    """A folder and how many assets are directly in it."""

    path: str
    count: int


class Tag(Shape):
    """A tag and how many assets carry it."""

    name: str
    count: int


class Channel(Shape):
    """A place to store in and publish from."""

    id: str
    name: str
    provider: str
    root: str
    uploads: bool
    enabled: bool
    note: str
    found: Visibility
    delivery: Passing
    created_at: datetime
    updated_at: datetime


DELIVERY = (
    "How public originals get to viewers: through this server, or by a redirect to an address at "
    "the service that works for some hours. Services limit the traffic of these."
)


class NewChannel(Shape):
    """A channel to add. `options` are the provider's."""

    model_config = example(
        provider=OWN, name="Photos", options={"path": "/srv/photos"}, uploads=False
    )

    provider: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=100)
    options: dict[str, str] = Field(default_factory=dict)
    root: str | None = Field(None, max_length=700)
    uploads: StrictBool = True
    note: str = Field("", max_length=1000)
    found: Visibility | None = Field(
        None,
        description="Who may see what is found there. Left out: everybody in a folder of this "
        "server, only the owner elsewhere.",
    )
    delivery: Passing = Field(Passing.PROXY, description=DELIVERY)


class ChannelChange(Shape):
    """What to change of a channel. Options are merged; an empty secret stays as it is."""

    model_config = example(name="Photos", delivery="proxy")

    name: str | None = Field(None, min_length=1, max_length=100)
    uploads: StrictBool | None = None
    enabled: StrictBool | None = None
    note: str | None = Field(None, max_length=1000)
    root: str | None = Field(None, max_length=700)
    options: dict[str, str] | None = None
    found: Visibility | None = None
    delivery: Passing | None = Field(None, description=DELIVERY)


class ObjectPath(Shape):
    """Where an object lies in a channel."""

    model_config = example(path="2026/lake/dawn.jpg")

    path: str = Field(min_length=1, max_length=3000)


class Finding(Shape):
    """One diagnosed problem and what to do about it."""

    code: str
    severity: Severity
    meaning: str
    detail: str
    values: list[tuple[str, str]]
    steps: list[str]
    where: str
    remedies: list[Remedy]
    until: datetime | None
    """When it is over by itself."""


class Departure(Shape):
    """Where to send the owner; the code they bring goes to `/connect/finish` with the state."""

    address: str
    state: str
    expires_at: datetime


class Arrival(Shape):
    """The code that the service showed, and the state of the attempt."""

    model_config = example(state="rT4kq0...", code="mK2c...")

    state: str = Field(min_length=1, max_length=200)
    code: str = Field(min_length=1, max_length=2000)


class Heard(Shape):
    """The words of a page of the service."""

    model_config = example(said="redirect_uri mismatch")

    said: str = Field(min_length=1, max_length=4000)


class RefreshToken(Shape):
    """A refresh token from elsewhere, for the same app. It is never shown again."""

    model_config = example(refresh_token="xYz...")  # noqa: S106

    refresh_token: str = Field(min_length=1, max_length=4000)


class Weight(Shape):
    """What goes with a channel: `lost` assets are nowhere else, `kept` ones have a copy.

    `galleries` show folders of it.
    """

    lost: int
    kept: int
    galleries: int


class Confirmation(Shape):
    """The name of what is to go, repeated."""

    model_config = example(name="Photos")

    name: str = Field(max_length=100)


class TrialStep(Shape):
    """One step of a test: what was done, how it went, and what to do if it did not."""

    name: str
    ok: bool
    says: str
    remedy: str
    seconds: float


class Trial(Shape):
    """A test of a channel: the steps up to the first that failed, and the tidying up."""

    ok: bool
    steps: list[TrialStep]


class Quota(Shape):
    """Space at the service, in bytes."""

    used: int | None
    total: int | None
    asked_at: datetime


class Check(Shape):
    """What a channel says about itself."""

    account: str
    writable: bool
    findings: list[Finding]


class Token(Shape):
    """An API token, without its text."""

    id: str
    name: str
    hint: str
    scopes: list[Scope]
    channel_id: str | None
    folder: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewToken(Shape):
    """A token to make. It can do no more than whoever makes it."""

    model_config = example(name="Lightroom", scopes=["upload", "list"], folder="2026")

    name: str = Field(min_length=1, max_length=100)
    scopes: list[Scope] = Field(min_length=1, max_length=5)
    channel_id: Identifier | None = None
    folder: str | None = Field(None, max_length=700)
    expires_at: Moment | None = None


class MadeToken(Token):
    """A new token with its text, which is shown this once."""

    token: str


class Me(Shape):
    """Who asks, and what they may do."""

    name: str
    scopes: list[Scope]
    channel_id: str | None
    folder: str | None


class Job(Shape):
    """One run of a task. Of `total` units of work `done` are behind it."""

    id: str
    task: str
    state: JobState
    attempts: int
    done: int
    total: int | None
    message: str
    created_at: datetime
    updated_at: datetime
