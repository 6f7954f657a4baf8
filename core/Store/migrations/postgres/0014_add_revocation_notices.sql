-- Which CAs have to be told of which revocations, and have been.
CREATE TABLE revocation_notices (
    certificate_id BIGINT  NOT NULL PRIMARY KEY,  -- certificates.id
    ca             TEXT    COLLATE "C" NOT NULL,
    told_at        BIGINT,                        -- NULL: it has not agreed yet
    due_at         BIGINT  NOT NULL,              -- not before
    leased_until   BIGINT,                        -- a node tells it until then
    leased_by      TEXT    COLLATE "C",           -- that node
    attempts       INTEGER NOT NULL DEFAULT 0,
    failure        TEXT    COLLATE "C"            -- what became of the last attempt
);
CREATE INDEX idx_revocation_notices_due ON revocation_notices (told_at, ca, due_at);
