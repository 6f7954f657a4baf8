-- What a renewal takes the place of, and when that is to be revoked after the answer was delivered.
ALTER TABLE transactions ADD COLUMN supersedes BLOB;       -- SHA-256 of the renewed certificate; NULL: nothing is revoked
ALTER TABLE transactions ADD COLUMN revoke_after INTEGER;  -- microseconds

-- Renewed certificates whose time has come, or will.
CREATE TABLE due_revocations (
    transaction_id BLOB    NOT NULL UNIQUE,  -- of the renewal
    sha256         BLOB    NOT NULL,         -- of the renewed certificate
    due_at         INTEGER NOT NULL,
    leased_until   INTEGER                   -- a node works on it until then
);
CREATE INDEX idx_due_revocations_due ON due_revocations (due_at);

-- Subject and alternative names as one value, the same for equal names (RFC 5280 section 7). NULL: older than this column.
ALTER TABLE certificates ADD COLUMN names BLOB;
CREATE INDEX idx_certificates_names ON certificates (label, names);

CREATE TRIGGER certificates_names_fixed BEFORE UPDATE OF names ON certificates
BEGIN
    SELECT RAISE(ABORT, 'a certificate''s row is fixed but for its revocation');
END;

-- Certificates that are to be renewed earlier than their age says. NULL does not narrow.
CREATE TABLE replacements (
    id              BLOB    NOT NULL UNIQUE,
    ca              TEXT,
    label           TEXT,
    serial          TEXT,
    subject         TEXT,                     -- a part of the subject's text, in any case
    issued_before   INTEGER,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    explanation_url TEXT,
    created_by      TEXT    NOT NULL,
    created_at      INTEGER NOT NULL
);
