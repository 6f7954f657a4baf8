-- What has left the journal. Each row is signed, and the chain goes on from it.
CREATE TABLE audit_archives (
    node           TEXT COLLATE "C"   NOT NULL,
    number         BIGINT NOT NULL,   -- 1, 2, 3, ... within the node
    first_sequence BIGINT NOT NULL,
    last_sequence  BIGINT NOT NULL,
    previous_hash  BYTEA  NOT NULL,   -- of the record before the first
    hash           BYTEA  NOT NULL,   -- of the last record
    time           BIGINT NOT NULL,
    file_name      TEXT COLLATE "C"   NOT NULL,
    file_sha256    BYTEA  NOT NULL,
    key_id         TEXT COLLATE "C"   NOT NULL,
    signature      BYTEA  NOT NULL,
    UNIQUE (node, number)
);

CREATE FUNCTION audit_archives_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_archives is append-only';
END
$$;

CREATE TRIGGER audit_archives_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_archives
FOR EACH STATEMENT EXECUTE FUNCTION audit_archives_append_only();

-- Records leave behind an archive that has them, and in no other way.
CREATE FUNCTION audit_log_leaves_archived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_archives WHERE node = OLD.node AND last_sequence >= OLD.sequence) THEN
        RAISE EXCEPTION 'audit_log is append-only';
    END IF;
    RETURN OLD;
END
$$;

DROP TRIGGER audit_log_no_delete ON audit_log;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION audit_log_leaves_archived();

-- How far the expiry of certificates has been recorded: one row.
CREATE TABLE expiry_mark (
    only_row       BIGINT NOT NULL UNIQUE,
    not_after      BIGINT NOT NULL,
    certificate_id BIGINT NOT NULL
);
INSERT INTO expiry_mark (only_row, not_after, certificate_id) VALUES (1, 0, 0);
CREATE INDEX idx_certificates_not_after ON certificates (not_after, id);
