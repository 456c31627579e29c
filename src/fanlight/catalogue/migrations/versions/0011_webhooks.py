"""Addresses of other programs that are called when something happens."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"

# {text} is compared byte by byte on both databases
TABLE = """
CREATE TABLE webhook (
    id {text} NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    tellings TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    secret {bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    problem TEXT NOT NULL,
    called_at BIGINT
)
"""

SQLITE = {"text": "TEXT", "bytes": "BLOB"}
POSTGRESQL = {"text": 'TEXT COLLATE "C"', "bytes": "BYTEA"}


def upgrade() -> None:
    """Make the table."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(TABLE.format(**(POSTGRESQL if on_postgresql else SQLITE)))
