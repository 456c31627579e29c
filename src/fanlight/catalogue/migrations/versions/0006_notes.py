"""What all processes agree on about an account: turns, pauses, sessions."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENT = """
CREATE TABLE connection_note (
    connection_id {text} NOT NULL,
    name {text} NOT NULL,
    value TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, name),
    FOREIGN KEY (connection_id) REFERENCES connection (id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    """Make the table."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(STATEMENT.format(text='TEXT COLLATE "C"' if on_postgresql else "TEXT"))
