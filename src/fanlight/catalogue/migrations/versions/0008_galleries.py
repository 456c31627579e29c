"""Galleries: what is in them, who comes in, and what they give back."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

# {text} is compared byte by byte on both databases
STATEMENTS = """
CREATE TABLE gallery (
    id {text} NOT NULL PRIMARY KEY,
    slug {text} NOT NULL UNIQUE,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    text TEXT NOT NULL,
    held_on TEXT,
    cover_id {text},
    look TEXT NOT NULL,
    rules TEXT NOT NULL,
    opens_at BIGINT,
    closes_at BIGINT,
    owner_id {text},
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    pin TEXT NOT NULL,
    synced_at BIGINT,
    FOREIGN KEY (cover_id) REFERENCES asset (id) ON DELETE SET NULL,
    FOREIGN KEY (owner_id) REFERENCES user_account (id) ON DELETE SET NULL
);
CREATE INDEX gallery_newest ON gallery (created_at, id);
CREATE INDEX ix_gallery_cover_id ON gallery (cover_id);
CREATE INDEX ix_gallery_owner_id ON gallery (owner_id);
CREATE TABLE gallery_source (
    id {text} NOT NULL PRIMARY KEY,
    gallery_id {text} NOT NULL,
    channel_id {text} NOT NULL,
    path {text} NOT NULL,
    position INTEGER NOT NULL,
    sections BOOLEAN NOT NULL,
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE,
    FOREIGN KEY (channel_id) REFERENCES channel (id)
);
CREATE INDEX ix_gallery_source_gallery_id ON gallery_source (gallery_id);
CREATE INDEX ix_gallery_source_channel_id ON gallery_source (channel_id);
CREATE TABLE section (
    id {text} NOT NULL PRIMARY KEY,
    gallery_id {text} NOT NULL,
    title TEXT NOT NULL,
    position INTEGER NOT NULL,
    hidden BOOLEAN NOT NULL,
    downloads BOOLEAN NOT NULL,
    source_id {text},
    folder {text} NOT NULL,
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE,
    FOREIGN KEY (source_id) REFERENCES gallery_source (id) ON DELETE SET NULL
);
CREATE INDEX ix_section_gallery_id ON section (gallery_id);
CREATE INDEX ix_section_source_id ON section (source_id);
CREATE TABLE gallery_item (
    gallery_id {text} NOT NULL,
    asset_id {text} NOT NULL,
    section_id {text},
    position BIGINT NOT NULL,
    source_id {text},
    companion_id {text},
    hidden BOOLEAN NOT NULL,
    kept_from_guests BOOLEAN NOT NULL,
    PRIMARY KEY (gallery_id, asset_id),
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE,
    FOREIGN KEY (asset_id) REFERENCES asset (id) ON DELETE CASCADE,
    FOREIGN KEY (section_id) REFERENCES section (id) ON DELETE SET NULL,
    FOREIGN KEY (source_id) REFERENCES gallery_source (id) ON DELETE CASCADE,
    FOREIGN KEY (companion_id) REFERENCES asset (id) ON DELETE SET NULL
){keyed};
CREATE INDEX gallery_item_place ON gallery_item (gallery_id, position, asset_id);
CREATE INDEX gallery_item_section ON gallery_item (section_id, position, asset_id);
CREATE INDEX ix_gallery_item_asset_id ON gallery_item (asset_id);
CREATE INDEX ix_gallery_item_source_id ON gallery_item (source_id);
CREATE INDEX ix_gallery_item_companion_id ON gallery_item (companion_id);
CREATE TABLE share_link (
    id {text} NOT NULL PRIMARY KEY,
    gallery_id {text} NOT NULL,
    name TEXT NOT NULL,
    party TEXT NOT NULL,
    rights TEXT NOT NULL,
    token_hash {text} NOT NULL UNIQUE,
    token {bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    expires_at BIGINT,
    most INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT,
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE
);
CREATE INDEX ix_share_link_gallery_id ON share_link (gallery_id);
CREATE TABLE viewer (
    id {text} NOT NULL PRIMARY KEY,
    gallery_id {text} NOT NULL,
    link_id {text},
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    token_hash {text} NOT NULL UNIQUE,
    token {bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE,
    FOREIGN KEY (link_id) REFERENCES share_link (id) ON DELETE SET NULL
);
CREATE INDEX ix_viewer_gallery_id ON viewer (gallery_id);
CREATE INDEX ix_viewer_link_id ON viewer (link_id);
CREATE TABLE selection (
    id {text} NOT NULL PRIMARY KEY,
    gallery_id {text} NOT NULL,
    viewer_id {text} NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    message TEXT NOT NULL,
    submitted_at BIGINT,
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE,
    FOREIGN KEY (viewer_id) REFERENCES viewer (id) ON DELETE CASCADE
);
CREATE INDEX ix_selection_gallery_id ON selection (gallery_id);
CREATE INDEX ix_selection_viewer_id ON selection (viewer_id);
CREATE TABLE pick (
    selection_id {text} NOT NULL,
    asset_id {text} NOT NULL,
    heart BOOLEAN NOT NULL,
    stars INTEGER NOT NULL,
    flag TEXT,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (selection_id, asset_id),
    FOREIGN KEY (selection_id) REFERENCES selection (id) ON DELETE CASCADE,
    FOREIGN KEY (asset_id) REFERENCES asset (id) ON DELETE CASCADE
){keyed};
CREATE INDEX ix_pick_asset_id ON pick (asset_id);
CREATE TABLE comment (
    id {text} NOT NULL PRIMARY KEY,
    gallery_id {text} NOT NULL,
    asset_id {text} NOT NULL,
    viewer_id {text},
    author TEXT NOT NULL,
    parent_id {text},
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE,
    FOREIGN KEY (asset_id) REFERENCES asset (id) ON DELETE CASCADE,
    FOREIGN KEY (viewer_id) REFERENCES viewer (id) ON DELETE CASCADE,
    FOREIGN KEY (parent_id) REFERENCES comment (id) ON DELETE CASCADE
);
CREATE INDEX comment_place ON comment (gallery_id, asset_id, created_at);
CREATE INDEX ix_comment_asset_id ON comment (asset_id);
CREATE INDEX ix_comment_viewer_id ON comment (viewer_id);
CREATE INDEX ix_comment_parent_id ON comment (parent_id);
CREATE TABLE activity (
    id {number} NOT NULL PRIMARY KEY,
    gallery_id {text} NOT NULL,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    link_id {text},
    viewer_id {text},
    visit {text} NOT NULL,
    asset_id {text},
    count BIGINT NOT NULL,
    size BIGINT NOT NULL,
    FOREIGN KEY (gallery_id) REFERENCES gallery (id) ON DELETE CASCADE
);
CREATE INDEX activity_gallery ON activity (gallery_id, id)
"""

SQLITE = {
    "text": "TEXT",
    "bytes": "BLOB",
    "number": "INTEGER",
    "keyed": " WITHOUT ROWID",
}
POSTGRESQL = {
    "text": 'TEXT COLLATE "C"',
    "bytes": "BYTEA",
    "number": "BIGSERIAL",
    "keyed": "",
}


def upgrade() -> None:
    """Make the tables."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in STATEMENTS.format(**(POSTGRESQL if on_postgresql else SQLITE)).split(";"):
        op.execute(statement)
