-- Nothing that an older app reads has changed.

-- What the org's fields were before they changed, until the user has seen what that means for her mapping.
CREATE TABLE former_describes (
  replication_id INTEGER PRIMARY KEY REFERENCES replications (id) ON DELETE CASCADE,
  connection_id  INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  body           TEXT NOT NULL,      -- the org's JSON at the last time when nothing was left unseen
  at             INTEGER NOT NULL    -- when the first change since was noticed, UTC milliseconds
) STRICT;
