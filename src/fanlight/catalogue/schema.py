"""The tables as they are now. How they came to be is in `migrations/versions`.

A test compares this with what the migrations make, on both databases. What only one database has
(full-text tables, trigram indices) is in the migrations and in `search.py` alone.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    false,
    text,
)

from fanlight.catalogue.types import Choice, Choices, Json, Moment, path
from fanlight.model import IntentKind, Kind, Passing, PlacementState, Role, Scope, Visibility

metadata = MetaData()

# SQLite numbers rows by itself only in a column declared exactly INTEGER.
row_number = BigInteger().with_variant(Integer(), "sqlite")
_in_use = text("deleted_at IS NULL")
_in_trash = text("deleted_at IS NOT NULL")
_with_problem = text("problem <> ''")
UNPREPARED = "prepared <> version AND kind IN ('picture', 'video') AND deleted_at IS NULL"
"""Pictures and videos in use whose facts are not known: in these very words there is an index."""
unprepared = text(UNPREPARED)


asset = Table(
    "asset",
    metadata,
    Column("seq", row_number, primary_key=True, autoincrement=True),
    Column("id", path(), nullable=False, unique=True),
    Column("name", path(), nullable=False),
    Column("folder", path(), nullable=False),
    Column("alias", path(), nullable=False),
    Column("kind", Choice(Kind), nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", path(), nullable=False),
    Column("version", Integer, nullable=False),
    Column("visibility", Choice(Visibility), nullable=False),
    Column("owner_id", path(), ForeignKey("user_account.id", ondelete="SET NULL")),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("deleted_at", Moment),
    Column("width", Integer),
    Column("height", Integer),
    Column("taken_at", Moment),
    Column("placeholder", LargeBinary),
    # The names of its tags, a line each: pages need no second statement for them.
    Column("tags", Text, nullable=False, server_default=""),
    # The version whose facts are known, and why no picture can be made of it.
    Column("prepared", Integer, nullable=False, server_default="0"),
    Column("problem", Text, nullable=False, server_default=""),
)
Index(
    "asset_newest", asset.c.created_at, asset.c.seq, sqlite_where=_in_use, postgresql_where=_in_use
)
Index("asset_name", asset.c.name, asset.c.seq, sqlite_where=_in_use, postgresql_where=_in_use)
Index(
    "asset_folder_newest",
    asset.c.folder,
    asset.c.created_at,
    asset.c.seq,
    sqlite_where=_in_use,
    postgresql_where=_in_use,
)
Index(
    "asset_folder_name",
    asset.c.folder,
    asset.c.name,
    asset.c.seq,
    sqlite_where=_in_use,
    postgresql_where=_in_use,
)
Index(
    "asset_kind_newest",
    asset.c.kind,
    asset.c.created_at,
    asset.c.seq,
    sqlite_where=_in_use,
    postgresql_where=_in_use,
)
Index(
    "asset_trash",
    asset.c.deleted_at,
    asset.c.seq,
    sqlite_where=_in_trash,
    postgresql_where=_in_trash,
)
Index("asset_unprepared", asset.c.seq, sqlite_where=unprepared, postgresql_where=unprepared)
Index("asset_problem", asset.c.seq, sqlite_where=_with_problem, postgresql_where=_with_problem)
Index("asset_content", asset.c.sha256, asset.c.size)
Index("asset_owner", asset.c.owner_id)

# What is searched: kept apart so that neither pages nor scans carry the other's weight.
asset_text = Table(
    "asset_text",
    metadata,
    Column(
        "seq",
        row_number,
        ForeignKey("asset.seq", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("body", path(), nullable=False),
    Column("words", path(), nullable=False),
)

# What the bytes of `version` say about themselves; where they were taken stands apart.
asset_facts = Table(
    "asset_facts",
    metadata,
    Column(
        "seq",
        row_number,
        ForeignKey("asset.seq", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("version", Integer, nullable=False),
    Column("facts", Json, nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("altitude", Double),
    Column("problem", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
)

folder = Table(
    "folder",
    metadata,
    Column("path", path(), primary_key=True),
    Column("parent", path()),
    # Assets in use lying directly in it, and with everything below.
    Column("count", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("folder_parent", folder.c.parent, folder.c.path)

tag = Table(
    "tag",
    metadata,
    Column("name", path(), primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

asset_tag = Table(
    "asset_tag",
    metadata,
    Column("tag", path(), primary_key=True),
    Column("created_at", Moment, primary_key=True),
    Column(
        "seq",
        row_number,
        ForeignKey("asset.seq", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sqlite_with_rowid=False,
)
Index("asset_tag_asset", asset_tag.c.seq)

connection = Table(
    "connection",
    metadata,
    Column("id", path(), primary_key=True),
    Column("provider", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("options", Json, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("tokens", LargeBinary),
    Column("scopes", Text, nullable=False, server_default=""),
    Column("account", Text),
    Column("connected_at", Moment),
    Column("quota", Text),
)

channel = Table(
    "channel",
    metadata,
    Column("id", path(), primary_key=True),
    Column("name", path(), nullable=False, unique=True),
    Column("connection_id", path(), ForeignKey("connection.id"), nullable=False, index=True),
    Column("provider", Text, nullable=False),
    Column("root", Text, nullable=False),
    Column("uploads", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("findings", Text, nullable=False, server_default="[]"),
    Column("checked_at", Moment),
    Column("found", Choice(Visibility), nullable=False, server_default="public"),
    Column("delivery", Choice(Passing), nullable=False, server_default="proxy"),
)

connection_note = Table(
    "connection_note",
    metadata,
    Column(
        "connection_id",
        path(),
        ForeignKey("connection.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("name", path(), primary_key=True),
    Column("value", Text, nullable=False),
    Column("ends_at", Moment, nullable=False),
)

connect_attempt = Table(
    "connect_attempt",
    metadata,
    Column("id", path(), primary_key=True),
    Column(
        "channel_id",
        path(),
        ForeignKey("channel.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("bound", path(), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("channel_id", path(), ForeignKey("channel.id", ondelete="CASCADE"), primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("began_at", Moment),
    Column("seen", BigInteger, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("whole", Boolean, nullable=False, server_default=false()),
)

placement = Table(
    "placement",
    metadata,
    Column("id", path(), primary_key=True),
    Column("asset_id", path(), ForeignKey("asset.id", ondelete="CASCADE"), nullable=False),
    Column("channel_id", path(), ForeignKey("channel.id"), nullable=False),
    Column("locator", path(), nullable=False),
    Column("version", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("state", Choice(PlacementState), nullable=False),
    Column("primary", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("path", path(), nullable=False, server_default=""),
    Column("checksum", Text, nullable=False, server_default=""),
)
Index("placement_path", placement.c.channel_id, placement.c.path, placement.c.id)
Index("placement_asset", placement.c.asset_id)
Index("placement_locator", placement.c.channel_id, placement.c.locator, placement.c.id)

alias = Table(
    "alias",
    metadata,
    Column("path", path(), primary_key=True),
    Column("asset_id", path(), ForeignKey("asset.id", ondelete="CASCADE"), nullable=False),
    Column("current", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
Index("alias_asset", alias.c.asset_id)

intent = Table(
    "intent",
    metadata,
    Column("id", path(), primary_key=True),
    Column("kind", Choice(IntentKind), nullable=False),
    Column("channel_id", path(), ForeignKey("channel.id"), nullable=False, index=True),
    Column("path", path(), nullable=False, unique=True),
    Column("asset_id", path(), nullable=False),
    Column("holder", path(), nullable=False, index=True),
    Column("lease_until", Moment, nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("plan", Json, nullable=False),
)

# Numbers handed out in the order of commits: `changes`, and `index:<folder>` for naming.
counter = Table(
    "counter",
    metadata,
    Column("name", path(), primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

change = Table(
    "change",
    metadata,
    Column("seq", row_number, primary_key=True, autoincrement=False),
    Column("asset_id", path(), nullable=False),
)

user_account = Table(
    "user_account",
    metadata,
    Column("id", path(), primary_key=True),
    Column("name", path(), nullable=False, unique=True),
    Column("role", Choice(Role), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

web_session = Table(
    "web_session",
    metadata,
    Column("id", path(), primary_key=True),
    Column(
        "user_id",
        path(),
        ForeignKey("user_account.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("secret_hash", path(), nullable=False, unique=True),
    Column("user_agent", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", path(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner_id", path(), ForeignKey("user_account.id", ondelete="CASCADE"), index=True),
    Column("secret_hash", path(), nullable=False, unique=True),
    Column("hint", Text, nullable=False),
    Column("scopes", Choices(Scope), nullable=False),
    Column("channel_id", path(), ForeignKey("channel.id", ondelete="CASCADE"), index=True),
    Column("folder", path()),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("last_used_at", Moment),
)

setting = Table(
    "setting",
    metadata,
    Column("name", path(), primary_key=True),
    Column("value", Json, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("id", row_number, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("data", Json, nullable=False),
)

archive_plan = Table(
    "archive_plan",
    metadata,
    Column("id", path(), primary_key=True),
    Column("subject", path(), nullable=False),
    Column("name", Text, nullable=False),
    Column("contents", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

# Entries of an archive that could not be read when their turn came.
archive_lost = Table(
    "archive_lost",
    metadata,
    Column("plan_id", path(), ForeignKey("archive_plan.id", ondelete="CASCADE"), primary_key=True),
    Column("entry", BigInteger, primary_key=True, autoincrement=False),
)

# What the bytes of a name sum up to, for archives that are gone on with.
content_crc = Table(
    "content_crc",
    metadata,
    Column("content", path(), primary_key=True),
    Column("crc", BigInteger, nullable=False),
)

# One row: a known word sealed with the newest key, by which a wrong key is told at the start.
canary = Table(
    "canary",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)
