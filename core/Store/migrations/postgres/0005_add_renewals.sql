-- What a renewal takes the place of, and when that is to be revoked after the answer was delivered.
ALTER TABLE transactions ADD COLUMN supersedes BYTEA;      -- SHA-256 of the renewed certificate; NULL: nothing is revoked
ALTER TABLE transactions ADD COLUMN revoke_after BIGINT;   -- microseconds

-- Renewed certificates whose time has come, or will.
CREATE TABLE due_revocations (
    transaction_id BYTEA  NOT NULL PRIMARY KEY,  -- of the renewal
    sha256         BYTEA  NOT NULL,              -- of the renewed certificate
    due_at         BIGINT NOT NULL,
    leased_until   BIGINT                        -- a node works on it until then
);
CREATE INDEX idx_due_revocations_due ON due_revocations (due_at);

-- Subject and alternative names as one value, the same for equal names (RFC 5280 section 7). NULL: older than this column.
ALTER TABLE certificates ADD COLUMN names BYTEA;
CREATE INDEX idx_certificates_names ON certificates (label, names);

CREATE TRIGGER certificates_names_fixed BEFORE UPDATE OF names ON certificates FOR EACH ROW EXECUTE FUNCTION certificates_fixed();

-- Certificates that are to be renewed earlier than their age says. NULL does not narrow.
CREATE TABLE replacements (
    id              BYTEA  NOT NULL PRIMARY KEY,
    ca              TEXT   COLLATE "C",
    label           TEXT   COLLATE "C",
    serial          TEXT   COLLATE "C",
    subject         TEXT   COLLATE "C",             -- a part of the subject's text, in any case
    issued_before   BIGINT,
    starts_at       BIGINT NOT NULL,
    ends_at         BIGINT NOT NULL,
    reason          TEXT   COLLATE "C" NOT NULL,
    explanation_url TEXT   COLLATE "C",
    created_by      TEXT   COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL
);
