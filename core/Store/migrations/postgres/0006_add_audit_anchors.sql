-- Signed heads of the chains: what was cut off the end of a chain is missed by the anchor that saw it.
CREATE TABLE audit_anchors (
    node      TEXT COLLATE "C"   NOT NULL,
    number    BIGINT NOT NULL,   -- 1, 2, 3, ... within the node
    sequence  BIGINT NOT NULL,   -- the last record that the anchor covers
    hash      BYTEA  NOT NULL,   -- of that record
    time      BIGINT NOT NULL,
    key_id    TEXT COLLATE "C"   NOT NULL,   -- SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hex
    signature BYTEA  NOT NULL,   -- ECDSA with SHA-256, DER
    UNIQUE (node, number)
);

CREATE FUNCTION audit_anchors_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_anchors is append-only';
END
$$;

CREATE TRIGGER audit_anchors_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchors
FOR EACH STATEMENT EXECUTE FUNCTION audit_anchors_append_only();

-- The detail that is searched for by a part of it, beside the details it is taken from.
ALTER TABLE audit_log ADD COLUMN subject TEXT COLLATE "C";

-- Lists are newest first, over all nodes.
CREATE INDEX idx_audit_log_time ON audit_log (time, node, sequence);
