-- The last transaction that a node's process committed: how it finds out what became of a commit whose answer was lost.
CREATE TABLE IF NOT EXISTS commit_marks (
    node VARCHAR(64)   NOT NULL PRIMARY KEY,
    mark VARBINARY(16) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;

-- Who counts rows before adding one writes here first, so that two nodes cannot both find room for the last.
CREATE TABLE IF NOT EXISTS turns (
    name  VARCHAR(64) NOT NULL PRIMARY KEY,
    taken BIGINT      NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_nopad_bin;
INSERT IGNORE INTO turns (name, taken) VALUES ('requests', 0), ('replacements', 0);

-- Until then the node that opened a transaction, or took it over, works on it; NULL: nobody does.
ALTER TABLE transactions ADD COLUMN IF NOT EXISTS worked_until BIGINT;
