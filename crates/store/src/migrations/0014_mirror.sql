-- Records that pulls bring from orgs. An older app cannot open a file that has seen this migration.
-- Each object has a table of its own, `mirror_<id>`, made at run time; see mirror/tables.rs. These two say which there are.
CREATE TABLE mirror_objects (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id      TEXT NOT NULL,           -- 18 characters
  object      TEXT NOT NULL COLLATE NOCASE,   -- API name
  label       TEXT NOT NULL,
  key_prefix  TEXT,                    -- how the ids of its records begin
  created_at  INTEGER NOT NULL,
  UNIQUE (org_id, object)
) STRICT;
CREATE TABLE mirror_fields (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,   -- the column is f_<id>
  mirror_id    INTEGER NOT NULL REFERENCES mirror_objects (id) ON DELETE CASCADE,
  name         TEXT NOT NULL COLLATE NOCASE,        -- API name
  label        TEXT NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('text','number','whole','yes_no','date','date_time')),
  type         TEXT NOT NULL,          -- the org's own word
  reference_to TEXT NOT NULL DEFAULT '',            -- objects that a reference can point to, one blank between two
  formula      INTEGER NOT NULL DEFAULT 0 CHECK (formula IN (0,1)),
  gone_at      INTEGER,                -- when the org was seen to have it no more
  UNIQUE (mirror_id, name)
) STRICT;

CREATE TABLE pulls (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  enabled       INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0,1)),
  settings      TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings)),   -- schedule, reserve of calls
  created_at    INTEGER NOT NULL
) STRICT;
CREATE TABLE pull_objects (
  pull_id      INTEGER NOT NULL REFERENCES pulls (id) ON DELETE CASCADE,
  object       TEXT NOT NULL COLLATE NOCASE,
  fields       TEXT CHECK (json_valid(fields)),     -- API names; none: what is usual
  filter       TEXT CHECK (json_valid(filter)),     -- criteria as of a search
  -- How far it is read. Stamps are the org's, UTC milliseconds.
  asked        TEXT,                   -- what the query asked for: another one begins anew
  watermark    INTEGER,                -- the greatest stamp of a reading that came to its end
  reached_at   INTEGER,                -- when that stamp was first read, by our clock
  settled      INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0,1)),   -- nothing can commit behind the watermark any more
  whole_at     INTEGER,                -- when it was last read whole, by our clock
  pass         INTEGER NOT NULL DEFAULT 0,          -- grows with each reading that sees every record
  -- A reading under way; it goes on after these.
  under_way    INTEGER NOT NULL DEFAULT 0 CHECK (under_way IN (0,1)),
  whole        INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0,1)),
  begun_at     INTEGER,                -- by our clock
  floor        INTEGER,                -- the least stamp at which it went on after a break
  cursor_stamp INTEGER,
  cursor_id    TEXT,
  PRIMARY KEY (pull_id, object)
) STRICT;
CREATE TABLE pull_runs (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  pull_id    INTEGER NOT NULL REFERENCES pulls (id) ON DELETE CASCADE,
  state      TEXT NOT NULL CHECK (state IN ('running','finished','stopped','cancelled','interrupted')),
  reason     TEXT,                     -- why it stopped
  calls      INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL,
  ended_at   INTEGER,
  CHECK ((state = 'running') = (ended_at IS NULL))
) STRICT;
CREATE INDEX pull_runs_by_pull ON pull_runs (pull_id, id);
CREATE TABLE pull_run_objects (
  run_id    INTEGER NOT NULL REFERENCES pull_runs (id) ON DELETE CASCADE,
  object    TEXT NOT NULL,
  read      INTEGER NOT NULL DEFAULT 0,
  new       INTEGER NOT NULL DEFAULT 0,
  changed   INTEGER NOT NULL DEFAULT 0,
  deleted   INTEGER NOT NULL DEFAULT 0,
  gone      INTEGER NOT NULL DEFAULT 0,
  calls     INTEGER NOT NULL DEFAULT 0,
  in_org    INTEGER,                   -- live records by the org's own count
  in_mirror INTEGER,
  notes     TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),   -- what the user should know
  PRIMARY KEY (run_id, object)
) STRICT, WITHOUT ROWID;
