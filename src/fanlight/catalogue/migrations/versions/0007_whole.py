"""Whether a channel has been read from its beginning to its end: only then it is followed."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE reading ADD COLUMN whole BOOLEAN NOT NULL DEFAULT FALSE")
