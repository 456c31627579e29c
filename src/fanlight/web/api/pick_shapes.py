"""What the API takes and gives of what viewers gave back: lists, picks, comments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from fanlight.gallery_model import Flag, SelectionState
from fanlight.proofing.cloud import Bringing
from fanlight.web.api.shapes import Asset, Identifier, Shape, example
from fanlight.web.api.share_shapes import Viewer


class PickList(Shape):
    """A viewer's list. One that was submitted is locked until it is opened again."""

    id: str
    gallery_id: str
    name: str
    state: SelectionState
    version: int = Field(description="One more with each change.")
    message: str = Field(description="What the viewer wrote when it was submitted.")
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    viewer: Viewer
    hearts: int = Field(description="How many photos are picked.")
    marked: int = Field(description="How many are marked at all: picked, or with something said.")


class Mark(Shape):
    """What a list says of a photo."""

    heart: bool = Field(description="Whether it is picked.")
    stars: int = Field(description="0 for none, to 5.")
    flag: Flag | None
    note: str
    updated_at: datetime


class Pick(Mark):
    """A photo in a list, and what is said of it there."""

    asset: Asset


class PickIn(Mark):
    """What one of the lists says of a photo."""

    list_id: str


class Wanted(Shape):
    """A photo that somebody marked, and what each list says of it."""

    asset: Asset
    hearts: int = Field(description="How many lists have picked it.")
    picks: list[PickIn]


class Copying(Shape):
    """What is put into the cloud: copies of the photos, or a text with their names."""

    model_config = example(how="copies")

    how: Bringing = Bringing.COPIES


class Comment(Shape):
    """A sentence about a photo."""

    id: str
    gallery_id: str
    asset_id: str
    viewer_id: str | None = Field(description="Null: the owner.")
    author: str
    parent_id: str | None = Field(description="The comment that it answers.")
    text: str
    created_at: datetime


class NewComment(Shape):
    """A sentence about a photo of the gallery, by the owner."""

    model_config = example(asset_id="0f3a9c5be1d24876", text="I can make it brighter.")

    asset_id: Identifier
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    parent_id: Identifier | None = Field(None, description="The comment that it answers.")


class KeptPick(Mark):
    """A photo in a list, by its name."""

    asset_id: str
    name: str


class KeptList(Shape):
    """A list as it is kept of a viewer."""

    id: str
    name: str
    state: SelectionState
    message: str
    picks: list[KeptPick]


class Kept(Shape):
    """All that is kept of a viewer."""

    viewer: Viewer
    lists: list[KeptList]
    comments: list[Comment]
