"""What the API takes and gives of notices, webhooks and what happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool

from fanlight.gallery_model import Act, Courtesy, Telling
from fanlight.web.api.shapes import Shape, example, whole
from fanlight.web.api.share_shapes import Email

Tellings = Annotated[list[Telling], Field(max_length=len(Telling)), AfterValidator(sorted)]
Courtesies = Annotated[list[Courtesy], Field(max_length=len(Courtesy)), AfterValidator(sorted)]
Some = Annotated[
    list[Telling], Field(min_length=1, max_length=len(Telling)), AfterValidator(sorted)
]
Url = Annotated[str, Field(min_length=8, max_length=2000, pattern=r"^https?://")]
Days = Annotated[int, Field(ge=1, le=90), BeforeValidator(whole)]


class Notices(Shape):
    """Whom the owner wants told of what."""

    mail_server: str = Field(description="As the settings say; empty: no mail is sent.")
    to: str = Field(description="Where mails to the owner go; empty: nowhere.")
    tellings: Tellings = Field(description="What they are told of.")
    days: int = Field(description="How long before a gallery closes they are.")
    courtesies: Courtesies = Field(description="What viewers are who have left their address.")
    writes_to_viewers: bool = Field(
        description="Whether they can be: there is a mail server, and a public address is set."
    )


class NoticesChange(Shape):
    """What is to be changed; what is left out stays."""

    model_config = example(to="studio@example.com", tellings=["selection.submitted"], days=7)

    to: Annotated[str, Field(max_length=254)] | None = None
    tellings: Tellings | None = None
    days: Days | None = None
    courtesies: Courtesies | None = None


class TestMail(Shape):
    """Whom a test mail goes to."""

    model_config = example(to="studio@example.com")

    to: Email


class Webhook(Shape):
    """An address of another program that is called when something happens."""

    id: str
    url: str
    tellings: Tellings
    enabled: bool
    created_at: datetime
    called_at: datetime | None = Field(description="When it was last called.")
    problem: str = Field(description="Why that call did not arrive; empty if it did.")


class Delivery(Shape):
    """A call of a webhook."""

    at: datetime
    kind: str = Field(description="What it told.")
    id: str = Field(description="Its `webhook-id`, the same when it is tried again.")
    problem: str = Field(description="Why it did not arrive; empty if it did.")


class MadeWebhook(Webhook):
    """A new webhook with the secret that its calls are signed by, which is shown this once."""

    secret: str


class NewWebhook(Shape):
    """An address to call, and when."""

    model_config = example(url="https://example.com/hook", tellings=["selection.submitted"])

    url: Url
    tellings: Some


class WebhookChange(Shape):
    """What is to be changed; what is left out stays, and so does the secret."""

    model_config = example(enabled=False)

    url: Url | None = None
    tellings: Some | None = None
    enabled: StrictBool | None = None


class Named(Shape):
    """Something by its id and name."""

    id: str
    name: str


class Happening(Shape):
    """Something that happened in a gallery. Nobody's address is kept."""

    id: int
    at: datetime
    act: Act
    viewer: Named | None = Field(description="Who did it, if something is kept of them.")
    link: Named | None = Field(description="The share link they came by.")
    asset: Named | None = Field(description="The photo, if it is about one.")
    count: int = Field(description="Photos that it concerns.")
    size: int = Field(description="Bytes that it concerns.")


class Figures(Shape):
    """How much has happened."""

    views: int = Field(description="Visits; who comes back within half an hour is not a new one.")
    visitors: int = Field(description="Each counted once a day.")
    downloads: int
    photos_downloaded: int
    bytes_downloaded: int
    picks: int
    comments: int
    lists_submitted: int


class DayFigures(Figures):
    """How much has happened on a day, in UTC."""

    day: date


class Insight(Figures):
    """A gallery in figures, as far back as its journal goes."""

    days: list[DayFigures] = Field(description="The last days, today at the end.")
