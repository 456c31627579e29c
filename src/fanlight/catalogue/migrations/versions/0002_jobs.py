"""Jobs."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

# {text} is compared byte by byte on both databases; {number} counts up and never goes back.
TABLES = """
CREATE TABLE job (
    id {number},
    task {text} NOT NULL,
    arguments TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    losses INTEGER NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT,
    message TEXT NOT NULL DEFAULT '',
    key {text},
    lock {text},
    cancelled BOOLEAN NOT NULL,
    holder {text},
    due_at BIGINT NOT NULL,
    checkpoint TEXT NOT NULL,
    ticket BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX job_key ON job (key) WHERE state IN ('waiting', 'running');
CREATE INDEX job_due ON job (due_at, id) WHERE state IN ('waiting', 'running');
CREATE INDEX job_lock ON job (lock) WHERE state = 'running';
CREATE INDEX job_ended ON job (state, id) WHERE state NOT IN ('waiting', 'running');
CREATE INDEX job_updated ON job (updated_at)
"""

SQLITE = {"text": "TEXT", "number": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT"}
POSTGRESQL = {"text": 'TEXT COLLATE "C"', "number": "BIGSERIAL NOT NULL PRIMARY KEY"}


def upgrade() -> None:
    """Make the table of jobs."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in TABLES.format(**(POSTGRESQL if on_postgresql else SQLITE)).split(";"):
        op.execute(statement)
