-- The journal: one hash chain a node, nothing but INSERT.
CREATE TABLE IF NOT EXISTS audit_log (
    node          VARCHAR(64)   NOT NULL,
    sequence      BIGINT        NOT NULL,   -- 1, 2, 3, ... within the node
    time          BIGINT        NOT NULL,
    event_type    VARCHAR(128)  NOT NULL,
    niap          VARCHAR(128)  NOT NULL,
    success       INT           NOT NULL,
    actor         MEDIUMTEXT,
    source_ip     VARCHAR(64),
    label         VARCHAR(255),
    ca            VARCHAR(255),
    serial        VARCHAR(255),
    details       MEDIUMTEXT    NOT NULL,   -- a JSON object of strings, names in ordinal order
    previous_hash VARBINARY(64) NOT NULL,
    hash          VARBINARY(64) NOT NULL,
    PRIMARY KEY (node, sequence)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

CREATE OR REPLACE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is append-only';

CREATE OR REPLACE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_log is append-only';
