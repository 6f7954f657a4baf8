-- What a renewal takes the place of, and when that is to be revoked after the answer was delivered.
ALTER TABLE transactions ADD COLUMN IF NOT EXISTS supersedes VARBINARY(32);  -- SHA-256 of the renewed certificate; NULL: nothing is revoked
ALTER TABLE transactions ADD COLUMN IF NOT EXISTS revoke_after BIGINT;       -- microseconds

-- Renewed certificates whose time has come, or will.
CREATE TABLE IF NOT EXISTS due_revocations (
    transaction_id VARBINARY(16) NOT NULL PRIMARY KEY,  -- of the renewal
    sha256         VARBINARY(32) NOT NULL,              -- of the renewed certificate
    due_at         BIGINT        NOT NULL,
    leased_until   BIGINT                               -- a node works on it until then
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS idx_due_revocations_due ON due_revocations (due_at);

-- Subject and alternative names as one value, the same for equal names (RFC 5280 section 7). NULL: older than this column.
ALTER TABLE certificates ADD COLUMN IF NOT EXISTS names VARBINARY(255);
CREATE INDEX IF NOT EXISTS idx_certificates_names ON certificates (label, names);

CREATE OR REPLACE TRIGGER certificates_names_fixed BEFORE UPDATE ON certificates FOR EACH ROW
    IF NOT (NEW.names <=> OLD.names) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a certificate''s row is fixed but for its revocation';
    END IF;

-- Certificates that are to be renewed earlier than their age says. NULL does not narrow.
CREATE TABLE IF NOT EXISTS replacements (
    id              VARBINARY(16) NOT NULL PRIMARY KEY,
    ca              VARCHAR(255),
    label           VARCHAR(64),
    serial          VARCHAR(255),
    subject         MEDIUMTEXT,                         -- a part of the subject's text, in any case
    issued_before   BIGINT,
    starts_at       BIGINT        NOT NULL,
    ends_at         BIGINT        NOT NULL,
    reason          MEDIUMTEXT    NOT NULL,
    explanation_url MEDIUMTEXT,
    created_by      MEDIUMTEXT    NOT NULL,
    created_at      BIGINT        NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
