-- Who writes under a node's name: every transaction of a node proves that it is still its process that does.
ALTER TABLE commit_marks ADD COLUMN holder BYTEA NOT NULL DEFAULT '';             -- empty: nobody
ALTER TABLE commit_marks ADD COLUMN member TEXT COLLATE "C" NOT NULL DEFAULT '';  -- the member of a Galera cluster that the holder is connected to
