-- Every certificate issued. Rows stay for ever; only the revocation may be added.
CREATE TABLE certificates (
    id                BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256            BYTEA   NOT NULL UNIQUE,             -- of the DER
    serial            TEXT    COLLATE "C" NOT NULL,        -- lower-case hex
    ca                TEXT    COLLATE "C" NOT NULL,
    subject           TEXT    COLLATE "C" NOT NULL,
    issuer            TEXT    COLLATE "C" NOT NULL,
    not_before        BIGINT  NOT NULL,
    not_after         BIGINT  NOT NULL,
    key_type          TEXT    COLLATE "C" NOT NULL,
    der               BYTEA   NOT NULL,
    label             TEXT    COLLATE "C" NOT NULL,
    operation         TEXT    COLLATE "C" NOT NULL,
    identity          TEXT    COLLATE "C" NOT NULL,
    transaction_id    BYTEA   NOT NULL,
    issued_at         BIGINT  NOT NULL,
    revoked_at        BIGINT,
    revocation_reason INTEGER                              -- RFC 5280 section 5.3.1
);
-- Not unique: an external CA that was set up anew may begin its serial numbers again, and what it issued must not be lost.
CREATE INDEX idx_certificates_serial ON certificates (serial, ca);
-- Also answers the figures of a CA without touching the rows.
CREATE INDEX idx_certificates_ca ON certificates (ca, issued_at, not_after, revoked_at);

CREATE FUNCTION certificates_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a certificate''s row is fixed but for its revocation';
END $$;

CREATE TRIGGER certificates_fixed
BEFORE UPDATE OF id, sha256, serial, ca, subject, issuer, not_before, not_after, key_type, der, label, operation, identity,
                 transaction_id, issued_at
ON certificates FOR EACH ROW EXECUTE FUNCTION certificates_fixed();

CREATE TRIGGER certificates_no_delete BEFORE DELETE ON certificates FOR EACH ROW EXECUTE FUNCTION certificates_fixed();
CREATE TRIGGER certificates_no_truncate BEFORE TRUNCATE ON certificates FOR EACH STATEMENT EXECUTE FUNCTION certificates_fixed();
