-- Runs that undo another run, and what undoing a run does to each of its records.
-- An older app cannot open a file that has seen this.
ALTER TABLE runs ADD COLUMN undoes INTEGER REFERENCES runs (id) ON DELETE CASCADE;
CREATE INDEX runs_by_undone ON runs (undoes) WHERE undoes IS NOT NULL;

CREATE TABLE undo_rows (
  run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,   -- the run that is undone
  contact_id INTEGER NOT NULL REFERENCES contacts (id),                 -- as it was when the run sent it
  record_id  TEXT NOT NULL,
  -- What is planned, what is on its way to the org, what was done, and what is left alone.
  state      TEXT NOT NULL CHECK (state IN ('delete','restore','deleting','restoring','deleted','restored','skipped')),
  fields     TEXT NOT NULL CHECK (json_valid(fields)),   -- field by field: sent, before, held now, why not
  modified   INTEGER,             -- when the org changed the record last, as it was read; UTC milliseconds of the org
  read_at    INTEGER NOT NULL,    -- when that was read first; UTC milliseconds
  attempts   INTEGER NOT NULL DEFAULT 0,
  code       TEXT,                -- why it is skipped
  message    TEXT,
  undone_by  INTEGER REFERENCES runs (id) ON DELETE SET NULL,           -- the run that undid it
  done_at    INTEGER,
  PRIMARY KEY (run_id, contact_id, record_id),
  CHECK ((state = 'skipped') = (code IS NOT NULL)),
  CHECK ((state IN ('deleted','restored')) = (done_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX undo_rows_by_state ON undo_rows (run_id, state, contact_id);
CREATE INDEX undo_rows_by_contact ON undo_rows (contact_id);
CREATE INDEX undo_rows_by_undoer ON undo_rows (undone_by, state) WHERE undone_by IS NOT NULL;

-- Scheduled runs wait for someone since this run; and someone has let them go on after this run.
ALTER TABLE replications ADD COLUMN brake_held_run INTEGER;
ALTER TABLE replications ADD COLUMN brake_reason TEXT;
ALTER TABLE replications ADD COLUMN brake_released_run INTEGER;
