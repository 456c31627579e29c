"""Following channels: how far they were read, where objects are, what is done with found ones."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

# Until now every provider named its objects by their paths.
STATEMENTS = """
ALTER TABLE placement ADD COLUMN path {text} NOT NULL DEFAULT '';
ALTER TABLE placement ADD COLUMN checksum TEXT NOT NULL DEFAULT '';
UPDATE placement SET path = locator;
CREATE INDEX placement_path ON placement (channel_id, path, id);
ALTER TABLE channel ADD COLUMN found TEXT NOT NULL DEFAULT 'public';
ALTER TABLE channel ADD COLUMN delivery TEXT NOT NULL DEFAULT 'proxy';
CREATE TABLE reading (
    channel_id {text} NOT NULL PRIMARY KEY,
    cursor TEXT NOT NULL,
    began_at BIGINT,
    seen BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    FOREIGN KEY (channel_id) REFERENCES channel (id) ON DELETE CASCADE
)
"""

SQLITE = {"text": "TEXT"}
POSTGRESQL = {"text": 'TEXT COLLATE "C"'}


def upgrade() -> None:
    """Add the columns and the table."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in STATEMENTS.format(**(POSTGRESQL if on_postgresql else SQLITE)).split(";"):
        op.execute(statement)
