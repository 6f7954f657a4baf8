-- The journal: one hash chain a node, nothing but INSERT.
CREATE TABLE audit_log (
    node          TEXT    COLLATE "C" NOT NULL,
    sequence      BIGINT  NOT NULL,   -- 1, 2, 3, ... within the node
    time          BIGINT  NOT NULL,
    event_type    TEXT    COLLATE "C" NOT NULL,
    niap          TEXT    COLLATE "C" NOT NULL,
    success       INTEGER NOT NULL,
    actor         TEXT    COLLATE "C",
    source_ip     TEXT    COLLATE "C",
    label         TEXT    COLLATE "C",
    ca            TEXT    COLLATE "C",
    serial        TEXT    COLLATE "C",
    details       TEXT    COLLATE "C" NOT NULL,   -- a JSON object of strings, names in ordinal order
    previous_hash BYTEA   NOT NULL,
    hash          BYTEA   NOT NULL,
    PRIMARY KEY (node, sequence)
);

CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only';
END $$;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_append_only();
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_append_only();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();
