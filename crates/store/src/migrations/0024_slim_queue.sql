-- An entry of the queue is written three times on its way, and each time its places in the indexes are, too. Two indexes that begin
-- with the contact are one now, those under way stand in no list of their state (their batch leads to them), and no number
-- is drawn from a counter: an entry that is gone is in no request any more.
CREATE TABLE queue_anew (
  id               INTEGER PRIMARY KEY,
  replication_id   INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  contact_id       INTEGER NOT NULL REFERENCES contacts (id),
  state            TEXT NOT NULL CHECK (state = 'pending' OR state = 'sending' OR state = 'done' OR state = 'blocked' OR state = 'given_up' OR state = 'withdrawn' OR state = 'held'),
  batch_id         INTEGER REFERENCES batches (id),
  due_at           INTEGER NOT NULL DEFAULT 0,
  attempts         INTEGER NOT NULL DEFAULT 0,
  seq              INTEGER NOT NULL,   -- sequence number of the contact when last considered
  settings_version INTEGER NOT NULL,
  mapping_version  INTEGER NOT NULL,
  describe_version INTEGER NOT NULL,
  sent_at          INTEGER,            -- the last success of this replication
  create_anyway    INTEGER NOT NULL DEFAULT 0 CHECK (create_anyway IN (0,1)),
  code             TEXT,               -- why it is blocked, given up or tried again
  message          TEXT,
  detail           TEXT CHECK (detail IS NULL OR json_valid(detail)),   -- candidates, fields
  since            INTEGER NOT NULL,   -- when this state began
  periods          INTEGER NOT NULL DEFAULT 0,
  UNIQUE (contact_id, replication_id),
  CHECK ((state = 'sending') = (batch_id IS NOT NULL)),
  CHECK (code IS NOT NULL OR (state <> 'blocked' AND state <> 'given_up'))
) STRICT;
INSERT INTO queue_anew (id, replication_id, contact_id, state, batch_id, due_at, attempts, seq, settings_version, mapping_version,
  describe_version, sent_at, create_anyway, code, message, detail, since, periods)
SELECT id, replication_id, contact_id, state, batch_id, due_at, attempts, seq, settings_version, mapping_version,
  describe_version, sent_at, create_anyway, code, message, detail, since, periods FROM queue ORDER BY id;
DROP TABLE queue;
ALTER TABLE queue_anew RENAME TO queue;
CREATE INDEX queue_by_state ON queue (replication_id, state, due_at) WHERE state <> 'sending';
CREATE INDEX queue_by_batch ON queue (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX queue_by_code ON queue (replication_id, code) WHERE code IS NOT NULL;
CREATE INDEX queue_by_cause ON queue (replication_id, state, code) WHERE code IS NOT NULL;
