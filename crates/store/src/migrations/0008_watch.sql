-- Activations that begin and end, alerts, and what the org was found to hold. Times are UTC milliseconds.
-- An older app cannot open a file that has seen this.

-- How many starts and ends of activations had come.
ALTER TABLE replications ADD COLUMN considered_periods INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN periods INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN periods INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN periods INTEGER NOT NULL DEFAULT 0;

-- What someone should know of. A second one of the same is counted on the first until that was seen.
CREATE TABLE alerts (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  kind           TEXT NOT NULL CHECK (kind IN (
                   'finished','partly_failed','failed','late','sign_in_lost','api_low','score_reached')),
  replication_id INTEGER REFERENCES replications (id) ON DELETE CASCADE,
  score_id       INTEGER REFERENCES scores (id) ON DELETE CASCADE,
  contact_id     INTEGER REFERENCES contacts (id) ON DELETE SET NULL,   -- the first of them
  run_id         INTEGER,
  message        TEXT NOT NULL,
  times          INTEGER NOT NULL,   -- how often; contacts where a score was reached
  at             INTEGER NOT NULL,
  told_at        INTEGER,            -- shown on the desktop
  seen_at        INTEGER,
  CHECK ((replication_id IS NULL) <> (score_id IS NULL))
) STRICT;
CREATE INDEX alerts_unseen ON alerts (kind) WHERE seen_at IS NULL;

-- Points at which a contact is told of.
ALTER TABLE scores ADD COLUMN notify_at INTEGER;

-- What the org was found to hold when it was asked last.
CREATE TABLE reconciliations (
  replication_id INTEGER PRIMARY KEY REFERENCES replications (id) ON DELETE CASCADE,
  at             INTEGER NOT NULL,
  calls          INTEGER NOT NULL,
  records        INTEGER,              -- read back; none where records were only counted
  counts         TEXT NOT NULL CHECK (json_valid(counts))
) STRICT;
CREATE TABLE differences (
  replication_id INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  contact_id     INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  target         TEXT NOT NULL,        -- the field; empty where the record is gone
  sent           TEXT,                 -- what we sent last
  held           TEXT,                 -- what the org has instead
  PRIMARY KEY (replication_id, contact_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX differences_by_contact ON differences (contact_id);
