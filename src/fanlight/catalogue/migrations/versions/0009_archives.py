"""Archives: what they are made of, what could not be read, and what bytes sum up to."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"

# {text} is compared byte by byte on both databases
STATEMENTS = """
CREATE TABLE archive_plan (
    id {text} NOT NULL PRIMARY KEY,
    subject {text} NOT NULL,
    name TEXT NOT NULL,
    contents {bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ix_archive_plan_expires_at ON archive_plan (expires_at);
CREATE TABLE archive_lost (
    plan_id {text} NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (plan_id, entry),
    FOREIGN KEY (plan_id) REFERENCES archive_plan (id) ON DELETE CASCADE
);
CREATE TABLE content_crc (
    content {text} NOT NULL PRIMARY KEY,
    crc BIGINT NOT NULL
)
"""


def upgrade() -> None:
    """Make the tables."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    text = 'TEXT COLLATE "C"' if on_postgresql else "TEXT"
    kind = "BYTEA" if on_postgresql else "BLOB"
    for statement in STATEMENTS.format(text=text, bytes=kind).split(";"):
        op.execute(statement)
