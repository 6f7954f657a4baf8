-- The last transaction that a node's process committed: how it finds out what became of a commit whose answer was lost.
CREATE TABLE commit_marks (
    node TEXT  COLLATE "C" NOT NULL PRIMARY KEY,
    mark BYTEA NOT NULL
);

-- Who counts rows before adding one writes here first, so that two nodes cannot both find room for the last.
CREATE TABLE turns (
    name  TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    taken BIGINT NOT NULL
);
INSERT INTO turns (name, taken) VALUES ('requests', 0), ('replacements', 0);

-- Until then the node that opened a transaction, or took it over, works on it; NULL: nobody does.
ALTER TABLE transactions ADD COLUMN worked_until BIGINT;
