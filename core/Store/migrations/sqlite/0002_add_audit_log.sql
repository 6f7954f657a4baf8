-- The journal: one hash chain a node, nothing but INSERT.
CREATE TABLE audit_log (
    node          TEXT    NOT NULL,
    sequence      INTEGER NOT NULL,   -- 1, 2, 3, ... within the node
    time          INTEGER NOT NULL,
    event_type    TEXT    NOT NULL,
    niap          TEXT    NOT NULL,
    success       INTEGER NOT NULL,
    actor         TEXT,
    source_ip     TEXT,
    label         TEXT,
    ca            TEXT,
    serial        TEXT,
    details       TEXT    NOT NULL,   -- a JSON object of strings, names in ordinal order
    previous_hash BLOB    NOT NULL,
    hash          BLOB    NOT NULL,
    UNIQUE (node, sequence)
);

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
