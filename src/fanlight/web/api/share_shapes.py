"""What the API takes and gives of share links, and of who comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from fanlight.gallery_model import Party
from fanlight.web.api.gallery_shapes import Limit, Password, Rights
from fanlight.web.api.shapes import Moment, Shape, example

Name = Annotated[str, Field(min_length=1, max_length=100)]
Subject = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Email = Annotated[str, Field(min_length=3, max_length=254)]


class ShareLink(Shape):
    """An address that leads into a gallery, with rights of its own."""

    id: str
    gallery_id: str
    name: str
    party: Party
    rights: Rights
    url: str | None = Field(description="Works for everybody who has it. Null once it was revoked.")
    has_password: bool
    expires_at: datetime | None
    most: int = Field(description="How many visitors may come in by it; 0 is no limit.")
    opened: int = Field(description="How many have.")
    used_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


class NewShareLink(Shape):
    """A share link to make. The right to view belongs to each."""

    model_config = example(
        name="Anna and Ben", party="client", expires_at="2027-05-30T00:00:00Z", most=10
    )

    name: Name = Field(description="Whom it is for, in the owner's words.")
    party: Party = Party.GUEST
    rights: Rights | None = Field(None, description="Left out: what is usual for the party.")
    password: Password = ""
    expires_at: Moment | None = None
    most: Limit = 0


class ShareLinkChange(Shape):
    """What is to be changed; what is left out stays. An empty password takes it away."""

    model_config = example(rights=["view", "pick", "web"], expires_at=None)

    name: Name | None = None
    party: Party | None = None
    rights: Rights | None = None
    password: Password | None = None
    expires_at: Moment | None = Field(None, description="Null: never.")
    most: Limit | None = None


class Invitation(Shape):
    """A mail with a share link. What is left out is as its template has it."""

    model_config = example(to="anna@example.com", client="Anna", template="de")

    to: Email
    client: Annotated[str | None, Field(max_length=200)] = Field(
        None, description="How the letter calls them; left out: as the link is called."
    )
    template: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = Field(
        "", description="Empty: the one of the gallery's language."
    )
    subject: Subject | None = None
    text: Text | None = None
    password: Password = Field("", description="Of the link, if the letter shall tell it.")


class Letter(Shape):
    """A mail as it would be sent."""

    subject: str
    text: str


class Template(Shape):
    """What an invitation says. A usual one has the tag of its language for its id."""

    id: str
    name: str
    language: str
    subject: str
    text: str
    usual: bool = Field(description="Whether it is taken for galleries in its language.")


class NewTemplate(Shape):
    """Words of one's own. `{client}`, `{gallery}`, `{link}` and so on are filled in."""

    model_config = example(
        name="Engagement",
        language="en",
        subject="Your photos, {client}",
        text="Hello {client},\n\n{gallery} is ready.\n\n{link}\n\nThe password is {password}.",
    )

    name: Name
    language: Annotated[str, Field(max_length=35)] = "en"
    subject: Subject
    text: Text


class TemplateChange(Shape):
    """What is to be changed; what is left out stays. A usual one keeps its name and language."""

    model_config = example(subject="Your photos, {client}")

    name: Name | None = None
    language: Annotated[str, Field(max_length=35)] | None = None
    subject: Subject | None = None
    text: Text | None = None


class Viewer(Shape):
    """Somebody who keeps something in a gallery. They have no account."""

    id: str
    gallery_id: str
    link_id: str | None = Field(description="The share link they came by; null: none.")
    name: str = Field(description="As they said it; empty until they do.")
    email: str
    created_at: datetime
    seen_at: datetime
