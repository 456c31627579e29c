"""Folders into which copies of photos were put: they are no photos of their own."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"

# {text} is compared byte by byte on both databases
TABLE = """
CREATE TABLE copy_folder (
    channel_id {text} NOT NULL,
    path {text} NOT NULL,
    PRIMARY KEY (channel_id, path),
    FOREIGN KEY (channel_id) REFERENCES channel (id) ON DELETE CASCADE
) {rows}
"""

SQLITE = {"text": "TEXT", "rows": "WITHOUT ROWID"}
POSTGRESQL = {"text": 'TEXT COLLATE "C"', "rows": ""}


def upgrade() -> None:
    """Make the table."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(TABLE.format(**(POSTGRESQL if on_postgresql else SQLITE)))
