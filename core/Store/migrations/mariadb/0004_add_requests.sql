-- Requests that a person has to decide about.
CREATE TABLE IF NOT EXISTS requests (
    id           VARBINARY(16) NOT NULL PRIMARY KEY,   -- also the transaction's, once it is under way
    identity     VARCHAR(512)  NOT NULL,
    label        VARCHAR(64)   NOT NULL,
    request_hash VARBINARY(32) NOT NULL,
    operation    VARCHAR(64)   NOT NULL,
    requester    MEDIUMTEXT    NOT NULL,               -- for people
    source_ip    VARCHAR(64)   NOT NULL,
    ca           VARCHAR(255)  NOT NULL,               -- the CA whose draft was judged
    subject      MEDIUMTEXT    NOT NULL,
    names        MEDIUMTEXT    NOT NULL,               -- alternative names, a line each
    usages       MEDIUMTEXT    NOT NULL,               -- extended key usages, a line each
    key_type     VARCHAR(64)   NOT NULL,
    request      MEDIUMBLOB    NOT NULL,
    created_at   BIGINT        NOT NULL,
    expires_at   BIGINT        NOT NULL,
    decision     INT           NOT NULL DEFAULT 0,     -- 0 none, 1 approved, 2 rejected
    decided_by   MEDIUMTEXT,
    decided_at   BIGINT,
    reason       MEDIUMTEXT
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS idx_requests_request ON requests (identity, label, request_hash, created_at);
CREATE INDEX IF NOT EXISTS idx_requests_created ON requests (created_at);

-- A CA's word for a request that it has not decided about yet.
ALTER TABLE transactions ADD COLUMN IF NOT EXISTS ticket MEDIUMTEXT;

-- What a registration authority renews for others is found by its name. The beginning of it, because a subject may be longer than an index takes.
CREATE INDEX IF NOT EXISTS idx_certificates_subject ON certificates (label, subject(255));
