-- Every time in every table is a BIGINT: microseconds since 1970-01-01T00:00:00Z. Every id and hash is BYTEA. Texts compare by their bytes.

-- What was asked, and what became of it. Written before any CA is called.
CREATE TABLE transactions (
    id             BYTEA   NOT NULL PRIMARY KEY,   -- the 16 bytes of a UUID, big-endian
    identity       TEXT    COLLATE "C" NOT NULL,
    label          TEXT    COLLATE "C" NOT NULL,   -- '' is the unlabelled path
    request_hash   BYTEA   NOT NULL,
    operation      TEXT    COLLATE "C" NOT NULL,
    state          INTEGER NOT NULL,               -- 0 open, 1 issued, 2 failed
    ca             TEXT    COLLATE "C" NOT NULL,
    serial         BYTEA   NOT NULL,               -- as drafted
    draft          BYTEA   NOT NULL,
    node           TEXT    COLLATE "C" NOT NULL,
    not_before     BIGINT  NOT NULL,               -- as first drafted
    not_after      BIGINT  NOT NULL,
    opened_at      BIGINT  NOT NULL,
    closed_at      BIGINT,
    certificate_id BIGINT,                         -- certificates.id, once issued
    delivered      INTEGER NOT NULL DEFAULT 0,
    reason         TEXT    COLLATE "C"             -- why it failed
);
CREATE INDEX idx_transactions_request ON transactions (identity, label, request_hash, opened_at);
-- One request is in work at most once, on whichever node.
CREATE UNIQUE INDEX idx_transactions_open ON transactions (identity, label, request_hash) WHERE state = 0;

-- The key-value store of the plugins' instances.
CREATE TABLE plugin_data (
    instance   TEXT   COLLATE "C" NOT NULL,
    "key"      TEXT   COLLATE "C" NOT NULL,
    value      BYTEA  NOT NULL,
    version    BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (instance, "key")
);
CREATE INDEX idx_plugin_data_expires ON plugin_data (expires_at) WHERE expires_at IS NOT NULL;
