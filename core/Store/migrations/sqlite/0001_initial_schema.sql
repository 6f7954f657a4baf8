-- Every time in every table is an INTEGER: microseconds since 1970-01-01T00:00:00Z. Every id and hash is a BLOB.

-- What was asked, and what became of it. Written before any CA is called.
CREATE TABLE transactions (
    id             BLOB    NOT NULL UNIQUE,   -- the 16 bytes of a UUID, big-endian
    identity       TEXT    NOT NULL,
    label          TEXT    NOT NULL,          -- '' is the unlabelled path
    request_hash   BLOB    NOT NULL,
    operation      TEXT    NOT NULL,
    state          INTEGER NOT NULL,          -- 0 open, 1 issued, 2 failed
    ca             TEXT    NOT NULL,
    serial         BLOB    NOT NULL,          -- as drafted
    draft          BLOB    NOT NULL,
    node           TEXT    NOT NULL,
    not_before     INTEGER NOT NULL,          -- as first drafted
    not_after      INTEGER NOT NULL,
    opened_at      INTEGER NOT NULL,
    closed_at      INTEGER,
    certificate_id INTEGER,                   -- certificates.id, once issued
    delivered      INTEGER NOT NULL DEFAULT 0,
    reason         TEXT                       -- why it failed
);
CREATE INDEX idx_transactions_request ON transactions (identity, label, request_hash, opened_at);
-- One request is in work at most once, on whichever node.
CREATE UNIQUE INDEX idx_transactions_open ON transactions (identity, label, request_hash) WHERE state = 0;

-- The key-value store of the plugins' instances.
CREATE TABLE plugin_data (
    instance   TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    value      BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (instance, key)
) WITHOUT ROWID;
CREATE INDEX idx_plugin_data_expires ON plugin_data (expires_at) WHERE expires_at IS NOT NULL;
