-- Requests that a person has to decide about.
CREATE TABLE requests (
    id           BYTEA   NOT NULL PRIMARY KEY,         -- also the transaction's, once it is under way
    identity     TEXT    COLLATE "C" NOT NULL,
    label        TEXT    COLLATE "C" NOT NULL,
    request_hash BYTEA   NOT NULL,
    operation    TEXT    COLLATE "C" NOT NULL,
    requester    TEXT    COLLATE "C" NOT NULL,         -- for people
    source_ip    TEXT    COLLATE "C" NOT NULL,
    ca           TEXT    COLLATE "C" NOT NULL,         -- the CA whose draft was judged
    subject      TEXT    COLLATE "C" NOT NULL,
    names        TEXT    COLLATE "C" NOT NULL,         -- alternative names, a line each
    usages       TEXT    COLLATE "C" NOT NULL,         -- extended key usages, a line each
    key_type     TEXT    COLLATE "C" NOT NULL,
    request      BYTEA   NOT NULL,
    created_at   BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL,
    decision     INTEGER NOT NULL DEFAULT 0,           -- 0 none, 1 approved, 2 rejected
    decided_by   TEXT    COLLATE "C",
    decided_at   BIGINT,
    reason       TEXT    COLLATE "C"
);
CREATE INDEX idx_requests_request ON requests (identity, label, request_hash, created_at);
CREATE INDEX idx_requests_created ON requests (created_at);

-- A CA's word for a request that it has not decided about yet.
ALTER TABLE transactions ADD COLUMN ticket TEXT COLLATE "C";

-- What a registration authority renews for others is found by its name. The hash of it, because a subject may be longer than an index takes.
CREATE INDEX idx_certificates_subject ON certificates USING hash (subject);
