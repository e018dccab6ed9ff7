-- What came of the rows of an answered batch, counted once: a run of a million rows is then counted over its batches.
-- An older app can not open a file that has seen this.
CREATE TABLE batch_tallies (
  batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  outcome  TEXT NOT NULL,            -- as in batch_rows; empty where there was no answer
  code     TEXT NOT NULL,            -- the first error's code; empty where there was none
  rows     INTEGER NOT NULL,
  PRIMARY KEY (batch_id, outcome, code)
) STRICT, WITHOUT ROWID;
INSERT INTO batch_tallies (batch_id, outcome, code, rows)
SELECT t.id, coalesce(b.outcome, ''), coalesce(b.errors ->> '$[0].code', ''), count(*)
FROM batches t JOIN batch_rows b ON b.batch_id = t.id WHERE t.state = 'answered' GROUP BY 1, 2, 3;

-- Few contacts may not be sent; the others are counted without visiting them.
CREATE INDEX contacts_not_sent ON contacts (id) WHERE do_not_send = 1 AND deleted_at IS NULL;

CREATE INDEX run_blocks_by_code ON run_blocks (run_id, code);
CREATE INDEX queue_by_code ON queue (replication_id, code) WHERE code IS NOT NULL;

-- Why a run stopped, in one word, and what to do about it; for those of before only the reason is known.
ALTER TABLE runs ADD COLUMN stop_kind TEXT;
ALTER TABLE runs ADD COLUMN cure TEXT;
