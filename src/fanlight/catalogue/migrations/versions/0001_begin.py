"""The tables that Fanlight began with."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

# {text} is compared byte by byte on both databases; {number} counts up by itself.
TABLES = """
CREATE TABLE user_account (
    id {text} NOT NULL PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE web_session (
    id {text} NOT NULL PRIMARY KEY,
    user_id {text} NOT NULL,
    secret_hash {text} NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (user_id) REFERENCES user_account (id) ON DELETE CASCADE
);
CREATE INDEX ix_web_session_user_id ON web_session (user_id);
CREATE INDEX ix_web_session_expires_at ON web_session (expires_at);

CREATE TABLE connection (
    id {text} NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    label TEXT NOT NULL,
    options TEXT NOT NULL,
    secrets {bytes} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE TABLE channel (
    id {text} NOT NULL PRIMARY KEY,
    name {text} NOT NULL UNIQUE,
    connection_id {text} NOT NULL,
    provider TEXT NOT NULL,
    root TEXT NOT NULL,
    uploads BOOLEAN NOT NULL,
    enabled BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (connection_id) REFERENCES connection (id)
);
CREATE INDEX ix_channel_connection_id ON channel (connection_id);
CREATE TABLE api_token (
    id {text} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    owner_id {text},
    secret_hash {text} NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    channel_id {text},
    folder {text},
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    FOREIGN KEY (owner_id) REFERENCES user_account (id) ON DELETE CASCADE,
    FOREIGN KEY (channel_id) REFERENCES channel (id) ON DELETE CASCADE
);
CREATE INDEX ix_api_token_owner_id ON api_token (owner_id);
CREATE INDEX ix_api_token_channel_id ON api_token (channel_id);

CREATE TABLE asset (
    seq {number} NOT NULL PRIMARY KEY,
    id {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    folder {text} NOT NULL,
    alias {text} NOT NULL,
    kind TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 {text} NOT NULL,
    version INTEGER NOT NULL,
    visibility TEXT NOT NULL,
    owner_id {text},
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT,
    deleted_at BIGINT,
    width INTEGER,
    height INTEGER,
    taken_at BIGINT,
    placeholder {bytes},
    tags TEXT NOT NULL DEFAULT '',
    FOREIGN KEY (owner_id) REFERENCES user_account (id) ON DELETE SET NULL
);
CREATE INDEX asset_newest ON asset (created_at, seq) WHERE deleted_at IS NULL;
CREATE INDEX asset_name ON asset (name, seq) WHERE deleted_at IS NULL;
CREATE INDEX asset_folder_newest ON asset (folder, created_at, seq) WHERE deleted_at IS NULL;
CREATE INDEX asset_folder_name ON asset (folder, name, seq) WHERE deleted_at IS NULL;
CREATE INDEX asset_kind_newest ON asset (kind, created_at, seq) WHERE deleted_at IS NULL;
CREATE INDEX asset_trash ON asset (deleted_at, seq) WHERE deleted_at IS NOT NULL;
CREATE INDEX asset_content ON asset (sha256, size);
CREATE INDEX asset_owner ON asset (owner_id);
CREATE TABLE asset_text (
    seq {plain_number} NOT NULL PRIMARY KEY,
    body {text} NOT NULL,
    words {text} NOT NULL,
    FOREIGN KEY (seq) REFERENCES asset (seq) ON DELETE CASCADE
);
CREATE TABLE folder (
    path {text} NOT NULL PRIMARY KEY,
    parent {text},
    count BIGINT NOT NULL,
    total BIGINT NOT NULL
) {by_key};
CREATE INDEX folder_parent ON folder (parent, path);
CREATE TABLE tag (
    name {text} NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL
) {by_key};
CREATE TABLE asset_tag (
    tag {text} NOT NULL,
    created_at BIGINT NOT NULL,
    seq {plain_number} NOT NULL,
    PRIMARY KEY (tag, created_at, seq),
    FOREIGN KEY (seq) REFERENCES asset (seq) ON DELETE CASCADE
) {by_key};
CREATE INDEX asset_tag_asset ON asset_tag (seq);

CREATE TABLE placement (
    id {text} NOT NULL PRIMARY KEY,
    asset_id {text} NOT NULL,
    channel_id {text} NOT NULL,
    locator {text} NOT NULL,
    version TEXT NOT NULL,
    size BIGINT NOT NULL,
    state TEXT NOT NULL,
    "primary" BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    FOREIGN KEY (asset_id) REFERENCES asset (id) ON DELETE CASCADE,
    FOREIGN KEY (channel_id) REFERENCES channel (id)
);
CREATE INDEX placement_asset ON placement (asset_id);
CREATE INDEX placement_locator ON placement (channel_id, locator, id);
CREATE TABLE alias (
    path {text} NOT NULL PRIMARY KEY,
    asset_id {text} NOT NULL,
    "current" BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    FOREIGN KEY (asset_id) REFERENCES asset (id) ON DELETE CASCADE
) {by_key};
CREATE INDEX alias_asset ON alias (asset_id);
CREATE TABLE intent (
    id {text} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    channel_id {text} NOT NULL,
    path {text} NOT NULL UNIQUE,
    asset_id {text} NOT NULL,
    holder {text} NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    plan TEXT NOT NULL,
    FOREIGN KEY (channel_id) REFERENCES channel (id)
);
CREATE INDEX ix_intent_channel_id ON intent (channel_id);
CREATE INDEX ix_intent_holder ON intent (holder);
CREATE INDEX ix_intent_lease_until ON intent (lease_until);

CREATE TABLE counter (
    name {text} NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
) {by_key};
CREATE TABLE change (
    seq {plain_number} NOT NULL PRIMARY KEY,
    asset_id {text} NOT NULL
);
CREATE TABLE setting (
    name {text} NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE event (
    id {number} NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX ix_event_at ON event (at);
CREATE TABLE canary (
    id SMALLINT NOT NULL PRIMARY KEY,
    sealed {bytes} NOT NULL
)
"""

# Both indices are without content of their own: `asset_text` has it, and its triggers feed them.
# The words come split by spaces and folded, so the simplest tokenizer serves.
SEARCH_ON_SQLITE = (
    "CREATE VIRTUAL TABLE asset_grams USING fts5"
    " (body, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')",
    "CREATE VIRTUAL TABLE asset_words USING fts5"
    " (words, content='', detail=none, columnsize=0, tokenize='ascii', prefix='1 2')",
    """
    CREATE TRIGGER asset_text_added AFTER INSERT ON asset_text BEGIN
        INSERT INTO asset_grams (rowid, body) VALUES (new.seq, new.body);
        INSERT INTO asset_words (rowid, words) VALUES (new.seq, new.words);
    END
    """,
    """
    CREATE TRIGGER asset_text_removed AFTER DELETE ON asset_text BEGIN
        INSERT INTO asset_grams (asset_grams, rowid, body) VALUES ('delete', old.seq, old.body);
        INSERT INTO asset_words (asset_words, rowid, words) VALUES ('delete', old.seq, old.words);
    END
    """,
    """
    CREATE TRIGGER asset_text_changed AFTER UPDATE ON asset_text BEGIN
        INSERT INTO asset_grams (asset_grams, rowid, body) VALUES ('delete', old.seq, old.body);
        INSERT INTO asset_words (asset_words, rowid, words) VALUES ('delete', old.seq, old.words);
        INSERT INTO asset_grams (rowid, body) VALUES (new.seq, new.body);
        INSERT INTO asset_words (rowid, words) VALUES (new.seq, new.words);
    END
    """,
)
SEARCH_ON_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX asset_text_grams ON asset_text USING gin (body gin_trgm_ops)"
    " WITH (gin_pending_list_limit = 512)",
    "CREATE INDEX asset_text_words ON asset_text"
    " USING gin (array_to_tsvector(string_to_array(words, ' ')))"
    " WITH (gin_pending_list_limit = 512)",
)

SQLITE = {
    "text": "TEXT",
    "bytes": "BLOB",
    "number": "INTEGER",
    "plain_number": "INTEGER",
    "by_key": "WITHOUT ROWID",
}
POSTGRESQL = {
    "text": 'TEXT COLLATE "C"',
    "bytes": "BYTEA",
    "number": "BIGSERIAL",
    "plain_number": "BIGINT",
    "by_key": "",
}


def upgrade() -> None:
    """Make everything."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in TABLES.format(**(POSTGRESQL if on_postgresql else SQLITE)).split(";"):
        op.execute(statement)
    for statement in SEARCH_ON_POSTGRESQL if on_postgresql else SEARCH_ON_SQLITE:
        op.execute(statement)
