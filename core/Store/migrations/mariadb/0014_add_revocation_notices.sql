-- Which CAs have to be told of which revocations, and have been.
CREATE TABLE IF NOT EXISTS revocation_notices (
    certificate_id BIGINT       NOT NULL PRIMARY KEY,  -- certificates.id
    ca             VARCHAR(255) NOT NULL,
    told_at        BIGINT,                             -- NULL: it has not agreed yet
    due_at         BIGINT       NOT NULL,              -- not before
    leased_until   BIGINT,                             -- a node tells it until then
    leased_by      VARCHAR(255),                       -- that node
    attempts       INT          NOT NULL DEFAULT 0,
    failure        MEDIUMTEXT                          -- what became of the last attempt
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
CREATE INDEX IF NOT EXISTS idx_revocation_notices_due ON revocation_notices (told_at, ca, due_at);
