"""Facts of pictures and videos."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = """
ALTER TABLE asset ADD COLUMN prepared INTEGER NOT NULL DEFAULT 0;
ALTER TABLE asset ADD COLUMN problem TEXT NOT NULL DEFAULT '';
CREATE INDEX asset_unprepared ON asset (seq)
    WHERE prepared <> version AND kind IN ('picture', 'video') AND deleted_at IS NULL;
CREATE INDEX asset_problem ON asset (seq) WHERE problem <> '';
CREATE TABLE asset_facts (
    seq {number} NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    facts TEXT NOT NULL,
    latitude {float},
    longitude {float},
    altitude {float},
    problem TEXT NOT NULL,
    message TEXT NOT NULL,
    remedy TEXT NOT NULL,
    FOREIGN KEY (seq) REFERENCES asset (seq) ON DELETE CASCADE
)
"""

SQLITE = {"number": "INTEGER", "float": "DOUBLE"}
POSTGRESQL = {"number": "BIGINT", "float": "DOUBLE PRECISION"}


def upgrade() -> None:
    """Make the table of facts, and tell which assets lack them."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in STATEMENTS.format(**(POSTGRESQL if on_postgresql else SQLITE)).split(";"):
        op.execute(statement)
