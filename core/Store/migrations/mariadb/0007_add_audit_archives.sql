-- What has left the journal. Each row is signed, and the chain goes on from it.
CREATE TABLE IF NOT EXISTS audit_archives (
    node           VARCHAR(255)   NOT NULL,
    number         BIGINT         NOT NULL,   -- 1, 2, 3, ... within the node
    first_sequence BIGINT         NOT NULL,
    last_sequence  BIGINT         NOT NULL,
    previous_hash  VARBINARY(32)  NOT NULL,   -- of the record before the first
    hash           VARBINARY(32)  NOT NULL,   -- of the last record
    time           BIGINT         NOT NULL,
    file_name      TEXT           NOT NULL,
    file_sha256    VARBINARY(32)  NOT NULL,
    key_id         VARCHAR(64)    NOT NULL,
    signature      VARBINARY(512) NOT NULL,
    UNIQUE (node, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER audit_archives_no_update BEFORE UPDATE ON audit_archives FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_archives is append-only';

CREATE OR REPLACE TRIGGER audit_archives_no_delete BEFORE DELETE ON audit_archives FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_archives is append-only';

-- Records leave behind an archive that has them, and in no other way.
DROP TRIGGER IF EXISTS audit_log_no_delete;

CREATE OR REPLACE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW
IF NOT EXISTS (SELECT 1 FROM audit_archives WHERE node = OLD.node AND last_sequence >= OLD.sequence) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is append-only';
END IF;

-- How far the expiry of certificates has been recorded: one row.
CREATE TABLE IF NOT EXISTS expiry_mark (
    only_row       BIGINT NOT NULL UNIQUE,
    not_after      BIGINT NOT NULL,
    certificate_id BIGINT NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO expiry_mark (only_row, not_after, certificate_id) VALUES (1, 0, 0);
CREATE INDEX IF NOT EXISTS idx_certificates_not_after ON certificates (not_after, id);
