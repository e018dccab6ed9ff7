-- The first released schema. An older app cannot open a file that has seen a later migration.
-- Times are UTC milliseconds unless a comment says otherwise; yes/no is 1/0; ids are never reused.

CREATE TABLE settings (
  key   TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: the workspace-wide sequence number that stamps every change which can alter what would be sent.
CREATE TABLE sequence (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  value INTEGER NOT NULL
) STRICT;
INSERT INTO sequence (id, value) VALUES (1, 0);

CREATE TABLE custom_fields (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,   -- the contact's column is c_<id>
  name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
  kind       TEXT NOT NULL CHECK (kind IN ('text','long_text','integer','long_integer','decimal','float','yes_no','date','date_time')),
  scale      INTEGER NOT NULL DEFAULT 0 CHECK (scale BETWEEN 0 AND 18),   -- digits after the point, decimals only
  indexed    INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0,1)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE contacts (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  guid           TEXT NOT NULL UNIQUE CHECK (length(guid) = 32),   -- 32 lower-case hex digits: the identifier's value in Salesforce
  salutation     TEXT,
  first_name     TEXT,
  middle_name    TEXT,
  last_name      TEXT,
  suffix         TEXT,
  email          TEXT,
  email_key      TEXT,               -- e-mail trimmed and lower-cased: what equality means
  email_2        TEXT,
  job_title      TEXT,
  department     TEXT,
  company_name   TEXT,
  website        TEXT,
  business_phone TEXT,
  mobile_phone   TEXT,
  home_phone     TEXT,
  fax            TEXT,
  address_line1  TEXT,
  address_line2  TEXT,
  city           TEXT,
  state          TEXT,               -- ISO 3166-2 code such as US-CA, else the text as it came
  postal_code    TEXT,
  country        TEXT,               -- ISO 3166-1 alpha-2 code, else the text as it came
  birthday       TEXT CHECK (birthday IS NULL OR birthday GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  gender         TEXT,
  language       TEXT,
  source         TEXT,
  campaign       TEXT,
  status         TEXT,
  owner          TEXT,
  notes          TEXT,
  do_not_send    INTEGER NOT NULL DEFAULT 0 CHECK (do_not_send IN (0,1)),
  created_at     INTEGER NOT NULL,
  changed_at     INTEGER NOT NULL,
  seq            INTEGER NOT NULL,   -- sequence number of the last change that can alter what is sent
  deleted_at     INTEGER,            -- tombstone, or erased by undo's end
  merged_into    INTEGER REFERENCES contacts (id),   -- the survivor; this row's guid is its alias
  import_id      INTEGER REFERENCES imports (id)     -- the import that created it
) STRICT;
CREATE INDEX contacts_by_email ON contacts (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX contacts_by_email_2 ON contacts (email_2) WHERE email_2 IS NOT NULL;
CREATE INDEX contacts_by_seq ON contacts (seq);
CREATE INDEX contacts_by_survivor ON contacts (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contacts_by_import ON contacts (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX contacts_deleted ON contacts (id) WHERE deleted_at IS NOT NULL;

CREATE VIRTUAL TABLE contacts_search USING fts5 (
  first_name, last_name, email, company_name,
  content = 'contacts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
-- New contacts are indexed by one statement at the end of their transaction: a trigger would write the search index
-- to disk row by row. Erasing builds it anew.
CREATE TRIGGER contacts_search_delete AFTER DELETE ON contacts BEGIN
  INSERT INTO contacts_search (contacts_search, rowid, first_name, last_name, email, company_name)
  VALUES ('delete', old.id, old.first_name, old.last_name, old.email, old.company_name);
END;
CREATE TRIGGER contacts_search_update AFTER UPDATE OF first_name, last_name, email, company_name ON contacts BEGIN
  INSERT INTO contacts_search (contacts_search, rowid, first_name, last_name, email, company_name)
  VALUES ('delete', old.id, old.first_name, old.last_name, old.email, old.company_name);
  INSERT INTO contacts_search (rowid, first_name, last_name, email, company_name)
  VALUES (new.id, new.first_name, new.last_name, new.email, new.company_name);
END;

CREATE TABLE accounts (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,         -- trimmed and lower-cased
  website     TEXT,
  phone       TEXT,
  street      TEXT,
  city        TEXT,
  state       TEXT,
  postal_code TEXT,
  country     TEXT,
  industry    TEXT,
  notes       TEXT,
  created_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  import_id   INTEGER REFERENCES imports (id)
) STRICT;
CREATE INDEX accounts_by_name ON accounts (name_key);

CREATE TABLE account_contacts (
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  role       TEXT NOT NULL CHECK (role IN ('primary','secondary','regular')),
  since      INTEGER NOT NULL,
  PRIMARY KEY (contact_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_contacts_by_account ON account_contacts (account_id, role);

CREATE TABLE scores (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT NOT NULL UNIQUE COLLATE NOCASE,
  description    TEXT NOT NULL DEFAULT '',
  enabled        INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0,1)),
  rules          TEXT NOT NULL CHECK (json_valid(rules)),
  calculated_seq INTEGER NOT NULL DEFAULT 0,   -- contacts stamped later have stale points
  calculated_at  INTEGER,
  created_at     INTEGER NOT NULL
) STRICT;

-- Contacts without a row have 0 points.
CREATE TABLE score_points (
  score_id   INTEGER NOT NULL REFERENCES scores (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  points     INTEGER NOT NULL,
  PRIMARY KEY (score_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX score_points_by_contact ON score_points (contact_id);
CREATE INDEX score_points_by_points ON score_points (score_id, points);

CREATE TABLE connections (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  flow          TEXT NOT NULL CHECK (flow IN ('practice','browser','client_credentials')),
  host          TEXT,                -- login host as a URL; none for the practice org
  client_id     TEXT,
  callback_port INTEGER,
  has_secret    INTEGER NOT NULL DEFAULT 0 CHECK (has_secret IN (0,1)),
  vault         TEXT CHECK (vault IN ('keychain','file')),   -- where the secrets of this connection are
  org_id        TEXT,                -- 18 characters; bound at the first sign-in
  org_name      TEXT,
  edition       TEXT,
  sandbox       INTEGER CHECK (sandbox IN (0,1)),
  user_id       TEXT,
  username      TEXT,
  instance_url  TEXT,
  api_version   INTEGER,
  api_used      INTEGER,             -- calls used of the 24-hour allowance when last seen
  api_max       INTEGER,
  api_seen_at   INTEGER,
  signed_in_at  INTEGER,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE describes (
  connection_id INTEGER NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  object        TEXT NOT NULL,
  version       INTEGER NOT NULL,    -- grows when the body differs from the one before
  last_modified TEXT,                -- HTTP date as the org sent it
  fetched_at    INTEGER NOT NULL,
  body          TEXT NOT NULL,
  PRIMARY KEY (connection_id, object)
) STRICT;

CREATE TABLE replications (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  name             TEXT NOT NULL UNIQUE COLLATE NOCASE,
  object           TEXT NOT NULL CHECK (object IN ('Lead','Contact')),
  connection_id    INTEGER REFERENCES connections (id),
  enabled          INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0,1)),
  score_id         INTEGER REFERENCES scores (id),
  minimum          INTEGER,          -- points that mark a contact; with score_id only
  settings         TEXT NOT NULL CHECK (json_valid(settings)),
  settings_version INTEGER NOT NULL DEFAULT 1,
  mapping_version  INTEGER NOT NULL DEFAULT 1,
  -- What the last complete pass over the contacts considered; contacts stamped later are to be considered again.
  considered_seq      INTEGER NOT NULL DEFAULT 0,
  considered_settings INTEGER NOT NULL DEFAULT 0,
  considered_mapping  INTEGER NOT NULL DEFAULT 0,
  considered_describe INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  CHECK ((score_id IS NULL) = (minimum IS NULL))
) STRICT;

CREATE TABLE replication_settings (
  replication_id INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  version        INTEGER NOT NULL,
  settings       TEXT NOT NULL CHECK (json_valid(settings)),
  at             INTEGER NOT NULL,
  PRIMARY KEY (replication_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE mappings (
  replication_id INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  version        INTEGER NOT NULL,
  body           TEXT NOT NULL,      -- the mapping as text, one row a line
  frozen         INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0,1)),   -- a run has used it
  at             INTEGER NOT NULL,
  PRIMARY KEY (replication_id, version)
) STRICT, WITHOUT ROWID;

-- Set when the points reach the replication's minimum; stays when they fall.
CREATE TABLE marks (
  replication_id INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  contact_id     INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  at             INTEGER NOT NULL,
  points         INTEGER NOT NULL,
  PRIMARY KEY (replication_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX marks_by_contact ON marks (contact_id);

CREATE TABLE links (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  org_id     TEXT NOT NULL,
  object     TEXT NOT NULL,
  record_id  TEXT NOT NULL,          -- 18 characters
  identifier TEXT,                   -- our guid that the record holds, where we know that it holds one
  state      TEXT NOT NULL DEFAULT 'linked' CHECK (state IN ('linked','deleted','converted')),
  how        TEXT NOT NULL CHECK (how IN ('created','identifier','email','hand','followed')),
  sent       TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(sent)),   -- target field -> hash of the value sent last
  sent_at    INTEGER,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (org_id, record_id),
  UNIQUE (contact_id, org_id, object)
) STRICT;

-- One entry per replication and contact ever selected: intent and state, no values.
CREATE TABLE queue (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  replication_id   INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  contact_id       INTEGER NOT NULL REFERENCES contacts (id),
  state            TEXT NOT NULL CHECK (state IN ('pending','sending','done','blocked','given_up','withdrawn','held')),
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
  UNIQUE (replication_id, contact_id),
  CHECK ((state = 'sending') = (batch_id IS NOT NULL)),
  CHECK (state NOT IN ('blocked','given_up') OR code IS NOT NULL)
) STRICT;
CREATE INDEX queue_by_state ON queue (replication_id, state, due_at);
CREATE INDEX queue_by_contact ON queue (contact_id);
CREATE INDEX queue_by_batch ON queue (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE runs (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  replication_id   INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  connection_id    INTEGER NOT NULL,
  org_id           TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('running','finished','stopped','cancelled','interrupted')),
  settings_version INTEGER NOT NULL,
  mapping_version  INTEGER NOT NULL,
  describe_version INTEGER NOT NULL,
  planned          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(planned)),   -- the plan's counts
  unchanged        INTEGER NOT NULL DEFAULT 0,
  withdrawn        INTEGER NOT NULL DEFAULT 0,
  calls            INTEGER NOT NULL DEFAULT 0,
  calls_left       INTEGER,
  bytes_sent       INTEGER NOT NULL DEFAULT 0,
  reason           TEXT,             -- why it stopped
  started_at       INTEGER NOT NULL,
  ended_at         INTEGER,
  CHECK ((state = 'running') = (ended_at IS NULL))
) STRICT;
CREATE INDEX runs_by_replication ON runs (replication_id, id);

-- What a run decided about a contact without sending: newly blocked.
CREATE TABLE run_blocks (
  run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  code       TEXT NOT NULL,
  message    TEXT NOT NULL,
  PRIMARY KEY (run_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_blocks_by_contact ON run_blocks (contact_id);

CREATE TABLE batches (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id            INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  replication_id    INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  org_id            TEXT NOT NULL,
  object            TEXT NOT NULL,
  operation         TEXT NOT NULL CHECK (operation IN ('update','upsert')),
  identifier_field  TEXT,
  assignment        INTEGER NOT NULL CHECK (assignment IN (0,1)),         -- assignment rules run
  allow_duplicates  INTEGER NOT NULL CHECK (allow_duplicates IN (0,1)),
  state             TEXT NOT NULL CHECK (state IN ('prepared','answered','unknown','split')),
  split_from        INTEGER REFERENCES batches (id),
  prepared_at       INTEGER NOT NULL,
  settled_at        INTEGER,
  read_back_at      INTEGER,         -- when an unknown batch's rows are to be read back once more
  CHECK ((operation = 'upsert') = (identifier_field IS NOT NULL)),
  CHECK ((state IN ('answered','split')) = (settled_at IS NOT NULL))
) STRICT;
CREATE INDEX batches_open ON batches (org_id, state) WHERE state IN ('prepared','unknown');
CREATE INDEX batches_to_read_back ON batches (read_back_at) WHERE read_back_at IS NOT NULL;
CREATE INDEX batches_by_run ON batches (run_id);

-- The payloads, stored once: what the request held and what came back.
CREATE TABLE batch_rows (
  batch_id   INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  queue_id   INTEGER NOT NULL REFERENCES queue (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  guid       TEXT NOT NULL,          -- the identifier's value sent, or that would be
  record_id  TEXT,                   -- the record updated, or that came of the upsert
  how        TEXT NOT NULL CHECK (how IN ('new','identifier','email','linked')),   -- how the record was found
  stamps     INTEGER NOT NULL DEFAULT 0 CHECK (stamps IN (0,1)),   -- the identifier is written with it
  seq        INTEGER NOT NULL,       -- the contact's sequence number that the payload was built from
  payload    TEXT NOT NULL,          -- JSON object of the fields sent; emptied when history is thinned
  hashes     TEXT NOT NULL,          -- JSON: target field -> hash
  old_values TEXT,                   -- JSON: what the org held before, where read
  outcome    TEXT CHECK (outcome IN ('created','updated','refused','retry','lost')),
  errors     TEXT CHECK (errors IS NULL OR json_valid(errors)),   -- what the org answered, row by row
  PRIMARY KEY (batch_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_rows_by_contact ON batch_rows (contact_id);
CREATE INDEX batch_rows_by_queue ON batch_rows (queue_id);

CREATE TABLE plans (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  replication_id   INTEGER NOT NULL REFERENCES replications (id) ON DELETE CASCADE,
  seq              INTEGER NOT NULL,  -- sequence number it was made at
  settings_version INTEGER NOT NULL,
  mapping_version  INTEGER NOT NULL,
  describe_version INTEGER NOT NULL,
  matched          INTEGER NOT NULL CHECK (matched IN (0,1)),
  complete         INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0,1)),
  counts           TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts)),
  made_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX plans_by_replication ON plans (replication_id, id);

CREATE TABLE plan_rows (
  plan_id    INTEGER NOT NULL REFERENCES plans (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL,       -- no reference, which would cost an index over every plan
  decision   TEXT NOT NULL CHECK (decision IN ('create','update','match_pending','blocked')),
  record_id  TEXT,
  code       TEXT,
  message    TEXT,
  detail     TEXT CHECK (detail IS NULL OR json_valid(detail)),   -- candidates; what would be cut
  PRIMARY KEY (plan_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_rows_by_decision ON plan_rows (plan_id, decision);

CREATE TABLE imports (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  file_name    TEXT NOT NULL,
  file_hash    TEXT NOT NULL,        -- SHA-256 in hex of the whole file
  options      TEXT NOT NULL CHECK (json_valid(options)),
  state        TEXT NOT NULL CHECK (state IN ('running','finished','undone')),
  committed_row INTEGER NOT NULL DEFAULT 0,   -- data rows taken in for good, faulty ones included
  created      INTEGER NOT NULL DEFAULT 0,
  updated      INTEGER NOT NULL DEFAULT 0,
  unchanged    INTEGER NOT NULL DEFAULT 0,
  skipped      INTEGER NOT NULL DEFAULT 0,
  faulty       INTEGER NOT NULL DEFAULT 0,
  errors_file  TEXT,
  errors_bytes INTEGER NOT NULL DEFAULT 0,    -- length of the errors file that belongs to committed_row
  started_at   INTEGER NOT NULL,
  ended_at     INTEGER
) STRICT;
CREATE INDEX imports_by_hash ON imports (file_hash);

-- Acts that can be taken back for 30 days, and what stood there before.
CREATE TABLE acts (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  kind      TEXT NOT NULL CHECK (kind IN ('delete','merge','bulk_edit','import')),
  summary   TEXT NOT NULL,
  import_id INTEGER REFERENCES imports (id),
  at        INTEGER NOT NULL,
  undone_at INTEGER
) STRICT;
CREATE INDEX acts_by_import ON acts (import_id) WHERE import_id IS NOT NULL;
CREATE TABLE act_contacts (
  act_id     INTEGER NOT NULL REFERENCES acts (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  before     TEXT NOT NULL CHECK (json_valid(before)),
  after_seq  INTEGER NOT NULL,       -- the contact's sequence number right after the act
  PRIMARY KEY (act_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX act_contacts_by_contact ON act_contacts (contact_id);
-- Saved searches. An older app cannot open a file that has seen this migration.
CREATE TABLE searches (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  connection_id INTEGER REFERENCES connections (id) ON DELETE SET NULL,   -- none: wherever the user is
  object        TEXT NOT NULL,
  body          TEXT NOT NULL CHECK (json_valid(body)),   -- criteria, words, columns and order
  created_at    INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL
) STRICT;
