-- Every time in every table is a BIGINT: microseconds since 1970-01-01T00:00:00Z. Every id and hash is VARBINARY. Texts compare by their
-- bytes. MariaDB commits after every statement that changes the schema, so each of them may be repeated.

-- What was asked, and what became of it. Written before any CA is called.
CREATE TABLE IF NOT EXISTS transactions (
    id             VARBINARY(16) NOT NULL PRIMARY KEY,   -- the 16 bytes of a UUID, big-endian
    identity       VARCHAR(512)  NOT NULL,
    label          VARCHAR(64)   NOT NULL,               -- '' is the unlabelled path
    request_hash   VARBINARY(32) NOT NULL,
    operation      VARCHAR(64)   NOT NULL,
    state          INT           NOT NULL,               -- 0 open, 1 issued, 2 failed
    ca             VARCHAR(255)  NOT NULL,
    serial         VARBINARY(64) NOT NULL,               -- as drafted
    draft          MEDIUMBLOB    NOT NULL,
    node           VARCHAR(64)   NOT NULL,
    not_before     BIGINT        NOT NULL,               -- as first drafted
    not_after      BIGINT        NOT NULL,
    opened_at      BIGINT        NOT NULL,
    closed_at      BIGINT,
    certificate_id BIGINT,                               -- certificates.id, once issued
    delivered      INT           NOT NULL DEFAULT 0,
    reason         MEDIUMTEXT,                           -- why it failed
    -- NULL is equal to nothing, so that only what is open is unique: MariaDB has no index over a part of the rows.
    open_hash      VARBINARY(32) AS (CASE WHEN state = 0 THEN request_hash END) STORED
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS idx_transactions_request ON transactions (identity, label, request_hash, opened_at);
-- One request is in work at most once, on whichever node.
CREATE UNIQUE INDEX IF NOT EXISTS idx_transactions_open ON transactions (identity, label, open_hash);

-- The key-value store of the plugins' instances.
CREATE TABLE IF NOT EXISTS plugin_data (
    instance   VARCHAR(255) NOT NULL,
    "key"      VARCHAR(200) NOT NULL,
    value      MEDIUMBLOB   NOT NULL,
    version    BIGINT       NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (instance, "key")
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS idx_plugin_data_expires ON plugin_data (expires_at);
