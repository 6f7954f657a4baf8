-- Every certificate issued. Rows stay for ever; only the revocation may be added.
CREATE TABLE IF NOT EXISTS certificates (
    id                BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    sha256            VARBINARY(32) NOT NULL UNIQUE,       -- of the DER
    serial            VARCHAR(64)   NOT NULL,              -- lower-case hex
    ca                VARCHAR(255)  NOT NULL,
    subject           MEDIUMTEXT    NOT NULL,
    issuer            MEDIUMTEXT    NOT NULL,
    not_before        BIGINT        NOT NULL,
    not_after         BIGINT        NOT NULL,
    key_type          VARCHAR(64)   NOT NULL,
    der               MEDIUMBLOB    NOT NULL,
    label             VARCHAR(64)   NOT NULL,
    operation         VARCHAR(64)   NOT NULL,
    identity          VARCHAR(512)  NOT NULL,
    transaction_id    VARBINARY(16) NOT NULL,
    issued_at         BIGINT        NOT NULL,
    revoked_at        BIGINT,
    revocation_reason INT                                  -- RFC 5280 section 5.3.1
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
-- Not unique: an external CA that was set up anew may begin its serial numbers again, and what it issued must not be lost.
CREATE INDEX IF NOT EXISTS idx_certificates_serial ON certificates (serial, ca);
-- Also answers the figures of a CA without touching the rows.
CREATE INDEX IF NOT EXISTS idx_certificates_ca ON certificates (ca, issued_at, not_after, revoked_at);

CREATE OR REPLACE TRIGGER certificates_fixed BEFORE UPDATE ON certificates FOR EACH ROW
    IF NOT (NEW.id = OLD.id AND NEW.sha256 = OLD.sha256 AND NEW.serial = OLD.serial AND NEW.ca = OLD.ca AND NEW.subject = OLD.subject
        AND NEW.issuer = OLD.issuer AND NEW.not_before = OLD.not_before AND NEW.not_after = OLD.not_after AND NEW.key_type = OLD.key_type
        AND NEW.der = OLD.der AND NEW.label = OLD.label AND NEW.operation = OLD.operation AND NEW.identity = OLD.identity
        AND NEW.transaction_id = OLD.transaction_id AND NEW.issued_at = OLD.issued_at) THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a certificate''s row is fixed but for its revocation';
    END IF;

CREATE OR REPLACE TRIGGER certificates_no_delete BEFORE DELETE ON certificates FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'certificates are never deleted';
