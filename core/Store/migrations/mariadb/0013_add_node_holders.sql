-- Who writes under a node's name: every transaction of a node proves that it is still its process that does.
ALTER TABLE commit_marks ADD COLUMN IF NOT EXISTS holder VARBINARY(16) NOT NULL DEFAULT '';  -- empty: nobody
ALTER TABLE commit_marks ADD COLUMN IF NOT EXISTS member VARCHAR(64)   NOT NULL DEFAULT '';  -- the member of a Galera cluster that the holder is connected to
