-- The last transaction that a node's process committed: how it finds out what became of a commit whose answer was lost.
CREATE TABLE commit_marks (
    node TEXT NOT NULL PRIMARY KEY,
    mark BLOB NOT NULL
) WITHOUT ROWID;

-- Who counts rows before adding one writes here first, so that two nodes cannot both find room for the last.
CREATE TABLE turns (
    name  TEXT    NOT NULL PRIMARY KEY,
    taken INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO turns (name, taken) VALUES ('requests', 0), ('replacements', 0);

-- Until then the node that opened a transaction, or took it over, works on it; NULL: nobody does.
ALTER TABLE transactions ADD COLUMN worked_until INTEGER;
