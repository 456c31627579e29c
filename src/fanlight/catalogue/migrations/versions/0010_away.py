"""Items that are not where their gallery looks: kept with their place until they are back."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE gallery_item ADD COLUMN away BOOLEAN NOT NULL DEFAULT FALSE")
