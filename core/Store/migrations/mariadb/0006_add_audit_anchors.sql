-- Signed heads of the chains: what was cut off the end of a chain is missed by the anchor that saw it.
CREATE TABLE IF NOT EXISTS audit_anchors (
    node      VARCHAR(255)   NOT NULL,
    number    BIGINT         NOT NULL,   -- 1, 2, 3, ... within the node
    sequence  BIGINT         NOT NULL,   -- the last record that the anchor covers
    hash      VARBINARY(32)  NOT NULL,   -- of that record
    time      BIGINT         NOT NULL,
    key_id    VARCHAR(64)    NOT NULL,   -- SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hex
    signature VARBINARY(512) NOT NULL,   -- ECDSA with SHA-256, DER
    UNIQUE (node, number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER audit_anchors_no_update BEFORE UPDATE ON audit_anchors FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_anchors is append-only';

CREATE OR REPLACE TRIGGER audit_anchors_no_delete BEFORE DELETE ON audit_anchors FOR EACH ROW
SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_anchors is append-only';

-- The detail that is searched for by a part of it, beside the details it is taken from.
ALTER TABLE audit_log ADD COLUMN IF NOT EXISTS subject TEXT;

-- Lists are newest first, over all nodes.
CREATE INDEX IF NOT EXISTS idx_audit_log_time ON audit_log (time, node, sequence);
