-- What pictures are drawn from, kept where it arises: no picture reads payloads, or every contact.
-- An older app cannot open a file that has seen this.

-- How many rows of a batch the org created, updated, and refused for good; true once the batch is answered.
ALTER TABLE batches ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
UPDATE batches SET (created, updated, refused) = (
  SELECT count(*) FILTER (WHERE r.outcome = 'created'), count(*) FILTER (WHERE r.outcome = 'updated'),
         count(*) FILTER (WHERE r.outcome IN ('refused', 'lost'))
  FROM batch_rows r WHERE r.batch_id = batches.id);
CREATE INDEX batches_by_time ON batches (settled_at, created, updated, refused) WHERE settled_at IS NOT NULL;

CREATE INDEX queue_by_cause ON queue (replication_id, state, code) WHERE code IS NOT NULL;

-- How many calls were made, and what the org said about all calls of the last 24 hours. Kept for eight days.
CREATE TABLE api_readings (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  at            INTEGER NOT NULL,
  calls         INTEGER NOT NULL,    -- ours since our reading before
  used          INTEGER,             -- everybody's within 24 hours; none where the org did not say
  max           INTEGER
) STRICT;
CREATE INDEX api_readings_by_time ON api_readings (connection_id, at);
