-- Batches that go to the org together, in the file of a job of Bulk API 2.0. An older app cannot open the file afterwards: it would
-- send again what a job holds.

CREATE TABLE bulk_jobs (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id           INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  org_id           TEXT NOT NULL,
  object           TEXT NOT NULL,
  operation        TEXT NOT NULL CHECK (operation IN ('update', 'upsert')),
  identifier_field TEXT,
  state            TEXT NOT NULL DEFAULT 'gathering'
                   CHECK (state IN ('gathering', 'creating', 'open', 'processing', 'complete', 'aborted', 'failed', 'gone', 'withdrawn')),
  job_id           TEXT CHECK (length(job_id) = 18),   -- in the org; known before the file leaves
  rows             INTEGER NOT NULL DEFAULT 0,
  processed        INTEGER NOT NULL DEFAULT 0,         -- rows that the org has looked at, as it told last
  failed           INTEGER NOT NULL DEFAULT 0,         -- rows that it has refused
  message          TEXT,                               -- the org's words about why it failed
  created_at       INTEGER,                            -- when it was about to be created in the org, UTC milliseconds
  ended_at         INTEGER,                            -- UTC milliseconds
  CHECK ((operation = 'upsert') = (identifier_field IS NOT NULL)),
  CHECK ((ended_at IS NOT NULL) = (state IN ('complete', 'aborted', 'failed', 'gone', 'withdrawn'))),
  CHECK (job_id IS NOT NULL OR state IN ('gathering', 'creating', 'withdrawn'))
) STRICT;

CREATE INDEX bulk_jobs_open ON bulk_jobs (org_id) WHERE ended_at IS NULL;
CREATE INDEX bulk_jobs_run ON bulk_jobs (run_id);

ALTER TABLE batches ADD COLUMN bulk_job INTEGER REFERENCES bulk_jobs (id) ON DELETE SET NULL;   -- the job that it went with
CREATE INDEX batches_bulk_job ON batches (bulk_job) WHERE bulk_job IS NOT NULL;
