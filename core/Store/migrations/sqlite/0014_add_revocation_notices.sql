-- Which CAs have to be told of which revocations, and have been.
CREATE TABLE revocation_notices (
    certificate_id INTEGER NOT NULL UNIQUE,  -- certificates.id
    ca             TEXT    NOT NULL,
    told_at        INTEGER,                  -- NULL: it has not agreed yet
    due_at         INTEGER NOT NULL,         -- not before
    leased_until   INTEGER,                  -- a node tells it until then
    leased_by      TEXT,                     -- that node
    attempts       INTEGER NOT NULL DEFAULT 0,
    failure        TEXT                      -- what became of the last attempt
);
CREATE INDEX idx_revocation_notices_due ON revocation_notices (told_at, ca, due_at);
