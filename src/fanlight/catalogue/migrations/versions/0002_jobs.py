"""Jobs."""

from __future__ import annotations

from alembic import op

from fanlight.catalogue.jobs import job

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of jobs."""
    job.create(op.get_bind())
