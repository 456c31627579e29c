"""Connections by OAuth: tokens, whom they speak for, space; attempts; findings of channels."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

# {text} is compared byte by byte on both databases
STATEMENTS = """
ALTER TABLE connection ADD COLUMN tokens {bytes};
ALTER TABLE connection ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
ALTER TABLE connection ADD COLUMN account TEXT;
ALTER TABLE connection ADD COLUMN connected_at BIGINT;
ALTER TABLE connection ADD COLUMN quota TEXT;
ALTER TABLE channel ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';
ALTER TABLE channel ADD COLUMN checked_at BIGINT;
CREATE TABLE connect_attempt (
    id {text} NOT NULL PRIMARY KEY,
    channel_id {text} NOT NULL,
    bound {text} NOT NULL,
    redirect_uri TEXT NOT NULL,
    verifier {bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (channel_id) REFERENCES channel (id) ON DELETE CASCADE
);
CREATE INDEX ix_connect_attempt_channel_id ON connect_attempt (channel_id)
"""

SQLITE = {"text": "TEXT", "bytes": "BLOB"}
POSTGRESQL = {"text": 'TEXT COLLATE "C"', "bytes": "BYTEA"}


def upgrade() -> None:
    """Add the columns and the table."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in STATEMENTS.format(**(POSTGRESQL if on_postgresql else SQLITE)).split(";"):
        op.execute(statement)
