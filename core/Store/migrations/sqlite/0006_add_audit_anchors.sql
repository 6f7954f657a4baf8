-- Signed heads of the chains: what was cut off the end of a chain is missed by the anchor that saw it.
CREATE TABLE audit_anchors (
    node      TEXT    NOT NULL,
    number    INTEGER NOT NULL,   -- 1, 2, 3, ... within the node
    sequence  INTEGER NOT NULL,   -- the last record that the anchor covers
    hash      BLOB    NOT NULL,   -- of that record
    time      INTEGER NOT NULL,
    key_id    TEXT    NOT NULL,   -- SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hex
    signature BLOB    NOT NULL,   -- ECDSA with SHA-256, DER
    UNIQUE (node, number)
);

CREATE TRIGGER audit_anchors_no_update BEFORE UPDATE ON audit_anchors
BEGIN
    SELECT RAISE(ABORT, 'audit_anchors is append-only');
END;

CREATE TRIGGER audit_anchors_no_delete BEFORE DELETE ON audit_anchors
BEGIN
    SELECT RAISE(ABORT, 'audit_anchors is append-only');
END;

-- The detail that is searched for by a part of it, beside the details it is taken from.
ALTER TABLE audit_log ADD COLUMN subject TEXT;
DROP TRIGGER audit_log_no_update;
UPDATE audit_log SET subject = json_extract(details, '$.subject');
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

-- Lists are newest first, over all nodes.
CREATE INDEX idx_audit_log_time ON audit_log (time, node, sequence);
