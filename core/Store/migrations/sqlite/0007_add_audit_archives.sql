-- What has left the journal. Each row is signed, and the chain goes on from it.
CREATE TABLE audit_archives (
    node           TEXT    NOT NULL,
    number         INTEGER NOT NULL,   -- 1, 2, 3, ... within the node
    first_sequence INTEGER NOT NULL,
    last_sequence  INTEGER NOT NULL,
    previous_hash  BLOB    NOT NULL,   -- of the record before the first
    hash           BLOB    NOT NULL,   -- of the last record
    time           INTEGER NOT NULL,
    file_name      TEXT    NOT NULL,
    file_sha256    BLOB    NOT NULL,
    key_id         TEXT    NOT NULL,
    signature      BLOB    NOT NULL,
    UNIQUE (node, number)
);

CREATE TRIGGER audit_archives_no_update BEFORE UPDATE ON audit_archives
BEGIN
    SELECT RAISE(ABORT, 'audit_archives is append-only');
END;

CREATE TRIGGER audit_archives_no_delete BEFORE DELETE ON audit_archives
BEGIN
    SELECT RAISE(ABORT, 'audit_archives is append-only');
END;

-- Records leave behind an archive that has them, and in no other way.
DROP TRIGGER audit_log_no_delete;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
WHEN NOT EXISTS (SELECT 1 FROM audit_archives WHERE node = OLD.node AND last_sequence >= OLD.sequence)
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

-- How far the expiry of certificates has been recorded: one row.
CREATE TABLE expiry_mark (
    only_row       INTEGER NOT NULL UNIQUE,
    not_after      INTEGER NOT NULL,
    certificate_id INTEGER NOT NULL
);
INSERT INTO expiry_mark (only_row, not_after, certificate_id) VALUES (1, 0, 0);
CREATE INDEX idx_certificates_not_after ON certificates (not_after, id);
