-- What comes back from Salesforce into contacts, and pulls that run by themselves. An older app cannot open a file that has
-- seen this migration.

ALTER TABLE pull_objects ADD COLUMN inbound TEXT;      -- rows of the inbound mapping as text; none: what is usual
ALTER TABLE pull_objects ADD COLUMN newcomers TEXT CHECK (json_valid(newcomers));   -- whom to bring in; none: nobody
ALTER TABLE pulls ADD COLUMN set_at INTEGER NOT NULL DEFAULT 0;   -- when the schedule was set, UTC milliseconds

-- Per field of the record: hashes of what both sides had when they last agreed.
ALTER TABLE links ADD COLUMN agreed TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(agreed));
-- When the record was last compared with the contact, UTC milliseconds; none: it has to be.
ALTER TABLE links ADD COLUMN looked_at INTEGER;
CREATE INDEX links_to_look_at ON links (org_id, object, id) WHERE looked_at IS NULL;

-- Fields that were changed on both sides and wait for someone to choose.
CREATE TABLE conflicts (
  link_id    INTEGER NOT NULL REFERENCES links (id) ON DELETE CASCADE,
  field      TEXT NOT NULL COLLATE NOCASE,   -- API name
  agreed     TEXT,                 -- the last value that both sides had, where it is known
  found_at   INTEGER NOT NULL,     -- UTC milliseconds
  PRIMARY KEY (link_id, field)
) STRICT, WITHOUT ROWID;

-- Alerts of pulls.
CREATE TABLE alerts_anew (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  kind           TEXT NOT NULL CHECK (kind IN (
                   'finished','partly_failed','failed','late','sign_in_lost','api_low','score_reached')),
  replication_id INTEGER REFERENCES replications (id) ON DELETE CASCADE,
  score_id       INTEGER REFERENCES scores (id) ON DELETE CASCADE,
  pull_id        INTEGER REFERENCES pulls (id) ON DELETE CASCADE,
  contact_id     INTEGER REFERENCES contacts (id) ON DELETE SET NULL,   -- the first of them
  run_id         INTEGER,
  message        TEXT NOT NULL,
  times          INTEGER NOT NULL,   -- how often; contacts where a score was reached
  at             INTEGER NOT NULL,
  told_at        INTEGER,            -- shown on the desktop
  seen_at        INTEGER,
  CHECK ((replication_id IS NOT NULL) + (score_id IS NOT NULL) + (pull_id IS NOT NULL) = 1)
) STRICT;
INSERT INTO alerts_anew (id, kind, replication_id, score_id, contact_id, run_id, message, times, at, told_at, seen_at)
SELECT id, kind, replication_id, score_id, contact_id, run_id, message, times, at, told_at, seen_at FROM alerts;
DROP TABLE alerts;
ALTER TABLE alerts_anew RENAME TO alerts;
CREATE INDEX alerts_unseen ON alerts (kind) WHERE seen_at IS NULL;
