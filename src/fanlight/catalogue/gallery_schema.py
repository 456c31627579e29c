"""The tables of galleries as they are now; `schema` has all others."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
)

from fanlight.catalogue.schema import metadata, row_number
from fanlight.catalogue.types import Choice, Choices, Day, Json, Moment, path
from fanlight.gallery_model import (
    Act,
    Flag,
    GalleryState,
    Party,
    Right,
    SelectionState,
    Telling,
)


def _of(name: str, target: str, on_delete: str | None, *, needed: bool = True) -> Column[str]:
    """A column that names a row of another table by its id."""
    key = ForeignKey(f"{target}.id", ondelete=on_delete)
    return Column(name, path(), key, nullable=not needed, index=True)


gallery = Table(
    "gallery",
    metadata,
    Column("id", path(), primary_key=True),
    Column("slug", path(), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("state", Choice(GalleryState), nullable=False),
    Column("text", Text, nullable=False),
    Column("held_on", Day),
    _of("cover_id", "asset", "SET NULL", needed=False),
    Column("look", Json, nullable=False),
    Column("rules", Json, nullable=False),
    Column("opens_at", Moment),
    Column("closes_at", Moment),
    _of("owner_id", "user_account", "SET NULL", needed=False),
    Column("version", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("pin", Text, nullable=False),
    Column("synced_at", Moment),
)
Index("gallery_newest", gallery.c.created_at, gallery.c.id)

gallery_source = Table(
    "gallery_source",
    metadata,
    Column("id", path(), primary_key=True),
    _of("gallery_id", "gallery", "CASCADE"),
    _of("channel_id", "channel", None),
    Column("path", path(), nullable=False),
    Column("position", Integer, nullable=False),
    Column("sections", Boolean, nullable=False),
)

copy_folder = Table(
    "copy_folder",
    metadata,
    Column("channel_id", path(), ForeignKey("channel.id", ondelete="CASCADE"), primary_key=True),
    Column("path", path(), primary_key=True),
    sqlite_with_rowid=False,
)

section = Table(
    "section",
    metadata,
    Column("id", path(), primary_key=True),
    _of("gallery_id", "gallery", "CASCADE"),
    Column("title", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("downloads", Boolean, nullable=False),
    _of("source_id", "gallery_source", "SET NULL", needed=False),
    Column("folder", path(), nullable=False),
)

gallery_item = Table(
    "gallery_item",
    metadata,
    Column("gallery_id", path(), ForeignKey("gallery.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "asset_id",
        path(),
        ForeignKey("asset.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("section_id", path(), ForeignKey("section.id", ondelete="SET NULL")),
    Column("position", BigInteger, nullable=False),
    _of("source_id", "gallery_source", "CASCADE", needed=False),
    _of("companion_id", "asset", "SET NULL", needed=False),
    Column("hidden", Boolean, nullable=False),
    Column("kept_from_guests", Boolean, nullable=False),
    Column("away", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)
Index(
    "gallery_item_place",
    gallery_item.c.gallery_id,
    gallery_item.c.position,
    gallery_item.c.asset_id,
)
Index(
    "gallery_item_section",
    gallery_item.c.section_id,
    gallery_item.c.position,
    gallery_item.c.asset_id,
)

share_link = Table(
    "share_link",
    metadata,
    Column("id", path(), primary_key=True),
    _of("gallery_id", "gallery", "CASCADE"),
    Column("name", Text, nullable=False),
    Column("party", Choice(Party), nullable=False),
    Column("rights", Choices(Right), nullable=False),
    Column("token_hash", path(), nullable=False, unique=True),
    Column("token", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("expires_at", Moment),
    Column("most", Integer, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
)

viewer = Table(
    "viewer",
    metadata,
    Column("id", path(), primary_key=True),
    _of("gallery_id", "gallery", "CASCADE"),
    _of("link_id", "share_link", "SET NULL", needed=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("token_hash", path(), nullable=False, unique=True),
    Column("token", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

selection = Table(
    "selection",
    metadata,
    Column("id", path(), primary_key=True),
    _of("gallery_id", "gallery", "CASCADE"),
    _of("viewer_id", "viewer", "CASCADE"),
    Column("name", Text, nullable=False),
    Column("state", Choice(SelectionState), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("message", Text, nullable=False),
    Column("submitted_at", Moment),
)

pick = Table(
    "pick",
    metadata,
    Column(
        "selection_id", path(), ForeignKey("selection.id", ondelete="CASCADE"), primary_key=True
    ),
    Column(
        "asset_id",
        path(),
        ForeignKey("asset.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("heart", Boolean, nullable=False),
    Column("stars", Integer, nullable=False),
    Column("flag", Choice(Flag)),
    Column("note", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

comment = Table(
    "comment",
    metadata,
    Column("id", path(), primary_key=True),
    Column("gallery_id", path(), ForeignKey("gallery.id", ondelete="CASCADE"), nullable=False),
    _of("asset_id", "asset", "CASCADE"),
    _of("viewer_id", "viewer", "CASCADE", needed=False),
    Column("author", Text, nullable=False),
    _of("parent_id", "comment", "CASCADE", needed=False),
    Column("text", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)
Index("comment_place", comment.c.gallery_id, comment.c.asset_id, comment.c.created_at)

activity = Table(
    "activity",
    metadata,
    Column("id", row_number, primary_key=True, autoincrement=True),
    Column("gallery_id", path(), ForeignKey("gallery.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("act", Choice(Act), nullable=False),
    Column("link_id", path()),
    Column("viewer_id", path()),
    Column("visit", path(), nullable=False),
    Column("asset_id", path()),
    Column("count", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
)
Index("activity_gallery", activity.c.gallery_id, activity.c.id)

webhook = Table(
    "webhook",
    metadata,
    Column("id", path(), primary_key=True),
    Column("url", Text, nullable=False),
    Column("tellings", Choices(Telling), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("problem", Text, nullable=False),
    Column("called_at", Moment),
)
