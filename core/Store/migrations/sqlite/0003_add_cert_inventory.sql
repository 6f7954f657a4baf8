-- Every certificate issued. Rows stay for ever; only the revocation may be added.
CREATE TABLE certificates (
    id                INTEGER PRIMARY KEY,      -- in the order of issuing
    sha256            BLOB    NOT NULL UNIQUE,  -- of the DER
    serial            TEXT    NOT NULL,         -- lower-case hex
    ca                TEXT    NOT NULL,
    subject           TEXT    NOT NULL,
    issuer            TEXT    NOT NULL,
    not_before        INTEGER NOT NULL,
    not_after         INTEGER NOT NULL,
    key_type          TEXT    NOT NULL,
    der               BLOB    NOT NULL,
    label             TEXT    NOT NULL,
    operation         TEXT    NOT NULL,
    identity          TEXT    NOT NULL,
    transaction_id    BLOB    NOT NULL,
    issued_at         INTEGER NOT NULL,
    revoked_at        INTEGER,
    revocation_reason INTEGER                   -- RFC 5280 section 5.3.1
);
-- Not unique: an external CA that was set up anew may begin its serial numbers again, and what it issued must not be lost.
CREATE INDEX idx_certificates_serial ON certificates (serial, ca);
-- Also answers the figures of a CA without touching the rows.
CREATE INDEX idx_certificates_ca ON certificates (ca, issued_at, not_after, revoked_at);

CREATE TRIGGER certificates_fixed
BEFORE UPDATE OF id, sha256, serial, ca, subject, issuer, not_before, not_after, key_type, der, label, operation, identity,
                 transaction_id, issued_at
ON certificates
BEGIN
    SELECT RAISE(ABORT, 'a certificate''s row is fixed but for its revocation');
END;

CREATE TRIGGER certificates_no_delete BEFORE DELETE ON certificates
BEGIN
    SELECT RAISE(ABORT, 'certificates are never deleted');
END;
