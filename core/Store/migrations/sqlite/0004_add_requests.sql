-- Requests that a person has to decide about.
CREATE TABLE requests (
    id           BLOB    NOT NULL UNIQUE,  -- also the transaction's, once it is under way
    identity     TEXT    NOT NULL,
    label        TEXT    NOT NULL,
    request_hash BLOB    NOT NULL,
    operation    TEXT    NOT NULL,
    requester    TEXT    NOT NULL,         -- for people
    source_ip    TEXT    NOT NULL,
    ca           TEXT    NOT NULL,         -- the CA whose draft was judged
    subject      TEXT    NOT NULL,
    names        TEXT    NOT NULL,         -- alternative names, a line each
    usages       TEXT    NOT NULL,         -- extended key usages, a line each
    key_type     TEXT    NOT NULL,
    request      BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    decision     INTEGER NOT NULL DEFAULT 0,  -- 0 none, 1 approved, 2 rejected
    decided_by   TEXT,
    decided_at   INTEGER,
    reason       TEXT
);
CREATE INDEX idx_requests_request ON requests (identity, label, request_hash, created_at);
CREATE INDEX idx_requests_created ON requests (created_at);

-- A CA's word for a request that it has not decided about yet.
ALTER TABLE transactions ADD COLUMN ticket TEXT;

-- What a registration authority renews for others is found by its name.
CREATE INDEX idx_certificates_subject ON certificates (label, subject);
